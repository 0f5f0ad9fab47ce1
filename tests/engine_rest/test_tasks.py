"""What people do with tasks over the interface."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from engine.commands.engine import Engine
from engine.model import VirtualClock


def test_it_lists_a_task_in_the_shape_of_that_api(start: Any, li_na: Any) -> None:
    case = start()

    tasks = li_na.get("/task", processInstanceId=case["id"]).json

    assert len(tasks) == 1
    task = tasks[0]
    assert len(task.pop("id")) == 32
    assert task.pop("executionId")
    assert task == {
        "name": "答复客户",
        "assignee": None,
        "created": "2026-02-13T16:00:00.000+0800",
        "due": "2026-02-14T16:00:00.000+0800",
        "followUp": None,
        "lastUpdated": None,
        "delegationState": None,
        "description": None,
        "owner": None,
        "parentTaskId": None,
        "priority": 50,
        "processDefinitionId": case["definitionId"],
        "processInstanceId": case["id"],
        "taskDefinitionKey": "answer",
        "caseExecutionId": None,
        "caseInstanceId": None,
        "caseDefinitionId": None,
        "suspended": False,
        "formKey": None,
        "camundaFormRef": None,
        "tenantId": "bank",
    }


def test_it_claims_and_gives_back_a_task(start: Any, task_of: Any, li_na: Any) -> None:
    case = start()
    key = task_of(case["id"])["id"]

    assert li_na.post(f"/task/{key}/claim", {"userId": "li_na"}).status_code == 204
    assert li_na.get(f"/task/{key}").json["assignee"] == "li_na"
    assert li_na.get("/task", assignee="li_na").json[0]["id"] == key

    assert li_na.post(f"/task/{key}/unclaim").status_code == 204
    assert li_na.get(f"/task/{key}").json["assignee"] is None


def test_it_says_who_has_claimed_a_task_and_when(start: Any, task_of: Any, li_na: Any, zhao_min: Any) -> None:
    key = task_of(start()["id"])["id"]
    zhao_min.post(f"/task/{key}/claim", {"userId": "zhao_min"})

    refused = li_na.post(f"/task/{key}/claim", {"userId": "li_na"})

    assert refused.status_code == 409
    assert refused.json["type"] == "OptimisticLockingException"
    assert refused.json["code"] == 1
    assert "zhao_min" in refused.json["message"]
    assert refused.json["details"] == {"by": "zhao_min", "at": "2026-02-13T16:00:00.000+0800"}


def test_it_lets_only_a_supervisor_claim_for_somebody_else(
    start: Any, task_of: Any, li_na: Any, wang_wei: Any
) -> None:
    key = task_of(start()["id"])["id"]

    by_peer = li_na.post(f"/task/{key}/claim", {"userId": "zhao_min"})
    by_supervisor = wang_wei.post(f"/task/{key}/claim", {"userId": "zhao_min"})

    assert (by_peer.status_code, by_peer.json["type"]) == (403, "AuthorizationException")
    assert by_supervisor.status_code == 204
    assert wang_wei.get(f"/task/{key}").json["assignee"] == "zhao_min"


def test_it_completes_a_task_with_variables(start: Any, task_of: Any, li_na: Any) -> None:
    case = start()
    key = task_of(case["id"])["id"]

    done = li_na.post(
        f"/task/{key}/complete", {"variables": {"reply": {"value": "已退款", "type": "String"}}}
    )

    assert (done.status_code, done.data) == (204, b"")
    assert li_na.get(f"/task/{key}").status_code == 404
    ended = li_na.get(f"/history/process-instance/{case['id']}").json
    assert (ended["state"], ended["endActivityId"]) == ("COMPLETED", "answered")


def test_it_returns_the_variables_of_the_case_when_asked(start: Any, task_of: Any, li_na: Any) -> None:
    key = task_of(start()["id"])["id"]
    body = {"variables": {"amount": {"value": 5}}, "withVariablesInReturn": True}

    done = li_na.post(f"/task/{key}/complete", body)

    assert done.status_code == 200
    assert done.json["amount"] == {"type": "Integer", "value": 5, "valueInfo": {}}


def test_it_says_who_completed_a_task_and_when(
    start: Any, task_of: Any, li_na: Any, zhao_min: Any, clock: VirtualClock
) -> None:
    key = task_of(start()["id"])["id"]
    clock.advance(timedelta(minutes=5))
    zhao_min.post(f"/task/{key}/complete")

    again = li_na.post(f"/task/{key}/complete")

    assert again.status_code == 409
    assert again.json["details"] == {"by": "zhao_min", "at": "2026-02-13T16:05:00.000+0800"}
    assert "zhao_min completed it at 2026-02-13 08:05:00 UTC" in again.json["message"]


def test_it_lets_one_of_two_win_who_complete_at_the_same_moment(
    at_stored_app: Callable[[str], Any],
) -> None:
    li_na = at_stored_app("li_na")
    case = li_na.post("/process-definition/key/answering/start").json
    key = li_na.get("/task", processInstanceId=case["id"]).json[0]["id"]
    answers: dict[str, Any] = {}
    gate = threading.Barrier(2)

    def complete(username: str) -> None:
        client = at_stored_app(username)
        client.get("/version")  # the slow first check of the password is over before the race
        gate.wait()
        answers[username] = client.post(f"/task/{key}/complete")

    threads = [threading.Thread(target=complete, args=(name,)) for name in ("li_na", "zhao_min")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    by_status = {answer.status_code: name for name, answer in answers.items()}
    assert by_status.keys() == {204, 409}
    lost = answers[by_status[409]].json
    assert lost["details"]["by"] == by_status[204]
    assert by_status[204] in lost["message"]


def test_it_gives_the_values_that_the_form_sees(start: Any, task_of: Any, li_na: Any) -> None:
    case = start(variables={"amount": {"value": 5}, "city": {"value": "武汉"}})
    key = task_of(case["id"])["id"]

    every = li_na.get(f"/task/{key}/form-variables").json
    some = li_na.get(f"/task/{key}/form-variables", variableNames="city,nothing").json

    assert every["amount"]["value"] == 5
    assert some == {"city": {"type": "String", "value": "武汉", "valueInfo": {}}}


def test_it_pages_and_sorts_without_overlap(start: Any, li_na: Any, clock: VirtualClock) -> None:
    for _ in range(5):
        start()
        clock.advance(timedelta(minutes=1))

    pages = [
        li_na.get("/task", sortBy="created", sortOrder="desc", firstResult=first, maxResults=2).json
        for first in (0, 2, 4)
    ]

    created = [task["created"] for page in pages for task in page]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert created == sorted(created, reverse=True)
    assert len({task["id"] for page in pages for task in page}) == 5
    assert li_na.get("/task/count").json == {"count": 5}
    assert li_na.get("/task", maxResults=0).json == []


def test_it_takes_the_same_questions_in_a_body(start: Any, li_na: Any) -> None:
    case = start(businessKey="K-7")
    start()

    found = li_na.post(
        "/task",
        {"processInstanceBusinessKey": "K-7", "sorting": [{"sortBy": "dueDate", "sortOrder": "asc"}]},
    )

    assert [task["processInstanceId"] for task in found.json] == [case["id"]]


def test_it_filters_by_role_and_by_due_moment(start: Any, li_na: Any) -> None:
    start()

    def found(**query: str) -> int:
        return len(li_na.get("/task", **query).json)

    assert found(candidateGroup="first_receiver") == 1
    assert found(candidateGroup="outlet_head") == 0
    assert found(unassigned="true") == 1
    assert found(assigned="true") == 0
    assert found(dueBefore="2026-02-14T16:00:00.001+0800") == 1
    assert found(dueBefore="2026-02-14T16:00:00.000+0800") == 0
    assert found(dueAfter="2026-02-14T15:59:59.999 0800") == 1
    assert found(suspended="true") == 0
    assert found(nameLike="答复%") == 1


def test_it_refuses_questions_that_it_would_not_obey(li_na: Any) -> None:
    refused = {
        "delegationState": "PENDING",
        "sortBy": "created",
        "sortOrder": "up",
        "firstResult": "-1",
        "maxResults": "many",
        "dueBefore": "tomorrow",
        "unassigned": "perhaps",
    }

    for name, value in refused.items():
        answer = li_na.get("/task", **{name: value})
        assert answer.status_code == 400, name
        assert answer.json["type"] == "InvalidRequestException"
        assert name in answer.json["message"] or "sortOrder" in answer.json["message"]


def test_it_says_when_there_is_no_such_task(li_na: Any) -> None:
    for answer in (
        li_na.get("/task/none"),
        li_na.post("/task/none/claim", {"userId": "li_na"}),
        li_na.post("/task/none/complete"),
    ):
        assert answer.status_code == 404
        assert answer.json["type"] == "InvalidRequestException"


def test_it_gives_a_task_back_only_to_its_holder(
    start: Any, task_of: Any, li_na: Any, zhao_min: Any, engine: Engine
) -> None:
    key = task_of(start()["id"])["id"]
    li_na.post(f"/task/{key}/claim", {"userId": "li_na"})

    refused = zhao_min.post(f"/task/{key}/unclaim")

    assert refused.status_code == 409
    assert li_na.get(f"/task/{key}").json["assignee"] == "li_na"


def test_it_answers_values_that_no_database_can_hold(at_stored_app: Callable[[str], Any]) -> None:
    li_na = at_stored_app("li_na")

    answers = [
        li_na.get("/task", processInstanceBusinessKey="a\0b"),
        li_na.get("/task/a%00b"),
        li_na.get("/task", priority=str(2**40)),
        li_na.get("/process-instance", variables=f"amount_eq_{2**70}"),
        li_na.post("/process-definition/key/answering/start", {"variables": {"text": {"value": "a\0b"}}}),
    ]

    assert all(answer.status_code < 500 for answer in answers), [answer.text for answer in answers]
