"""Messages reach the one case that waits for them; early ones are kept, and an id is taken once."""

from typing import Any

MESSAGE = "customer_replied"


def waiting_case(start: Any, task_of: Any, li_na: Any, **body: Any) -> dict[str, Any]:
    case: dict[str, Any] = start("listening", **body)
    li_na.post(f"/task/{task_of(case['id'])['id']}/complete")
    return case


def state_of(li_na: Any, case: dict[str, Any]) -> str:
    return str(li_na.get(f"/history/process-instance/{case['id']}").json["state"])


def test_it_delivers_a_message_by_business_key(start: Any, task_of: Any, li_na: Any) -> None:
    case = waiting_case(start, task_of, li_na, businessKey="K-1")
    other = waiting_case(start, task_of, li_na, businessKey="K-2")

    sent = li_na.post("/message", {"messageName": MESSAGE, "businessKey": "K-1"})

    assert (sent.status_code, sent.data) == (204, b"")
    assert (state_of(li_na, case), state_of(li_na, other)) == ("COMPLETED", "ACTIVE")


def test_it_delivers_by_a_correlation_key_or_by_the_case_itself(start: Any, task_of: Any, li_na: Any) -> None:
    first, second = (waiting_case(start, task_of, li_na) for _ in range(2))

    li_na.post(
        "/message",
        {
            "messageName": MESSAGE,
            "correlationKeys": {"number": {"value": first["businessKey"], "type": "String"}},
        },
    )
    li_na.post("/message", {"messageName": MESSAGE, "processInstanceId": second["id"]})

    assert [state_of(li_na, case) for case in (first, second)] == ["COMPLETED", "COMPLETED"]


def test_it_hands_over_variables_and_says_where_the_message_went(
    start: Any, task_of: Any, li_na: Any
) -> None:
    case = waiting_case(start, task_of, li_na)

    answer = li_na.post(
        "/message",
        {
            "messageName": MESSAGE,
            "businessKey": case["businessKey"],
            "processVariables": {"satisfied": {"value": True, "type": "Boolean"}},
            "resultEnabled": True,
        },
    )

    assert answer.status_code == 200
    [result] = answer.json
    assert result["resultType"] == "Execution"
    assert result["execution"]["processInstanceId"] == case["id"]
    assert result["processInstance"] is None


def test_it_keeps_a_message_that_comes_early(start: Any, task_of: Any, li_na: Any) -> None:
    case = start("listening", businessKey="K-9")

    early = li_na.post("/message", {"messageName": MESSAGE, "businessKey": "K-9", "resultEnabled": True})
    li_na.post(f"/task/{task_of(case['id'])['id']}/complete")

    assert (early.status_code, early.json) == (200, [])
    assert state_of(li_na, case) == "COMPLETED"


def test_it_takes_a_message_id_once(start: Any, task_of: Any, li_na: Any) -> None:
    case = start("listening", businessKey="K-9")
    body = {"messageName": MESSAGE, "businessKey": "K-9", "messageId": "mail-77"}

    answers = [li_na.post("/message", body).status_code for _ in range(3)]
    li_na.post(f"/task/{task_of(case['id'])['id']}/complete")
    again = li_na.post("/message", body)

    assert answers == [204, 204, 204]
    assert again.status_code == 204
    assert state_of(li_na, case) == "COMPLETED"


def test_it_refuses_a_message_that_no_diagram_knows(li_na: Any) -> None:
    answer = li_na.post("/message", {"messageName": "nobody_knows", "businessKey": "K-1"})

    assert answer.status_code == 400
    assert "Cannot correlate message 'nobody_knows'" in answer.json["message"]


def test_it_refuses_a_message_without_address(li_na: Any) -> None:
    two_keys = {"a": {"value": 1}, "b": {"value": 2}}

    for body in (
        {"messageName": MESSAGE},
        {"businessKey": "K-1"},
        {"messageName": MESSAGE, "correlationKeys": two_keys},
        {"messageName": MESSAGE, "businessKey": "K-1", "all": True},
        {"messageName": MESSAGE, "businessKey": 7},
    ):
        assert li_na.post("/message", body).status_code == 400, body


def test_it_finds_the_organisation_for_those_who_belong_to_none(
    start: Any, task_of: Any, li_na: Any, robot: Any
) -> None:
    case = waiting_case(start, task_of, li_na, businessKey="K-1")

    nowhere = robot.post("/message", {"messageName": MESSAGE, "businessKey": "K-2"})
    named = robot.post("/message", {"messageName": MESSAGE, "businessKey": "K-2", "tenantId": "bank"})
    found = robot.post("/message", {"messageName": MESSAGE, "businessKey": "K-1"})

    assert (nowhere.status_code, "tenantId" in nowhere.json["message"]) == (400, True)
    assert (named.status_code, found.status_code) == (204, 204)
    assert state_of(li_na, case) == "COMPLETED"
