"""/api: intake by form, limits and clocks, the board, due moments; and a document that says the truth about them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from engines import person
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pages import PASSWORD, clock_of, new_case
from werkzeug.test import TestResponse

from engine.commands.clock_commands import pause_clock
from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine

INTAKE = {"subject": "柜面排队过长", "channel": "phone", "customer_name": "赵女士"}


class Program:
    """Asks by name and password; each answer must be as the document says."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client, self.auth = app.test_client(), (username, PASSWORD)
        self.document = self.client.get("/api/openapi.json", auth=self.auth).json

    def get(self, path: str, **query: str) -> TestResponse:
        return self._fitting("get", path, self.client.get(path, query_string=query, auth=self.auth))

    def post(self, path: str, body: Any) -> TestResponse:
        return self._fitting("post", path, self.client.post(path, json=body, auth=self.auth))

    def _fitting(self, method: str, path: str, answer: TestResponse) -> TestResponse:
        [said] = [
            one[method]["responses"]
            for place, one in self.document["paths"].items()
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", place), path)
        ]
        documented = said.get(str(answer.status_code)) or said["default"]
        assert answer.status_code >= 400 or str(answer.status_code) in said
        assert problems(self.document, documented["content"]["application/json"]["schema"], answer.json) == []
        return answer


def problems(document: Any, schema: Any, value: Any) -> list[str]:
    whole = {"components": document["components"], **schema}
    checker = Draft202012Validator.FORMAT_CHECKER
    return [one.message for one in Draft202012Validator(whole, format_checker=checker).iter_errors(value)]


@pytest.fixture
def program(app: Flask) -> Callable[[str], Program]:
    return lambda username: Program(app, username)


def test_the_document_is_openapi_and_names_every_route(app: Flask, program: Callable[[str], Program]) -> None:
    document = program("li_na").document

    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    routes = {re.sub(r"<(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    assert document["paths"].keys() == {one for one in routes if one.startswith("/api/")}
    operations = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(operations) == len(set(operations))


def test_a_matter_is_registered_by_the_form_of_its_kind(program: Callable[[str], Program]) -> None:
    li_na = program("li_na")
    [kind] = li_na.get("/api/kinds").json["kinds"]
    assert (kind["profile"], kind["organisation"]) == ("MATTER", "bank")
    assert kind["form"]["required"] == ["subject"]
    body = {"profile": "MATTER", "values": kind["form"]["examples"][0]}
    assert problems(li_na.document, {"$ref": "#/components/schemas/Intake"}, body) == []

    made = li_na.post("/api/cases", body)

    assert made.status_code == 201
    assert made.json["number"] == "M-2026-0001"
    case = li_na.get(made.headers["Location"]).json
    assert (case["number"], case["subject"], case["state"]) == ("M-2026-0001", "柜面排队过长", "running")
    assert [task["element"] for task in case["tasks"]] == ["answer_customer"]
    assert {one["register_id"]: one["due_at"] for one in case["clocks"]} == {
        "TEST/T1": "2026-02-14T18:00:00+08:00",
        "TEST/T2": "2026-02-27T18:00:00+08:00",
    }


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"values": {}}, 422, "subject"),
        ({"values": {"subject": "x"}}, 422, "subject"),
        ({"values": {"subject": "排队", "channel": "pigeon"}}, 422, "channel"),
        ({"values": ["subject"]}, 400, "values"),
        ({"profile": None}, 400, "profile"),
        ({"profile": "NONE"}, 400, "NONE"),
        ({"organisation": "other"}, 400, "none"),
        ({"unit": "nowhere"}, 404, "nowhere"),
        ({"surprise": 1}, 400, "surprise"),
    ],
)
def test_what_does_not_fit_the_form_is_refused_with_its_place(
    program: Callable[[str], Program], change: dict[str, Any], status: int, says: str
) -> None:
    li_na = program("li_na")

    refused = li_na.post("/api/cases", {"profile": "MATTER", "values": INTAKE} | change)

    assert refused.status_code == status, refused.text
    assert says in refused.text
    if status == 422:
        assert says in refused.json["details"]["errors"]
        body = {"profile": "MATTER", "values": INTAKE} | change
        assert (
            problems(li_na.document, {"$ref": "#/components/schemas/Intake"}, body) != [] or says == "channel"
        )


