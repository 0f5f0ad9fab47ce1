"""Form files: what is refused when it is read, and what check_form finds before it is deployed."""

from pathlib import Path

import orjson
import pytest
from form_files import form, form_file

from engine.forms import FormFileError, check_form, read_form

TEXT = {"type": "string"}
FORMS = sorted((Path(__file__).parents[2] / "processes").glob("*/forms/*.json"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_the_forms_of_the_house_are_sound(path):
    found = read_form(path.read_bytes(), path.name)

    assert check_form(found) == []
    assert found.key == path.stem
    for locale in ("zh", "en"):
        assert found.title(locale) != found.key


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[]", "properties"),
        (b'"x"', "properties"),
        (b'{"type": "object"}', "properties"),
        (b'{"properties": []}', "properties"),
        (form_file(a={"type": "text"}), "JSON Schema"),
        (form_file(a={"maxLength": -1}), "JSON Schema"),
        (form_file(a={"pattern": "("}), "JSON Schema"),
        (form_file(a=True), "describes the field"),
        (form_file(a=TEXT, examples=["x"]), "examples"),
        (form_file(a=TEXT, more={"x-order": "a"}), "x-order"),
        (form_file(a={**TEXT, "x-options": {"a": "A"}}), "x-options"),
        (form_file(a={**TEXT, "x-options": ["a"]}), "x-options"),
        (form_file(a={**TEXT, "x-options": [{"label": {}}]}), "x-options"),
        (form_file(a={**TEXT, "x-options": [{"value": 1, "label": "A"}]}), "x-options"),
        (form_file(a={**TEXT, "x-show-if": "b"}), "x-show-if"),
        (form_file(a={**TEXT, "x-widget": ["text"]}), "x-widget"),
        (form_file(a={"$ref": "#/$defs/a"}), "$ref"),
        (form_file(a={"$ref": "http://169.254.169.254/latest/meta-data"}), "$ref"),
        (form_file(a={"type": "array", "items": {"$ref": "file:///etc/passwd"}}), "$ref"),
        (form_file(a={"allOf": [{"$dynamicRef": "#x"}]}), "$dynamicRef"),
        (b" " * 500_001, "500 kB"),
        (b'{"properties":{"a":' + b'{"not":' * 3000 + b"{}" + b"}" * 3000 + b"}}", "nested|JSON"),
    ],
    ids=lambda one: ascii(one)[:60],
)  # fmt: skip
def test_a_file_that_could_not_be_shown_or_would_do_harm_is_refused(content, part):
    with pytest.raises(FormFileError) as refused:
        read_form(content, "forms/callback.json")

    assert refused.value.en.startswith("forms/callback.json: ")
    assert refused.value.zh.startswith("forms/callback.json：")
    assert any(one in refused.value.en for one in part.split("|"))


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a*)*", "^(a|a)*$", "(a|aa)+", "([a-z]+)*x", "(.*a){20}", "((a?)b)*", "(\\d+)+", "^(([a-z])+.)+$", "a*b*c*d*", "(a)\\1", "(?=a)b", "(?<=a)b", "(?i)a", "((a{1,9}){1,9}){1,9}", "x" * 301],
)  # fmt: skip
def test_a_pattern_that_could_take_for_ever_is_refused(pattern):
    with pytest.raises(FormFileError, match="could take for ever"):
        form(a={**TEXT, "pattern": pattern})


@pytest.mark.parametrize(
    "pattern",
    ["^1[3-9]\\d{9}$", "^[A-Z]{2}-\\d+$", "^.+@.+\\..+$", "^(\\d{3}-)?\\d{8}$", "^(?:甲|乙)$", "^([A-Z]\\d){2}$", "^[(]+$", "^[^)]*$", "^\\(\\d+\\)$", "^a{2,5}$", "[+*]+"],
)  # fmt: skip
def test_patterns_that_people_write_are_taken(pattern):
    assert form(a={**TEXT, "pattern": pattern}).fields[0].schema["pattern"] == pattern


