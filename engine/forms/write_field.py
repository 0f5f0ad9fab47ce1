"""Writes into one field of a form what a person changed: only the words that differ from what was shown."""

from collections.abc import Mapping
from typing import Any

from engine.forms.definition import from_text
from engine.forms.field_words import LIMITS, LOOKS, WITH_OPTIONS, FieldWords, OptionWords, look_of, value_text
from engine.forms.patterns import is_safe_pattern

_YES_NO = [
    {"value": True, "label": {"zh": "是", "en": "Yes"}},
    {"value": False, "label": {"zh": "否", "en": "No"}},
]


class FormEditError(ValueError):
    """`word`: of FieldWords, or `key`: where on the page it is wrong."""

    def __init__(self, word: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.word, self.en, self.zh = word, en, zh


def write_field(schema: dict[str, Any], name: str, shown: FieldWords, words: FieldWords) -> None:
    """Changes `schema`, a copy. Name and whether it is required are the form's business. Raises FormEditError."""
    field = schema["properties"][name]
    if words.look != shown.look:
        _write_look(field, words.look)
    _write_texts(field, "x-label", (shown.zh, shown.en), (words.zh, words.en))
    _write_texts(field, "x-help", (shown.help_zh, shown.help_en), (words.help_zh, words.help_en))
    if words.options != shown.options:
        _write_options(field, words.options)
    for word, key in LIMITS.items():
        if getattr(words, word) != getattr(shown, word):
            _write_limit(field, word, key, getattr(words, word))
    if words.pattern != shown.pattern:
        if words.pattern and not is_safe_pattern(words.pattern):
            raise FormEditError(
                "pattern", "This pattern could take for ever, or is none.", "正则有误，或可能耗时过长。"
            )
        _put(field, "pattern", words.pattern)
    if words.source != shown.source:
        _put(field, "x-source", words.source)
    if words.is_readonly != shown.is_readonly:
        _put(field, "x-readonly", words.is_readonly)
    if words.is_half != shown.is_half:
        _put(field, "x-width", "half" if words.is_half else "")
    asked = (shown.show_field, shown.show_op, shown.show_values)
    if (words.show_field, words.show_op, words.show_values) != asked:
        _write_condition(schema, field, shown, words)


def _put(field: dict[str, Any], key: str, value: Any) -> None:
    if value:
        field[key] = value
    else:
        field.pop(key, None)


def _write_look(field: dict[str, Any], look: str) -> None:
    if look not in LOOKS:
        raise FormEditError("look", "Choose a kind of field.", "请选择字段类型。")
    kind, widgets = LOOKS[look]
    held = field.get("type", "string")
    if isinstance(held, list):
        field["type"] = [kind, *(one for one in held if one == "null")]
    else:
        field["type"] = kind
    _put(field, "x-widget", widgets[0])
    if look == "yes_no":
        if not all(isinstance(one["value"], bool) for one in field.get("x-options", [{"value": ""}])):
            field["x-options"] = [dict(one) for one in _YES_NO]
    elif look not in WITH_OPTIONS:
        field.pop("x-options", None)
        field.pop("enum", None)
    if look == "several":
        field.setdefault("items", {"type": "string"})


def _write_texts(field: dict[str, Any], key: str, shown: tuple[str, str], given: tuple[str, str]) -> None:
    if given == shown:
        return
    held = field.get(key)
    texts = dict(held) if isinstance(held, Mapping) else {}
    for language, text in zip(("zh", "en"), given, strict=True):
        if text:
            texts[language] = text
        else:
            texts.pop(language, None)
    _put(field, key, texts)


def _write_limit(field: dict[str, Any], word: str, key: str, text: str) -> None:
    if not text:
        field.pop(key, None)
        return
    is_length = word.endswith("_length")
    value = from_text(text, "number")
    if isinstance(value, str) or (is_length and (not isinstance(value, int) or value < 0)):
        wanted = ("a whole number", "整数") if is_length else ("a number", "数字")
        raise FormEditError(
            word, f"Expected {wanted[0]}, but it is {text!r}.", f"应为{wanted[1]}，但写的是“{text}”。"
        )
    field[key] = value


def _kind(field: Mapping[str, Any]) -> str:
    look = look_of(field)
    if look == "several":
        return str((field.get("items") or {}).get("type", "string"))
    kind = field.get("type", "string")
    return str(kind if not isinstance(kind, list) else next((one for one in kind if one != "null"), "string"))


def _write_options(field: dict[str, Any], options: tuple[OptionWords, ...]) -> None:
    values = [one.value for one in options]
    if "" in values:
        raise FormEditError("options", "Each option needs a value.", "每个选项都要有值。")
    if len(set(values)) < len(values):
        raise FormEditError("options", "Two options have one value.", "选项的值重复。")
    held = {value_text(one["value"]): one for one in field.get("x-options", ())}
    known = {value_text(value): value for value in field.get("enum", ())}
    known |= {text: one["value"] for text, one in held.items()}
    typed = [known.get(one.value, from_text(one.value, _kind(field))) for one in options]
    if "x-options" in field or any(one.zh or one.en for one in options) or "enum" not in field:
        written = []
        for one, value in zip(options, typed, strict=True):
            option = {"value": value, **held.get(one.value, {})}
            shown = held.get(one.value, {}).get("label") or {}
            _write_texts(option, "label", (shown.get("zh", ""), shown.get("en", "")), (one.zh, one.en))
            written.append(option)
        _put(field, "x-options", written)
    for holder in (field, field.get("items") or {}):
        if "enum" in holder:
            _put(holder, "enum", typed)


def _write_condition(
    schema: Mapping[str, Any], field: dict[str, Any], shown: FieldWords, words: FieldWords
) -> None:
    if not words.show_field:
        field.pop("x-show-if", None)
        return
    controller = schema["properties"].get(words.show_field)
    if controller is None or words.show_field == words.name:
        raise FormEditError("show_field", "Choose another field of this form.", "请选择本表单的另一字段。")
    possible = choices_of(controller)
    if words.show_field != shown.show_field:
        # What was chosen for the field before says nothing of this one.
        value = next(iter(possible.values()), None)
        field["x-show-if"] = {"field": words.show_field} | (
            {"op": "eq", "value": value} if possible else {"op": "filled"}
        )
        return
    rule = field["x-show-if"]
    values = [possible.get(one, from_text(one, _kind(controller))) for one in words.show_values if one]
    if words.show_op == "filled":
        rule["op"] = "filled"
        rule.pop("value", None)
        return
    if not values:
        if not possible:
            raise FormEditError("show_values", "Expected the value to compare with.", "请填写要比较的值。")
        values = [next(iter(possible.values()))]
    if words.show_op == "not" and len(values) > 1:
        raise FormEditError("show_values", "“Is not” takes one value.", "“不是”只能选一个值。")
    is_list = words.show_op == "is" and len(values) > 1
    rule["op"] = "ne" if words.show_op == "not" else "in" if is_list else "eq"
    rule["value"] = values if is_list else values[0]


def choices_of(field: Mapping[str, Any]) -> dict[str, Any]:
    """What a field can hold when that is a list: text → value."""
    if "x-options" in field:
        return {value_text(one["value"]): one["value"] for one in field["x-options"]}
    if "enum" in field:
        return {value_text(value): value for value in field["enum"]}
    return {"true": True, "false": False} if _kind(field) == "boolean" else {}