def test_a_second_try_by_the_same_number_makes_no_second_case(program: Callable[[str], Program]) -> None:
    li_na = program("li_na")
    body = {"profile": "MATTER", "values": INTAKE, "number": "EXT-7"}

    assert [li_na.post("/api/cases", body).status_code for _ in range(2)] == [201, 409]


def test_clocks_tell_when_why_and_how_long_they_stood_still(
    engine: Engine, program: Callable[[str], Program]
) -> None:
    case = new_case(engine)
    pause_clock(
        engine,
        person(engine, "wang_wei"),
        clock_key=clock_of(engine, case),
        kind="customer",
        reason="等客户补材料",
        evidence="电话记录",
    )

    clocks = program("wang_wei").get(f"/api/cases/{case}/clocks").json["clocks"]

    by_name = {one["limit"]: one for one in clocks}
    answer = by_name["answer"]
    assert (answer["status"], answer["value"], answer["fact"]) == ("paused", "1 WD", True)
    assert answer["pauses"][0]["reason"] == "等客户补材料"
    assert by_name["whole"]["fact"] is False
    assert all(one["says"]["zh"] and one["says"]["en"] for one in clocks)


def test_the_board_lists_what_is_late_for_who_answers_for_it(
    engine: Engine, program: Callable[[str], Program]
) -> None:
    case = new_case(engine)
    engine.clock.advance(timedelta(days=20))  # type: ignore[attr-defined]
    do_due_work(engine)

    board = program("wang_wei").get("/api/board").json

    assert board["running"] == 1
    assert {(one["case"], one["limit"], one["status"]) for one in board["overdue"]} == {
        (case, "answer", "breached"),
        (case, "whole", "breached"),
    }
    assert program("li_na").get("/api/board").status_code == 403


def test_a_due_moment_is_told_with_its_reason(program: Callable[[str], Program]) -> None:
    li_na = program("li_na")
    asked = {"moment": "2026-02-13T16:00+08:00", "limit": "8 WH"}

    assert li_na.get("/api/due", **asked).json["due_at"] == "2026-02-14T16:00:00+08:00"
    without = li_na.get("/api/due", **asked, without_makeup="true").json
    assert without["due_at"] == "2026-02-24T16:00:00+08:00"
    for wrong, named in (
        ({"limit": "8 parsecs"}, "parsecs"),
        ({"moment": "soon"}, "soon"),
        ({"moment": "1950-01-01T00:00+08:00"}, "1950"),
        ({"limit": ""}, "limit"),
        ({"calendar": "moon"}, "moon"),
        ({"without_makeup": "perhaps"}, "perhaps"),
    ):
        refused = li_na.get("/api/due", **(asked | wrong))
        assert (refused.status_code, named in refused.json["message"]) == (400, True), refused.text


def test_the_rights_are_those_of_the_pages(engine: Engine, program: Callable[[str], Program]) -> None:
    case = new_case(engine, complained_about="wang_wei")

    assert program("li_na").get(f"/api/cases/{case}").status_code == 200
    assert program("wang_wei").get(f"/api/cases/{case}").status_code == 404
    assert program("wang_wei").get(f"/api/cases/{case}/clocks").status_code == 404
    assert program("li_na").get("/api/cases/none").status_code == 404


def test_strangers_and_people_without_rights_learn_nothing(
    app: Flask, program: Callable[[str], Program]
) -> None:
    stranger = app.test_client().get("/api/openapi.json")
    assert (stranger.status_code, stranger.json["type"]) == (401, "unauthorized")
    body = app.test_client().post("/api/cases", json={"profile": "MATTER", "values": INTAKE})
    assert body.status_code == 401
    assert app.test_client().get("/api/openapi.json", auth=("chen_bo", PASSWORD)).status_code == 403
