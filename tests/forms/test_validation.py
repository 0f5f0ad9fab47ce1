"""What a form takes, what it drops, and what it says about the rest. Nothing that does not fit is ever taken."""

import time
from datetime import datetime

import pytest
from form_files import form

TEXT = {"type": "string"}


def errors(values: dict, **options) -> dict[str, str]:
    return {name: texts["en"] for name, texts in form(**options).validate(values).errors.items()}


def taken(values: dict, **options) -> dict:
    found = form(**options).validate(values)
    assert found.errors == {}
    return found.values


def test_it_takes_what_fits_and_trims_texts():
    assert taken({"reason": "  太慢  "}, reason=TEXT, required=["reason"]) == {"reason": "太慢"}


@pytest.mark.parametrize("empty", [{}, {"reason": ""}, {"reason": "   "}, {"reason": None}, {"reason": []}])
def test_a_required_field_must_be_filled(empty):
    found = form(reason=TEXT, required=["reason"]).validate(empty)

    assert found.errors == {"reason": {"zh": "请填写。", "en": "Please fill this in."}}
    assert found.values == {}


def test_a_draft_need_not_be_complete_but_must_fit():
    draft = form(reason=TEXT, days={"type": "integer"}, required=["reason", "days"])

    assert draft.validate({"reason": "x"}, is_partial=True).errors == {}
    assert draft.validate({"days": "many"}, is_partial=True).errors.keys() == {"days"}


def test_a_field_that_was_emptied_is_emptied():
    assert taken({"reason": ""}, reason=TEXT) == {"reason": None}
    assert taken({}, reason=TEXT) == {}


@pytest.mark.parametrize("value", [False, 0, 0.0])
def test_no_and_nothing_are_answers(value):
    kind = {bool: "boolean", int: "integer", float: "number"}[type(value)]

    assert taken({"x": value}, x={"type": kind}, required=["x"]) == {"x": value}


def test_a_field_that_the_form_does_not_have_is_refused():
    assert errors({"reason": "x", "is_admin": True}, reason=TEXT) == {
        "is_admin": "The form has no field 'is_admin'."
    }


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        (TEXT, 5, "应为文字。", "Expected a text."),
        ({"type": ["number", "null"]}, "x", "应为数字。", "Expected a number."),
        ({"type": "integer"}, 1.5, "应为整数。", "Expected a whole number."),
        ({"type": "integer"}, True, "应为整数。", "Expected a whole number."),
        ({"type": "boolean"}, "yes", "应为是或否。", "Expected yes or no."),
        ({"type": "array"}, "x", "应为列表。", "Expected a list."),
        ({"type": "object"}, "x", "应为对象。", "Expected an object."),
        ({**TEXT, "enum": ["a"]}, "b", "请从选项中选择。", "Please choose one of the options."),
        ({"type": "boolean", "const": True}, False, "请从选项中选择。", "Please choose one of the options."),
        ({**TEXT, "maxLength": 3}, "four", "最多 3 个字。", "At most 3 characters."),
        ({**TEXT, "minLength": 3}, "ab", "至少 3 个字。", "At least 3 characters."),
        ({"type": "number", "maximum": 5}, 6, "不能大于 5。", "At most 5."),
        ({"type": "number", "minimum": 5}, 4, "不能小于 5。", "At least 5."),
        ({"type": "number", "exclusiveMinimum": 5}, 5, "应大于 5。", "More than 5."),
        ({"type": "number", "exclusiveMaximum": 5}, 5, "应小于 5。", "Less than 5."),
        ({"type": "number", "multipleOf": 5}, 6, "应为 5 的倍数。", "Expected a multiple of 5."),
        ({**TEXT, "pattern": "^A"}, "B", "格式不对。", "The format is not right."),
        ({**TEXT, "format": "email"}, "x", "应为电子邮箱地址。", "Expected an e-mail address."),
        ({**TEXT, "format": "uri"}, "x y", "应为网址。", "Expected a web address."),
        ({"type": "array", "minItems": 2}, ["a"], "至少 2 项。", "At least 2 entries."),
        ({"type": "array", "maxItems": 1}, ["a", "b"], "最多 1 项。", "At most 1 entries."),
        ({"type": "array", "uniqueItems": True}, ["a", "a"], "不能重复。", "No entry may stand twice."),
        ({"type": "array", "contains": {"const": 1}}, ["a"], "填写有误。", "This does not fit."),
        (TEXT, "x" * 20_001, "最多 20000 个字。", "At most 20000 characters."),
    ],
)  # fmt: skip
def test_it_says_what_does_not_fit(field, value, zh, en):
    found = form(x=field).validate({"x": value})

    assert found.errors == {"x": {"zh": zh, "en": en}}
    assert found.values == {}


@pytest.mark.parametrize(
    ("widget", "yes", "no"),
    [
        ("date", ["2026-02-13", "2024-02-29"], ["13.2.2026", "2026-02-30", "2026-2-13", "2026-02-13T16:00", "20260213"]),
        # Browsers send moments without zone and seconds; the calendar's zone is meant.
        ("datetime", ["2026-02-13T16:00", "2026-02-13T16:00:30", "2026-02-13T16:00:00+08:00", "2026-02-13T08:00:00Z"], ["2026-02-13", "16:00", "2026-02-13T25:00", "soon"]),
        ("email", ["li_na@bank.example"], ["li_na", "李娜"]),
    ],
)  # fmt: skip
def test_a_widget_implies_the_format_of_its_text(widget, yes, no):
    dated = form(x={**TEXT, "x-widget": widget})

    assert [one for one in yes if dated.validate({"x": one}).errors] == []
    assert [one for one in no if not dated.validate({"x": one}).errors] == []
    if widget == "datetime":
        assert all(datetime.fromisoformat(one) for one in yes)


