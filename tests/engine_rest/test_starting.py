"""A case is started by key, with typed variables, and read again."""

from typing import Any

import pytest


def typed(value: Any, kind: str | None = None) -> dict[str, Any]:
    return {"value": value} | ({"type": kind} if kind else {})


def test_it_starts_a_case_by_key_and_gives_it_a_number(li_na: Any) -> None:
    answer = li_na.post(
        "/process-definition/key/answering/start", {"variables": {"subject": typed("漏电", "String")}}
    )

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    body = answer.json
    assert body["definitionKey"] == "answering"
    assert body["businessKey"] == "TINY-2026-0001"
    assert body["definitionId"].startswith("answering:1:")
    assert body["tenantId"] == "bank"
    assert body["ended"] is False
    assert body["links"] == [
        {"method": "GET", "href": f"/engine-rest/process-instance/{body['id']}", "rel": "self"}
    ]


def test_it_treats_the_modelers_proposed_key_as_none(start: Any) -> None:
    first, second = start(businessKey="default"), start(businessKey="default")

    assert [first["businessKey"], second["businessKey"]] == ["TINY-2026-0001", "TINY-2026-0002"]


def test_it_keeps_a_given_business_key_and_refuses_it_a_second_time(start: Any, li_na: Any) -> None:
    start(businessKey="K-1")

    again = li_na.post("/process-definition/key/answering/start", {"businessKey": "K-1"})

    assert again.status_code == 409
    assert again.json["type"] == "OptimisticLockingException"
    assert "li_na registered K-1" in again.json["message"]


def test_it_starts_by_the_id_of_the_newest_definition(li_na: Any) -> None:
    newest = li_na.get("/process-definition/key/answering").json["id"]

    assert li_na.post(f"/process-definition/{newest}/start").status_code == 200


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        (typed("text", "String"), typed("text", "String")),
        (typed("text", "string"), typed("text", "String")),
        (typed("text"), typed("text", "String")),
        (typed(True, "Boolean"), typed(True, "Boolean")),
        (typed(7, "Integer"), typed(7, "Integer")),
        (typed("7", "Short"), typed(7, "Integer")),
        (typed(2**40, "Long"), typed(2**40, "Long")),
        (typed(2.5, "Double"), typed(2.5, "Double")),
        (typed(None, "Null"), typed(None, "Null")),
        (typed(None), typed(None, "Null")),
        (typed('{"a":[1,"二"]}', "Json"), typed('{"a":[1,"二"]}', "Json")),
        (typed('["a"]', "Object"), typed('["a"]', "Json")),
        (typed({"a": 1}), typed('{"a":1}', "Json")),
        (
            typed("2026-02-13T16:00:00.000+0800", "Date"),
            typed("2026-02-13T16:00:00+08:00", "String"),
        ),
    ],
)
def test_it_reads_each_type_of_value_and_writes_it_back(
    start: Any, li_na: Any, sent: dict[str, Any], back: dict[str, Any]
) -> None:
    case = start(variables={"given": sent})

    found = li_na.get(f"/process-instance/{case['id']}/variables/given").json

    assert found == back | {"valueInfo": {}}


@pytest.mark.parametrize(
    "sent",
    [
        typed("seven", "Integer"),
        typed(2**31, "Integer"),
        typed(1.5, "Integer"),
        typed(True, "Integer"),
        typed("1e999", "Double"),
        typed("yes", "Boolean"),
        typed(7, "String"),
        typed("{", "Json"),
        typed("13 February", "Date"),
        typed("2026-02-13T16:00:00.000", "Date"),
        typed("x", "Null"),
        typed("x", "Unheard"),
        typed("eA==", "File"),
        typed("x", 7),  # type: ignore[arg-type]
        "bare",
        None,
    ],
)
def test_it_refuses_a_value_that_is_not_of_its_type_and_names_the_variable(li_na: Any, sent: Any) -> None:
    answer = li_na.post("/process-definition/key/answering/start", {"variables": {"given": sent}})

    assert answer.status_code == 400
    assert answer.json["type"] == "InvalidRequestException"
    assert "given" in answer.json["message"] or "file" in answer.json["message"]
    assert li_na.get("/process-instance").json == []


@pytest.mark.parametrize(
    "raw",
    [b"{", b"[]", b'"text"', b"[" * 5000, b'{"variables": []}', b"\xff\xfe"],
    ids=["cut", "list", "text", "deep", "variables as list", "not UTF-8"],
)
def test_it_refuses_a_body_that_is_no_json_object(app: Any, raw: bytes) -> None:
    answer = app.test_client().post(
        "/engine-rest/process-definition/key/answering/start",
        data=raw,
        content_type="application/json",
        auth=("li_na", "eight-o-clock"),
    )

    assert answer.status_code == 400
    assert answer.json["type"] == "InvalidRequestException"


def test_it_refuses_what_it_would_not_obey(li_na: Any) -> None:
    body = {"startInstructions": [{"type": "startBeforeActivity", "activityId": "answer"}]}

    answer = li_na.post("/process-definition/key/answering/start", body)

    assert answer.status_code == 400
    assert "startInstructions" in answer.json["message"]


def test_it_returns_the_variables_when_they_are_asked_for(start: Any) -> None:
    body = start(variables={"amount": typed(5)}, withVariablesInReturn=True)

    assert body["variables"]["amount"] == {"type": "Integer", "value": 5, "valueInfo": {}}


def test_it_says_when_there_is_no_such_process(li_na: Any) -> None:
    answer = li_na.post("/process-definition/key/nothing/start")

    assert answer.status_code == 404
    assert answer.json == {
        "type": "InvalidRequestException",
        "message": "Expected process definition 'nothing', but there is none.",
        "code": 0,
    }


def test_it_finds_running_cases_by_their_variables(start: Any, li_na: Any) -> None:
    start(variables={"amount": typed(5), "city": typed("武汉")})
    large = start(variables={"amount": typed(50), "city": typed("襄阳")})

    by_number = li_na.get("/process-instance", variables="amount_gt_10").json
    by_text = li_na.get("/process-instance", variables="city_eq_襄阳,amount_lteq_50").json

    assert [one["id"] for one in by_number] == [one["id"] for one in by_text] == [large["id"]]
