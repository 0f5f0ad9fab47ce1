"""What a browser sends becomes JSON values; what cannot be read stays text, so that the form can say so."""

import pytest
from form_files import form


def read(posted: dict, **fields):
    return form(**fields).from_html(posted)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "  太慢 ", "太慢"),
        ("string", "", None),
        ("string", "0012", "0012"),
        ("integer", "12", 12),
        ("integer", "-3", -3),
        ("integer", "+3", 3),
        ("integer", "１２", 12),
        ("number", "12.50", 12.5),
        ("number", "１２．５", 12.5),
        ("number", "7", 7),
        ("number", "", None),
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("boolean", "", None),
    ],
)
def test_a_text_becomes_a_value_of_its_kind(kind, text, value):
    found = read({"x": [text]}, x={"type": kind, "x-widget": "select"})["x"]

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("integer", one) for one in ("many", "1.5e3", "1_000", "0x10", "--5", "9" * 30)),
        *(("number", one) for one in ("nan", "inf", "-Infinity", "1e999", "1e5", "1,200", "1_0", "12.", "½", "二")),
        *(("boolean", one) for one in ("maybe", "yes", "True ja")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_stays_text_and_is_refused(kind, text):
    fields = {"x": {"type": kind, "x-widget": "text"}}

    posted = read({"x": [text]}, **fields)

    assert posted == {"x": text}
    assert form(**fields).validate(posted).errors.keys() == {"x"}


def test_a_box_that_is_not_ticked_is_no():
    fields = {"agreed": {"type": "boolean"}}

    assert read({}, **fields) == {"agreed": False}
    assert read({"agreed": ["on"]}, **fields) == {"agreed": True}
    assert read({"agreed": ["false", "true"]}, **fields) == {"agreed": True}  # a hidden field before the box


def test_a_choice_of_yes_and_no_that_was_not_made_is_left_out():
    fields = {"agreed": {"type": "boolean", "x-widget": "radio"}}

    assert read({}, **fields) == {}
    assert read({"agreed": ["false"]}, **fields) == {"agreed": False}


def test_a_list_of_which_nothing_is_ticked_is_emptied():
    fields = {"channels": {"type": "array", "x-widget": "checkbox"}}

    assert read({}, **fields) == {"channels": []}
    assert read({"channels": ["a", "", "b"]}, **fields) == {"channels": ["a", "b"]}
    assert form(**fields).validate({"channels": []}).values == {"channels": None}


def test_a_list_of_numbers_holds_numbers():
    assert read({"days": ["1", "２"]}, days={"type": "array", "items": {"type": "integer"}}) == {
        "days": [1, 2]
    }


def test_of_a_field_sent_twice_the_first_counts_and_what_the_form_does_not_have_is_not_read():
    assert read({"a": ["1", "2"], "is_admin": ["true"]}, a={"type": "string"}) == {"a": "1"}


def test_files_and_headings_are_not_read_from_texts():
    assert (
        read(
            {"paper": ["x"], "part": ["y"]},
            paper={"type": "string", "x-widget": "file"},
            part={"x-widget": "heading"},
        )
        == {}
    )
