"""Who sees what: what is out of reach is as if it did not exist."""

from typing import Any

import pytest


def case_about(person: str) -> dict[str, Any]:
    return {"variables": {"complained_about": {"value": person, "type": "String"}}}


def test_it_refuses_strangers_before_anything_is_looked_up(by: Any) -> None:
    stranger = by(None)

    for path in ("/version", "/task", "/task/none", "/nothing", "/deployment"):
        answer = stranger.get(path)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert set(answer.json) >= {"type", "message"}


def test_it_shows_a_case_to_its_people_and_to_nobody_else(
    start: Any, li_na: Any, zhao_min: Any, wang_wei: Any, chen_bo: Any, admin: Any
) -> None:
    case = start()

    seen = {
        name: len(client.get("/process-instance", processInstanceIds=case["id"]).json)
        for name, client in {
            "li_na": li_na,
            "zhao_min": zhao_min,
            "wang_wei": wang_wei,
            "admin": admin,
        }.items()
    }

    assert seen == {"li_na": 1, "zhao_min": 1, "wang_wei": 1, "admin": 1}
    assert chen_bo.get("/process-instance").status_code == 403
    assert chen_bo.get(f"/process-instance/{case['id']}").status_code == 403
    assert chen_bo.get("/task").json["type"] == "AuthorizationException"


@pytest.mark.parametrize(
    "path",
    [
        "/process-instance/{id}",
        "/process-instance/{id}/variables",
        "/process-instance/{id}/variables/subject",
        "/history/process-instance/{id}",
    ],
)
def test_it_hides_a_case_from_the_person_complained_about(
    start: Any, wang_wei: Any, zhao_min: Any, path: str
) -> None:
    case = start(**case_about("zhao_min"))

    assert zhao_min.get(path.format(**case)).status_code == 404
    if not path.endswith("subject"):
        assert wang_wei.get(path.format(**case)).status_code == 200


def test_it_leaves_such_a_case_out_of_every_list(
    start: Any, task_of: Any, li_na: Any, wang_wei: Any, zhao_min: Any
) -> None:
    case = start(**case_about("wang_wei"))
    key = task_of(case["id"])["id"]

    for path in (
        "/task",
        "/process-instance",
        "/history/process-instance",
        "/history/activity-instance",
        "/incident",
    ):
        assert wang_wei.get(path).json == [], path
    assert wang_wei.get("/task/count").json == {"count": 0}
    assert wang_wei.get("/history/activity-instance/count").json == {"count": 0}
    assert wang_wei.get(f"/task/{key}").status_code == 404
    assert wang_wei.get(f"/task/{key}/form-variables").status_code == 404
    assert zhao_min.get(f"/task/{key}").status_code == 200


def test_it_lets_the_person_complained_about_neither_claim_nor_complete(
    start: Any, task_of: Any, zhao_min: Any, wang_wei: Any
) -> None:
    case = start(**case_about("zhao_min"))
    key = task_of(case["id"])["id"]

    answers = [
        zhao_min.post(f"/task/{key}/claim", {"userId": "zhao_min"}),
        zhao_min.post(f"/task/{key}/complete"),
        wang_wei.post(f"/task/{key}/claim", {"userId": "zhao_min"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all("COI-1" in answer.json["message"] for answer in answers)


def test_it_lets_a_worker_fetch_and_nothing_else(start: Any, robot: Any) -> None:
    start()

    assert robot.get("/external-task").status_code == 200
    for path in ("/task", "/process-instance", "/history/process-instance", "/incident", "/job"):
        assert robot.get(path).status_code == 403, path


def test_it_does_not_let_staff_deploy_or_change_jobs(li_na: Any) -> None:
    assert li_na.send("/deployment/create", {}).status_code == 403
    assert li_na.put("/job/none/retries", {"retries": 1}).status_code == 403
    assert li_na.post("/external-task/fetchAndLock").status_code == 403
