"""The form editor's acts: what is shown and sent back unchanged changes no byte, and an act changes only its own words."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.forms import check_form, read_form
from engine.forms.edit import (
    add_field,
    change_field,
    change_head,
    form_bytes,
    head_words,
    keep_example,
    move_field,
    new_form,
    ordered_names,
    remove_field,
)
from engine.forms.field_words import LOOKS, FieldWords, OptionWords, field_words
from engine.forms.write_field import FormEditError

HOUSE = Path(__file__).parents[2]
FORM: dict[str, Any] = {
    "$id": "callback",
    "x-title": {"zh": "回访", "en": "Call back"},
    "type": "object",
    "$comment": "kept",
    "required": ["satisfied"],
    "properties": {
        "satisfied": {
            "type": "boolean",
            "x-widget": "radio",
            "x-label": {"zh": "满意", "en": "Satisfied", "de": "Zufrieden"},
            "x-options": [
                {"value": True, "label": {"zh": "是", "en": "Yes"}, "note": "kept"},
                {"value": False, "label": {"zh": "否", "en": "No"}},
            ],
        },
        "reason": {
            "type": "string",
            "maxLength": 500,
            "x-unknown": [1],
            "x-label": {"zh": "原因", "en": "Reason"},
            "x-show-if": {"field": "satisfied", "value": False},
        },
    },
    "examples": [{"satisfied": False, "reason": "慢"}],
}


def words(schema: dict[str, Any], name: str, /, **changed: Any) -> dict[str, Any]:
    return change_field(schema, name, replace(field_words(schema, name), **changed))


def real_forms() -> list[Path]:
    return sorted(HOUSE.glob("processes/*/forms/*.json"))


def test_what_is_shown_and_sent_back_changes_no_byte_of_any_form_of_the_house() -> None:
    forms = real_forms()
    for path in forms:
        content = path.read_bytes()
        schema = json.loads(content)
        for name in schema["properties"]:
            schema = change_field(schema, name, field_words(schema, name))
        zh, en, form, source = head_words(schema)
        schema = change_head(schema, zh=zh, en=en, register_form=form, source=source)
        assert form_bytes(schema) == content, path
    assert len(forms) > 300


def test_every_field_of_the_house_is_of_a_kind_that_the_editor_offers() -> None:
    looks = {
        (path.stem, name): field_words(schema, name).look
        for path in real_forms()
        for schema in [json.loads(path.read_bytes())]
        for name in schema["properties"]
    }
    assert [place for place, look in looks.items() if not look] == []


def test_moving_a_field_down_and_up_again_changes_no_byte_of_any_form() -> None:
    for path in real_forms():
        schema = json.loads(path.read_bytes())
        if "x-order" not in schema or set(schema["x-order"]) != set(schema["properties"]):
            continue
        names = ordered_names(schema)
        there = move_field(schema, names[0], 1)
        assert ordered_names(there)[:2] == names[:2][::-1]
        assert form_bytes(move_field(there, names[0], -1)) == path.read_bytes(), path


def test_a_changed_label_leaves_other_languages_and_unknown_words() -> None:
    changed = words(FORM, "satisfied", zh="是否满意")

    assert changed["properties"]["satisfied"]["x-label"] == {
        "zh": "是否满意",
        "en": "Satisfied",
        "de": "Zufrieden",
    }
    assert changed["properties"]["reason"] == FORM["properties"]["reason"]
    assert changed["$comment"] == "kept"


def test_options_keep_their_type_and_what_else_stands_on_them() -> None:
    options = (OptionWords("false", "不", "No"), OptionWords("true", "是", "Yes"))
    changed = words(FORM, "satisfied", options=options)["properties"]["satisfied"]["x-options"]

    assert changed == [
        {"value": False, "label": {"zh": "不", "en": "No"}},
        {"value": True, "label": {"zh": "是", "en": "Yes"}, "note": "kept"},
    ]


def test_a_renamed_field_is_renamed_wherever_the_form_names_it() -> None:
    changed = words(FORM, "satisfied", name="pleased")

    assert list(changed["properties"]) == ["pleased", "reason"]
    assert changed["required"] == ["pleased"]
    assert changed["properties"]["reason"]["x-show-if"]["field"] == "pleased"
    assert changed["examples"] == [{"pleased": False, "reason": "慢"}]


def test_a_condition_takes_the_values_of_the_field_that_it_asks() -> None:
    several = words(FORM, "reason", show_values=("true", "false"))["properties"]["reason"]["x-show-if"]
    none = words(FORM, "reason", show_field="")["properties"]["reason"]
    filled = words(FORM, "reason", show_op="filled")["properties"]["reason"]["x-show-if"]

    assert several == {"field": "satisfied", "op": "in", "value": [True, False]}
    assert "x-show-if" not in none
    assert filled == {"field": "satisfied", "op": "filled"}


def test_each_kind_of_field_that_is_added_makes_a_form_that_can_be_read() -> None:
    schema = new_form("fresh", "新表", "Fresh")
    for look in LOOKS:
        schema = add_field(schema, name=f"a_{look}", look=look, zh="栏", en="Field")
        assert field_words(schema, f"a_{look}").look == look
    form = read_form(form_bytes(schema), "forms/fresh.json")

    assert check_form(form) == []
    assert [one.name for one in form.fields] == [f"a_{look}" for look in LOOKS]


def test_a_removed_field_is_gone_from_order_examples_and_what_is_required() -> None:
    changed = remove_field(FORM, "satisfied")

    assert changed["required"] == []
    assert changed["examples"] == [{"reason": "慢"}]
    # Who else asks for it is told, not decided for the owner.
    assert [one.field for one in check_form(read_form(form_bytes(changed), "f.json"))] == ["reason", "reason"]


def test_an_example_is_kept_in_place_or_added() -> None:
    assert keep_example(FORM, 0, {"satisfied": True})["examples"] == [{"satisfied": True}]
    assert len(keep_example(FORM, 1, {"satisfied": True})["examples"]) == 2


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"name": "2nd"}, "name"),
        ({"name": "reason"}, "name"),
        ({"name": "满意"}, "name"),
        ({"min_length": "many"}, "min_length"),
        ({"min_length": "-1"}, "min_length"),
        ({"maximum": "1e5"}, "maximum"),
        ({"pattern": "(a+)+"}, "pattern"),
        ({"look": "hologram"}, "look"),
        ({"options": (OptionWords("a"), OptionWords("a"))}, "options"),
        ({"options": (OptionWords(""),)}, "options"),
        ({"show_field": "satisfied"}, "show_field"),
        ({"show_field": "nobody"}, "show_field"),
    ],
)
def test_what_cannot_be_is_refused_at_its_word(changed: dict[str, Any], word: str) -> None:
    with pytest.raises(FormEditError) as refused:
        words(FORM, "satisfied", **changed)

    assert refused.value.word == word
    assert refused.value.zh
    assert refused.value.en


def test_the_words_of_a_field_are_plain_text() -> None:
    assert field_words(FORM, "reason") == FieldWords(
        "reason",
        "text",
        "原因",
        "Reason",
        max_length="500",
        show_field="satisfied",
        show_op="is",
        show_values=("false",),
    )
