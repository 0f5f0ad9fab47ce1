"""What has happened: cases and the elements that they visited."""

from datetime import timedelta
from typing import Any

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.model import VirtualClock


def test_it_lists_the_elements_that_a_case_has_visited_in_their_order(
    start: Any, task_of: Any, li_na: Any, clock: VirtualClock
) -> None:
    case = start()
    key = task_of(case["id"])["id"]
    clock.advance(timedelta(minutes=90))
    li_na.post(f"/task/{key}/complete")

    found = li_na.get("/history/activity-instance", processInstanceId=case["id"]).json

    assert [(one["activityId"], one["activityType"]) for one in found] == [
        ("received", "startEvent"),
        ("answer", "userTask"),
        ("answered", "noneEndEvent"),
    ]
    answer = found[1]
    assert answer["id"] == answer["taskId"] == key
    assert answer["assignee"] == "li_na"
    assert answer["startTime"] == "2026-02-13T16:00:00.000+0800"
    assert answer["endTime"] == "2026-02-13T17:30:00.000+0800"
    assert answer["durationInMillis"] == 90 * 60 * 1000
    assert answer["canceled"] is False
    assert answer["activityName"] == "答复客户"
    assert answer["processDefinitionId"] == case["definitionId"]
    assert answer["processDefinitionKey"] == "answering"


def test_it_lists_a_boundary_event_once_it_has_fired(
    start: Any, li_na: Any, engine: Engine, clock: VirtualClock
) -> None:
    case = start()

    def timers() -> list[Any]:
        return list(
            li_na.get(
                "/history/activity-instance", processInstanceId=case["id"], activityType="boundaryTimer"
            ).json
        )

    before = timers()
    clock.advance(timedelta(hours=24, seconds=1))
    do_due_work(engine)

    assert before == []
    assert [one["activityId"] for one in timers()] == ["answer_overdue"]
    assert timers()[0]["endTime"] == "2026-02-14T16:00:01.000+0800"


def test_it_shows_where_a_case_stands(start: Any, li_na: Any) -> None:
    case = start()

    still_open = li_na.get("/history/activity-instance", processInstanceId=case["id"], unfinished="true").json
    finished = li_na.get("/history/activity-instance", processInstanceId=case["id"], finished="true").json

    assert [(one["activityId"], one["endTime"]) for one in still_open] == [("answer", None)]
    assert [one["activityId"] for one in finished] == ["received"]


def test_it_shows_a_case_that_waits_for_a_message(start: Any, task_of: Any, li_na: Any) -> None:
    case = start("listening")
    li_na.post(f"/task/{task_of(case['id'])['id']}/complete")

    still_open = li_na.get("/history/activity-instance", processInstanceId=case["id"], unfinished="true").json

    assert [(one["activityId"], one["activityType"]) for one in still_open] == [
        ("await_reply", "receiveTask")
    ]


def test_it_sorts_and_pages_activities(start: Any, task_of: Any, li_na: Any) -> None:
    case = start()
    li_na.post(f"/task/{task_of(case['id'])['id']}/complete")

    page = li_na.get(
        "/history/activity-instance",
        processInstanceId=case["id"],
        sortBy="activityId",
        sortOrder="desc",
        firstResult=1,
        maxResults=1,
    ).json

    assert [one["activityId"] for one in page] == ["answered"]
    assert li_na.get("/history/activity-instance/count", processInstanceId=case["id"]).json == {"count": 3}


def test_it_finds_cases_by_business_key_and_state(
    start: Any, task_of: Any, li_na: Any, clock: VirtualClock
) -> None:
    done, waiting = start(businessKey="K-1"), start(businessKey="K-2")
    clock.advance(timedelta(seconds=5))
    li_na.post(f"/task/{task_of(done['id'])['id']}/complete")

    def found(**query: str) -> list[str]:
        return [one["id"] for one in li_na.get("/history/process-instance", **query).json]

    assert found(processInstanceBusinessKey="K-1") == [done["id"]]
    assert found(state="COMPLETED") == found(completed="true") == found(finished="true") == [done["id"]]
    assert found(state="ACTIVE") == found(active="true") == found(unfinished="true") == [waiting["id"]]
    assert found(state="EXTERNALLY_TERMINATED") == []
    assert found(sortBy="duration", sortOrder="asc") == [done["id"], waiting["id"]]
    assert [one["id"] for one in li_na.get("/process-instance").json] == [waiting["id"]]


def test_it_tells_a_finished_case_in_the_shape_of_that_api(
    start: Any, task_of: Any, li_na: Any, clock: VirtualClock
) -> None:
    case = start()
    clock.advance(timedelta(seconds=5))
    li_na.post(f"/task/{task_of(case['id'])['id']}/complete")

    body = li_na.get(f"/history/process-instance/{case['id']}").json

    assert body == {
        "id": case["id"],
        "businessKey": "TINY-2026-0001",
        "processDefinitionId": case["definitionId"],
        "processDefinitionKey": "answering",
        "processDefinitionName": "答复",
        "processDefinitionVersion": 1,
        "startTime": "2026-02-13T16:00:00.000+0800",
        "endTime": "2026-02-13T16:00:05.000+0800",
        "removalTime": None,
        "durationInMillis": 5000,
        "startUserId": "li_na",
        "startActivityId": "received",
        "endActivityId": "answered",
        "deleteReason": None,
        "rootProcessInstanceId": case["id"],
        "superProcessInstanceId": None,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "tenantId": "bank",
        "state": "COMPLETED",
        "restartedProcessInstanceId": None,
    }
