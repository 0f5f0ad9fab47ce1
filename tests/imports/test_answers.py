"""What a row answers to a form, and what stands where it is silent."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from engines import PROCESSES

from engine.commands.imports.answers import NOT_IN_REGISTER, Answers
from engine.commands.imports.bad_row import BadRow
from engine.forms import FormDefinition, read_form
from engine.people import Directory, PersonInfo, UnitInfo
from engine.worktime import load_calendar

NOW = datetime(2026, 2, 13, 8, tzinfo=UTC)
CALENDAR = load_calendar(PROCESSES / "calendars", "cn")
PEOPLE = {
    name: PersonInfo(name, {"zh": zh, "en": en}, None, "zh", True)
    for name, zh, en in (
        ("li_na", "李娜", "Li Na"),
        ("li_na_2", "李娜", "Li Na"),
        ("wang_wei", "王伟", "Wang Wei"),
    )
}
DIRECTORY = Directory(
    "bank", {"bank": UnitInfo("bank", None, "/bank/", {"zh": "城商行", "en": "City Bank"}, None)}, PEOPLE, ()
)
YES_OR_NO = {"type": "boolean", "x-label": {"zh": "是否满意", "en": "Satisfied"}}
FINDING = {
    "type": "string",
    "x-label": {"zh": "结论", "en": "Finding"},
    "x-options": [
        {"value": "justified", "label": {"zh": "属实", "en": "Justified"}},
        {"value": "not_justified", "label": {"zh": "不属实", "en": "Not justified"}},
    ],
}
TEXT = {"type": "string", "x-widget": "textarea", "x-label": {"zh": "解决方案", "en": "Solution"}}


def form(
    properties: dict[str, Any], required: tuple[str, ...] = (), example: dict[str, Any] | None = None
) -> FormDefinition:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "examples": [example or {}],
    }
    return read_form(orjson.dumps(schema), "form.json")


def answers(**values: Any) -> Answers:
    return Answers(values, DIRECTORY, CALENDAR)


def fill(given: Answers, asked: FormDefinition) -> dict[str, Any]:
    return given.fill(asked, handler="wang_wei", now=NOW)


def test_an_arrow_means_that_the_answer_changed() -> None:
    given = answers(satisfied="不满意 → 满意")
    asked = form({"satisfied": YES_OR_NO})

    assert [fill(given, asked)["satisfied"] for _ in range(3)] == [False, True, True]


def test_going_back_asks_the_same_question_again() -> None:
    given = answers(satisfied="否→是")
    asked = form({"satisfied": YES_OR_NO})
    mark = given.mark()
    fill(given, asked)

    given.back_to(mark)

    assert fill(given, asked) == {"satisfied": False}


def test_an_arrow_inside_of_a_text_is_part_of_the_text() -> None:
    asked = form({"solution": TEXT})

    assert fill(answers(solution="先退款→再致歉"), asked) == {"solution": "先退款→再致歉"}


def test_a_gap_in_a_choice_takes_the_example_and_a_gap_in_a_text_says_so() -> None:
    asked = form(
        {"decision": FINDING, "solution": TEXT},
        ("decision", "solution"),
        {"decision": "justified", "solution": "示例：已致歉"},
    )

    assert fill(answers(), asked) == {"decision": "justified", "solution": NOT_IN_REGISTER["zh"]}


def test_a_text_that_nobody_must_fill_in_stays_empty() -> None:
    assert fill(answers(), form({"solution": TEXT}, example={"solution": "示例"})) == {}


def test_the_result_in_words_stands_beside_the_finding() -> None:
    asked = form({"decision": FINDING, "solution": TEXT}, ("decision", "solution"), {"decision": "justified"})

    filled = fill(answers(result="致歉并增开窗口"), asked)

    assert filled == {"decision": "justified", "solution": "致歉并增开窗口"}


def test_a_result_that_is_a_finding_is_taken_for_it() -> None:
    asked = form({"decision": FINDING, "solution": TEXT}, ("decision", "solution"), {"decision": "justified"})

    assert fill(answers(result="不属实"), asked)["decision"] == "not_justified"


def test_the_result_is_the_decision_where_that_takes_any_text() -> None:
    asked = form({"decision": {"type": "string", "x-label": {"zh": "决定", "en": "Decision"}}}, ("decision",))

    assert fill(answers(result="致歉"), asked) == {"decision": "致歉"}


def test_registers_have_their_own_words_for_shared_values() -> None:
    channel = {
        "type": "string",
        "x-options": [
            {"value": "hotline", "label": {"zh": "客户服务电话", "en": "Service hotline"}},
            {"value": "visit", "label": {"zh": "上门", "en": "Visit"}},
        ],
    }

    assert fill(answers(channel="热线"), form({"channel": channel})) == {"channel": "hotline"}
    assert fill(answers(channel="来访"), form({"channel": channel})) == {"channel": "visit"}


def test_a_wrong_choice_is_refused_with_the_possible_ones() -> None:
    with pytest.raises(BadRow, match="Finding: expected one of Justified, Not justified") as refused:
        fill(answers(decision="也许"), form({"decision": FINDING}))
    assert "属实、不属实" in refused.value.zh


@pytest.mark.parametrize(("cell", "number"), [("1,200.50元", 1200.5), ("约80", 80), (35.0, 35), ("-3", -3)])
def test_numbers_are_found_among_units(cell: object, number: float) -> None:
    asked = form({"amount": {"type": "number", "x-label": {"zh": "金额", "en": "Amount"}}})

    assert fill(answers(amount=cell), asked) == {"amount": number}


def test_a_person_is_found_by_name_unless_two_share_it() -> None:
    asked = form(
        {"accused": {"type": "string", "x-widget": "user", "x-label": {"zh": "被投诉人", "en": "Accused"}}}
    )

    assert fill(answers(accused="Wang Wei"), asked) == {"accused": "wang_wei"}
    with pytest.raises(BadRow, match="li_na, li_na_2"):
        fill(answers(accused="李娜"), asked)


def test_a_required_person_and_day_are_the_handler_and_today() -> None:
    asked = form(
        {
            "responsible": {"type": "string", "x-widget": "user"},
            "on": {"type": "string", "x-widget": "date", "format": "date"},
        },
        ("responsible", "on"),
        {"responsible": "somebody", "on": "2020-01-01"},
    )

    assert fill(answers(), asked) == {"responsible": "wang_wei", "on": "2026-02-13"}