@pytest.mark.parametrize(
    "value",
    [
        "a\0b",
        "\ud800",
        ["a", "\0"],
        {"a": "\0"},
        {"\0": 1},
        float("nan"),
        float("inf"),
        [float("-inf")],
        {1: 2},
        pytest.param(object(), id="object"),  # its own text differs in each process
        b"x",
    ],
    ids=ascii,
)
def test_what_no_database_keeps_is_refused(value):
    assert errors({"x": value}, x={}) == {"x": "It holds a character or number that cannot be kept."}


def test_a_value_of_endless_depth_is_refused_without_a_crash():
    deep: list = []
    for _ in range(5_000):
        deep = [deep]

    assert errors({"x": [deep]}, x={"type": "array"}) == {
        "x": "It holds a character or number that cannot be kept."
    }


OPTIONS = [{"value": "a", "label": {"zh": "甲", "en": "A"}}, {"value": "b", "label": {"zh": "乙", "en": "B"}}]


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [("string", "a", "c"), ("array", ["a", "b"], ["a", "c"]), ("array", ["a"], [{"value": "a"}])],
)
def test_only_what_the_options_offer_is_taken(kind, yes, no):
    field = {"type": kind, "x-options": OPTIONS}

    assert taken({"x": yes}, x=field) == {"x": yes}
    assert errors({"x": no}, x=field) == {"x": "Please choose one of the options."}


def test_a_read_only_field_cannot_be_changed_from_outside():
    locked = {"number": {**TEXT, "x-readonly": True}, "reason": TEXT}

    assert taken({"number": "2026-00001", "reason": "x"}, **locked) == {"reason": "x"}


HIDING = {
    "satisfied": {"type": "boolean"},
    "reason": {**TEXT, "x-show-if": {"field": "satisfied", "value": False}},
    "detail": {**TEXT, "x-show-if": {"field": "reason", "op": "filled"}},
}


def test_a_hidden_field_is_neither_asked_for_nor_taken():
    options = HIDING | {"required": ["satisfied", "reason"]}

    assert taken({"satisfied": True, "reason": "left over"}, **options) == {"satisfied": True}
    assert errors({"satisfied": False}, **options) == {"reason": "Please fill this in."}
    assert taken({"satisfied": False, "reason": "slow"}, **options) == {"satisfied": False, "reason": "slow"}


def test_what_a_hidden_field_holds_shows_no_other_field():
    assert taken({"satisfied": True, "reason": "left over", "detail": "left over"}, **HIDING) == {
        "satisfied": True
    }
    assert taken({"satisfied": False, "reason": "slow", "detail": "very"}, **HIDING)["detail"] == "very"


def test_a_hidden_field_is_not_even_checked():
    options = {"a": TEXT, "b": {"type": "integer", "x-show-if": {"field": "a", "value": "yes"}}}

    assert taken({"a": "no", "b": "rubbish"}, **options) == {"a": "no"}


@pytest.mark.parametrize(
    ("rule", "shown_by", "hidden_by"),
    [
        ({"field": "a", "value": "x"}, ["x"], ["y", None, ""]),
        ({"field": "a", "op": "eq", "value": "x"}, ["x"], ["y"]),
        ({"field": "a", "op": "ne", "value": "x"}, ["y", None], ["x"]),
        ({"field": "a", "op": "in", "value": ["x", "y"]}, ["x", "y"], ["z", None]),
        ({"field": "a", "op": "filled"}, ["x"], [None, "", "  "]),
    ],
)
def test_a_field_is_shown_by_another(rule, shown_by, hidden_by):
    showing = form(a=TEXT, b={**TEXT, "x-show-if": rule})

    for value in shown_by:
        assert showing.validate({"a": value, "b": "kept"}).values.get("b") == "kept"
    for value in hidden_by:
        assert "b" not in showing.validate({"a": value, "b": "dropped"}).values


def test_two_fields_that_show_each_other_are_both_hidden():
    options = {
        "a": {**TEXT, "x-show-if": {"field": "b", "op": "filled"}},
        "b": {**TEXT, "x-show-if": {"field": "a", "op": "filled"}},
    }

    assert taken({"a": "x", "b": "y"}, **options) == {}


def test_a_long_text_is_not_matched_with_a_pattern():
    began = time.process_time()

    assert errors({"x": "a" * 5_000}, x={**TEXT, "pattern": "^a*a*a*b$"}) == {"x": "At most 300 characters."}
    assert errors({"x": "a" * 300}, x={**TEXT, "pattern": "^a*a*a*b$"}) == {"x": "The format is not right."}
    assert time.process_time() - began < 2


def test_a_heading_holds_nothing():
    assert taken({"part": "x"}, part={**TEXT, "x-widget": "heading"}) == {}
    assert form(part={**TEXT, "x-widget": "heading"}, a=TEXT).field_names == ("a",)
