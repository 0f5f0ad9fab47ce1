"""Workers outside fetch service tasks, report back, and cannot take each other's."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from families import install, process

from engine.commands.engine import Engine
from engine.commands.handler import HandlerTable
from engine.model import VirtualClock
from web import long_polls

FETCH = {"workerId": "w1", "maxTasks": 10, "topics": [{"topicName": "record", "lockDuration": 60_000}]}
SENDING = process(
    "sending",
    "in -> send -> out",
    "<serviceTask id='send' name='send' camunda:type='external' camunda:topic='post'><extensionElements>"
    "<camunda:properties><camunda:property name='paper' value='A4'/><camunda:property name='source' value='CMP-01/T1'/>"
    "</camunda:properties></extensionElements></serviceTask>",
)


@pytest.fixture(autouse=True)
def _nobody_serves_the_topic_here(engine: Engine) -> None:
    engine.handlers = HandlerTable()


@pytest.fixture
def _sending(engine: Engine) -> None:
    install(engine, SENDING)


@pytest.fixture
def case(start: Any) -> dict[str, Any]:
    found: dict[str, Any] = start("recording", businessKey="K-1", variables={"amount": {"value": 5}})
    return found


@pytest.fixture
def locked(case: dict[str, Any], robot: Any) -> dict[str, Any]:
    [task] = robot.post("/external-task/fetchAndLock", FETCH).json
    return dict(task)


def state_of(li_na: Any, case: dict[str, Any]) -> str:
    return str(li_na.get(f"/history/process-instance/{case['id']}").json["state"])


def test_it_hands_out_a_task_in_the_shape_of_that_api(case: dict[str, Any], robot: Any) -> None:
    answer = robot.post("/external-task/fetchAndLock", FETCH)

    assert answer.content_type == "application/json"
    [task] = answer.json
    assert len(task.pop("id")) == 32
    assert task.pop("executionId") == task.pop("activityInstanceId")
    assert task.pop("variables")["amount"] == {"type": "Integer", "value": 5, "valueInfo": {}}
    assert task == {
        "activityId": "record",
        "errorMessage": None,
        "errorDetails": None,
        "lockExpirationTime": "2026-02-13T16:01:00.000+0800",
        "createTime": "2026-02-13T16:00:00.000+0800",
        "processDefinitionId": case["definitionId"],
        "processDefinitionKey": "recording",
        "processDefinitionVersionTag": None,
        "processInstanceId": case["id"],
        "tenantId": "bank",
        "retries": 3,
        "suspended": False,
        "workerId": "w1",
        "topicName": "record",
        "priority": 0,
        "businessKey": "K-1",
        "extensionProperties": {},
    }


def test_it_gives_a_locked_task_to_nobody_else_until_the_lock_expires(
    locked: dict[str, Any], robot: Any, clock: VirtualClock
) -> None:
    other = FETCH | {"workerId": "w2"}

    during = robot.post("/external-task/fetchAndLock", other).json
    clock.advance(timedelta(seconds=61))
    after = robot.post("/external-task/fetchAndLock", other).json

    assert during == []
    assert [task["id"] for task in after] == [locked["id"]]


def test_it_gives_only_the_variables_that_a_worker_names(case: dict[str, Any], robot: Any) -> None:
    topic = {"topicName": "record", "lockDuration": 1000, "variables": ["nothing"]}

    [task] = robot.post("/external-task/fetchAndLock", FETCH | {"topics": [topic]}).json

    assert task["variables"] == {}


@pytest.mark.parametrize(
    ("choice", "is_found"),
    [
        ({"businessKey": "K-1"}, True),
        ({"businessKey": "K-2"}, False),
        ({"processDefinitionKey": "recording"}, True),
        ({"processDefinitionKeyIn": ["answering"]}, False),
        ({"processDefinitionIdIn": ["none"]}, False),
        ({"processDefinitionVersionTag": "9"}, False),
        ({"processVariables": {"amount": 5}}, True),
        ({"processVariables": {"amount": 5, "other": "x"}}, False),
        ({"tenantIdIn": ["bank"]}, True),
        ({"withoutTenantId": True}, False),
        ({"withoutTenantId": False, "businessKey": ""}, True),
    ],
)
def test_it_gives_a_worker_only_the_tasks_that_it_asks_for(
    case: dict[str, Any], robot: Any, choice: dict[str, Any], is_found: bool
) -> None:
    topic = {"topicName": "record", "lockDuration": 1000} | choice

    found = robot.post("/external-task/fetchAndLock", FETCH | {"topics": [topic]}).json

    assert [one["businessKey"] for one in found] == (["K-1"] if is_found else [])


def test_it_gives_the_oldest_task_first_or_the_newest(start: Any, robot: Any, clock: VirtualClock) -> None:
    for number in range(3):
        start("recording", businessKey=f"K-{number}")
        clock.advance(timedelta(seconds=1))

    newest = robot.post(
        "/external-task/fetchAndLock",
        FETCH | {"maxTasks": 1, "sorting": [{"sortBy": "createTime", "sortOrder": "desc"}]},
    ).json
    rest = robot.post("/external-task/fetchAndLock", FETCH).json

    assert [one["businessKey"] for one in newest] == ["K-2"]
    assert [one["businessKey"] for one in rest] == ["K-0", "K-1"]


@pytest.mark.usefixtures("_sending")
def test_it_gives_the_properties_of_the_element_to_who_asks_for_them(start: Any, robot: Any) -> None:
    start("sending")
    topic = {"topicName": "post", "lockDuration": 1000, "includeExtensionProperties": True}

    [task] = robot.post("/external-task/fetchAndLock", FETCH | {"topics": [topic]}).json

    assert task["extensionProperties"] == {"paper": "A4", "source": "CMP-01/T1"}


def test_a_worker_reads_a_variable_of_its_case_again(case: dict[str, Any], robot: Any, li_na: Any) -> None:
    path = f"/execution/{case['id']}/localVariables"

    assert robot.get(f"{path}/amount").json == {"type": "Integer", "value": 5, "valueInfo": {}}
    assert robot.get(path).json.keys() == {"amount"}
    assert (
        robot.get(f"{path}/amount/data").json["message"] == "Value of variable amount is not a binary value."
    )
    assert robot.get(f"{path}/nothing/data").status_code == 404
    assert robot.get("/execution/nothing/localVariables/amount/data").status_code == 404
    assert li_na.get(f"{path}/amount").status_code == 403


def test_it_takes_the_case_on_when_the_worker_is_done(
    case: dict[str, Any], locked: dict[str, Any], robot: Any, li_na: Any
) -> None:
    body = {"workerId": "w1", "variables": {"recorded_as": {"value": "A-1", "type": "String"}}}

    done = robot.post(f"/external-task/{locked['id']}/complete", body)
    again = robot.post(f"/external-task/{locked['id']}/complete", body)

    assert (done.status_code, done.data) == (204, b"")
    assert again.status_code == 404
    assert state_of(li_na, case) == "COMPLETED"


def test_it_refuses_the_report_of_a_worker_that_does_not_hold_the_task(
    case: dict[str, Any], locked: dict[str, Any], robot: Any, li_na: Any
) -> None:
    for act, extra in (("complete", {}), ("failure", {}), ("bpmnError", {"errorCode": "x"})):
        refused = robot.post(f"/external-task/{locked['id']}/{act}", {"workerId": "w2"} | extra)
        assert refused.status_code == 400, act
        assert "locked by 'w1'" in refused.json["message"]
    assert state_of(li_na, case) == "ACTIVE"


def test_it_takes_the_report_after_the_lock_when_nobody_else_has_it(
    case: dict[str, Any], locked: dict[str, Any], robot: Any, li_na: Any, clock: VirtualClock
) -> None:
    clock.advance(timedelta(hours=1))

    assert robot.post(f"/external-task/{locked['id']}/complete", {"workerId": "w1"}).status_code == 204
    assert state_of(li_na, case) == "COMPLETED"


def test_it_waits_before_a_failed_task_is_handed_out_again(
    locked: dict[str, Any], robot: Any, clock: VirtualClock
) -> None:
    failed = robot.post(
        f"/external-task/{locked['id']}/failure",
        {
            "workerId": "w1",
            "errorMessage": "no paper",
            "errorDetails": "tray 2\ntray 3",
            "retries": 2,
            "retryTimeout": 300_000,
        },
    )

    assert failed.status_code == 204
    assert robot.post("/external-task/fetchAndLock", FETCH).json == []
    clock.advance(timedelta(minutes=5))
    [task] = robot.post("/external-task/fetchAndLock", FETCH).json
    assert (task["retries"], task["errorMessage"], task["errorDetails"]) == (2, "no paper", "tray 2\ntray 3")
    assert robot.get(f"/external-task/{task['id']}/errorDetails").text == "tray 2\ntray 3"


def test_it_makes_an_incident_of_the_last_failure_which_more_retries_resolve(
    case: dict[str, Any], locked: dict[str, Any], robot: Any, wang_wei: Any
) -> None:
    robot.post(
        f"/external-task/{locked['id']}/failure", {"workerId": "w1", "errorMessage": "no paper", "retries": 0}
    )

    [incident] = wang_wei.get("/incident", processInstanceId=case["id"]).json
    assert incident["incidentType"] == "failedExternalTask"
    assert incident["incidentMessage"] == "no paper"
    assert incident["activityId"] == "record"
    assert incident["configuration"] == locked["id"]
    assert robot.get(f"/external-task/{locked['id']}").json["retries"] == 0
    assert robot.post("/external-task/fetchAndLock", FETCH).json == []

    assert robot.put(f"/external-task/{locked['id']}/retries", {"retries": 1}).status_code == 204
    assert wang_wei.get("/incident").json == []
    assert len(robot.post("/external-task/fetchAndLock", FETCH).json) == 1


def test_it_makes_an_incident_of_a_business_error_that_nobody_catches(
    locked: dict[str, Any], robot: Any, wang_wei: Any
) -> None:
    sent = robot.post(
        f"/external-task/{locked['id']}/bpmnError", {"workerId": "w1", "errorCode": "customer_unreachable"}
    )

    assert sent.status_code == 204
    [incident] = wang_wei.get("/incident").json
    assert "customer_unreachable" in incident["incidentMessage"]


def test_it_extends_a_lock_that_still_holds(locked: dict[str, Any], robot: Any, clock: VirtualClock) -> None:
    path = f"/external-task/{locked['id']}/extendLock"
    clock.advance(timedelta(seconds=30))

    extended = robot.post(path, {"workerId": "w1", "newDuration": 60_000})
    expires = robot.get(f"/external-task/{locked['id']}").json["lockExpirationTime"]
    clock.advance(timedelta(seconds=60))
    too_late = robot.post(path, {"workerId": "w1", "newDuration": 60_000})

    assert extended.status_code == 204
    assert expires == "2026-02-13T16:01:30.000+0800"
    assert (too_late.status_code, too_late.json["message"]) == (400, "Cannot extend a lock that expired")


def test_it_locks_and_unlocks_one_task(locked: dict[str, Any], robot: Any) -> None:
    path = f"/external-task/{locked['id']}"
    wanted = {"workerId": "w2", "lockDuration": 1000}

    assert robot.post(f"{path}/lock", wanted).status_code == 400
    assert robot.post(f"{path}/unlock").status_code == 204
    assert robot.get(path).json["workerId"] is None
    assert robot.post(f"{path}/lock", wanted).status_code == 204
    assert robot.get("/external-task", workerId="w2", locked="true").json[0]["id"] == locked["id"]


def test_it_lists_external_tasks(locked: dict[str, Any], robot: Any) -> None:
    assert robot.get("/external-task", topicName="record", sortBy="createTime", sortOrder="asc").json[0]["id"]
    assert robot.get("/external-task/count", notLocked="true").json == {"count": 0}
    assert robot.get("/external-task", withRetriesLeft="true").json[0]["topicName"] == "record"


@pytest.mark.parametrize(
    "change",
    [
        {"workerId": ""},
        {"maxTasks": 0},
        {"maxTasks": "many"},
        {"topics": []},
        {"topics": [{"topicName": "record"}]},
        {"topics": [{"topicName": "record", "lockDuration": 0}]},
        {"topics": [{"topicName": "record", "lockDuration": 1000, "businessKey": ["K-1"]}]},
        {"topics": [{"topicName": "record", "lockDuration": 1000, "tenantIdIn": "bank"}]},
        {"topics": [{"topicName": "record", "lockDuration": 1000, "processVariables": {"a": [1]}}]},
        {"asyncResponseTimeout": 1_800_001},
        {"sorting": [{"sortBy": "priority", "sortOrder": "desc"}]},
    ],
)
def test_it_refuses_a_fetch_that_it_would_not_obey(robot: Any, change: dict[str, Any]) -> None:
    answer = robot.post("/external-task/fetchAndLock", FETCH | change)

    assert answer.status_code == 400
    assert answer.json["type"] == "InvalidRequestException"


def test_it_accepts_the_empty_fields_that_the_python_client_sends(case: dict[str, Any], robot: Any) -> None:
    body = {
        "workerId": "w1",
        "maxTasks": 1,
        "asyncResponseTimeout": 30_000,
        "usePriority": False,
        "sorting": None,
        "topics": [
            {
                "topicName": "record",
                "lockDuration": 300_000,
                "processDefinitionKey": None,
                "processVariables": {},
                "variables": None,
                "includeExtensionProperties": True,
            }
        ],
    }

    assert len(robot.post("/external-task/fetchAndLock", body).json) == 1


def test_a_worker_that_could_only_wait_where_too_many_wait_already_comes_again_later(
    case: dict[str, Any], robot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_polls, "places", threading.BoundedSemaphore(0))
    waiting = FETCH | {"asyncResponseTimeout": 30_000}

    assert (
        len(robot.post("/external-task/fetchAndLock", waiting).json) == 1
    )  # There is one: nobody need wait.
    refused = robot.post("/external-task/fetchAndLock", waiting)

    assert (refused.status_code, refused.json["type"]) == (503, "InvalidRequestException")
    assert robot.post("/external-task/fetchAndLock", FETCH).json == []
