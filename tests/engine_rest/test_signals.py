"""A signal from another program goes to all cases of the organisation that wait for it, once they are looked at."""

from typing import Any

import pytest
from families import catch, caught, install, process, user

from engine.commands.due.due_work import do_due_work


@pytest.fixture
def waiting(engine: Any, start: Any) -> list[dict[str, Any]]:
    install(
        engine,
        process(
            "waiting",
            "received -> heard -> act -> done",
            catch("heard", caught("signal", "recalled")),
            user("act"),
        ),
    )
    return [start("waiting") for _ in range(2)]


def tasks_of(client: Any, case: dict[str, Any]) -> list[str]:
    return [one["taskDefinitionKey"] for one in client.get("/task", processInstanceId=case["id"]).json]


def test_it_reaches_all_that_wait(engine: Any, waiting: Any, robot: Any, admin: Any) -> None:
    sent = robot.post("/signal", {"name": "recalled", "tenantId": "bank"})
    do_due_work(engine)
    assert (sent.status_code, sent.data) == (204, b"")
    assert [tasks_of(admin, case) for case in waiting] == [["act"], ["act"]]


def test_people_who_may_not_send_to_every_case_may_not_signal(waiting: Any, li_na: Any) -> None:
    assert li_na.post("/signal", {"name": "recalled"}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "recalled"},
        {"name": 3, "tenantId": "bank"},
        {"name": "recalled", "tenantId": ["bank"]},
        {"name": "recalled", "tenantId": "bank", "variables": {"a": {"value": 1}}},
        {"name": "recalled", "tenantId": "bank", "executionId": "x"},
    ],
)
def test_what_it_would_not_obey_it_refuses(robot: Any, body: Any) -> None:
    assert robot.post("/signal", body).status_code == 400