def test_its_key_is_its_id_or_its_file_name():
    assert form(a=TEXT).key == "callback"
    assert form(a=TEXT, more={"$id": "https://huiyin.example/forms/answer.json"}).key == "answer"
    assert read_form(orjson.dumps({"properties": {}}), "forms/answer.json").key == "answer"


def findings(**options) -> list[str]:
    return [one.says("en").partition("callback.json")[2] for one in check_form(form(**options))]


def test_a_sound_form_has_no_findings():
    assert (
        findings(
            a=TEXT,
            b={**TEXT, "x-show-if": {"field": "a", "value": "x"}},
            required=["a"],
            examples=[{"a": "x", "b": "y"}],
        )
        == []
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"a": TEXT, "examples": []}, "There is no example"),
        ({"a": TEXT, "required": ["a"]}, "a: Example 1 does not fit: Please fill this in."),
        ({"a": TEXT, "examples": [{}, {"a": 5}]}, "a: Example 2 does not fit: Expected a text."),
        ({"a": TEXT, "examples": [{"b": 5}]}, "b: Example 1 does not fit: The form has no field 'b'."),
        ({"a": TEXT, "required": ["b"]}, "b: required names a field that does not exist."),
        ({"a": TEXT, "more": {"x-order": ["a", "b"]}}, "b: x-order names a field that does not exist."),
        ({"a": TEXT, "more": {"x-tilte": {}}}, "'x-tilte' is not known."),
        ({"a": TEXT, "more": {"if": {"required": ["a"]}}}, "'if' is not executed; use x-show-if."),
        ({"a": TEXT, "more": {"allOf": [{}]}}, "'allOf' is not executed"),
        ({"a": {**TEXT, "x-label": {"zh": "甲"}}}, "a: There is no label in en."),
        ({"a": {**TEXT, "x-label": "甲"}}, "a: There is no label in zh."),
        ({"a": {**TEXT, "x-options": [{"value": 1, "label": {"zh": "一"}}]}}, "a: Option 1 has no label in en."),
        ({"a": {**TEXT, "x-labl": {}}}, "a: 'x-labl' is not known."),
        ({"a": {**TEXT, "x-widget": "slider"}}, "a: The widget 'slider' is not known."),
        ({"a": {**TEXT, "x-readonly": True}, "required": ["a"]}, "a: A read-only field cannot be required."),
        ({"a": {**TEXT, "x-readonly": True}, "examples": [{"a": "x"}]}, "a: Example 1 fills in a read-only field."),
        ({"a": {**TEXT, "x-show-if": {"field": "b", "value": 1}}}, "a: It is shown by a field 'b' that does not exist."),
        ({"a": {**TEXT, "x-show-if": {"field": "a", "value": 1}}}, "a: It is shown by a field 'a'"),
        ({"a": {**TEXT, "x-show-if": {"value": 1}}}, "a: It is shown by a field None"),
        ({"a": TEXT, "b": {**TEXT, "x-show-if": {"field": "a", "op": "gt", "value": 1}}}, "b: Use one of eq, ne, in, filled."),
        ({"a": TEXT, "b": {**TEXT, "x-show-if": {"field": "a", "is": 1}}}, "b: Use one of eq"),
        ({"a": TEXT, "b": {**TEXT, "x-show-if": {"field": "a", "op": "in", "value": "abc"}}}, "b: The value of its condition"),
        ({"a": TEXT, "b": {**TEXT, "x-show-if": {"field": "a"}}}, "b: The value of its condition"),
    ],
)  # fmt: skip
def test_check_form_finds(options, said):
    found = findings(**options)

    assert any(said in one for one in found), found


def test_findings_are_said_in_chinese_too():
    assert (
        check_form(form(a=TEXT, examples=[]))[0].says("zh") == "forms/callback.json: 缺少示例（examples）。"
    )
