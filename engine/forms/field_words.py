"""What a person reads and changes of one field of a form: all of it text and yes or no, as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What a process owner chooses → JSON type and x-widget. The first widget is written, the others look the same.
LOOKS: Mapping[str, tuple[str, tuple[str | None, ...]]] = {
    "text": ("string", (None, "text")),
    "textarea": ("string", ("textarea",)),
    "select": ("string", ("select",)),
    "radio": ("string", ("radio",)),
    "yes_no": ("boolean", ("radio",)),
    "tick": ("boolean", (None, "checkbox")),
    "several": ("array", ("checkbox",)),
    "date": ("string", ("date",)),
    "datetime": ("string", ("datetime",)),
    "integer": ("integer", (None, "number")),
    "number": ("number", (None, "number")),
    "money": ("number", ("money",)),
    "user": ("string", ("user",)),
    "unit": ("string", ("unit",)),
    "file": ("string", ("file",)),
    "phone": ("string", ("phone",)),
    "email": ("string", ("email",)),
    "heading": ("string", ("heading",)),
}
WITH_OPTIONS = frozenset({"select", "radio", "yes_no", "several"})
# Which limits a person may set, by look; what stands in the file besides is shown too.
LIMITS_OF: Mapping[str, tuple[str, ...]] = {
    "text": ("min_length", "max_length", "pattern"),
    "textarea": ("min_length", "max_length"),
    "phone": ("min_length", "max_length", "pattern"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "money": ("minimum", "maximum"),
}
LIMITS = {"minimum": "minimum", "maximum": "maximum", "min_length": "minLength", "max_length": "maxLength"}


@dataclass(frozen=True)
class OptionWords:
    value: str
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class FieldWords:
    """`look`: a key of LOOKS, empty for a pair of type and widget that none of them is.

    `show_op`: is | not | filled, empty for a field that is always shown.
    """

    name: str
    look: str
    zh: str = ""
    en: str = ""
    help_zh: str = ""
    help_en: str = ""
    source: str = ""
    is_required: bool = False
    is_readonly: bool = False
    is_half: bool = False
    options: tuple[OptionWords, ...] = ()
    minimum: str = ""
    maximum: str = ""
    min_length: str = ""
    max_length: str = ""
    pattern: str = ""
    show_field: str = ""
    show_op: str = ""
    show_values: tuple[str, ...] = ()


def field_words(schema: Mapping[str, Any], name: str) -> FieldWords:
    """`schema`: of the whole form. Raises KeyError for a field that the form does not have."""
    field = schema["properties"][name]
    rule = field.get("x-show-if") or {}
    return FieldWords(
        name=name,
        look=look_of(field),
        zh=local_text(field.get("x-label"), "zh"),
        en=local_text(field.get("x-label"), "en"),
        help_zh=local_text(field.get("x-help"), "zh"),
        help_en=local_text(field.get("x-help"), "en"),
        source=plain(field.get("x-source", "")) if isinstance(field.get("x-source", ""), str) else "",
        is_required=name in schema.get("required", ()),
        is_readonly=bool(field.get("x-readonly")),
        is_half=field.get("x-width") == "half",
        options=_options(field),
        pattern=plain(field.get("pattern", "")),
        show_field=str(rule.get("field", "")),
        show_op=_operator(rule),
        show_values=_values(rule),
        **{word: value_text(field[key]) for word, key in LIMITS.items() if key in field},
    )


def look_of(field: Mapping[str, Any]) -> str:
    kind, widget = field.get("type", "string"), field.get("x-widget")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "string")
    if kind == "string" and widget is None and ("x-options" in field or "enum" in field):
        return "select"
    for look, (wanted, widgets) in LOOKS.items():
        if kind == wanted and widget in widgets:
            return look
    return ""


def local_text(texts: Any, language: str) -> str:
    """A text without language is Chinese: its English is what the finding asks for."""
    if isinstance(texts, Mapping):
        return plain(texts.get(language, ""))
    return plain(texts) if isinstance(texts, str) and language == "zh" else ""


def plain(text: Any) -> str:
    """As a browser sends it back: one kind of line end, no blanks around it."""
    return str(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def value_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else plain(value)


def _options(field: Mapping[str, Any]) -> tuple[OptionWords, ...]:
    if "x-options" in field:
        return tuple(
            OptionWords(
                value_text(one["value"]),
                local_text(one.get("label"), "zh"),
                local_text(one.get("label"), "en"),
            )
            for one in field["x-options"]
        )
    return tuple(OptionWords(value_text(value)) for value in field.get("enum", ()))


def _operator(rule: Mapping[str, Any]) -> str:
    if not rule:
        return ""
    return {"eq": "is", "in": "is", "ne": "not", "filled": "filled"}.get(str(rule.get("op", "eq")), "")


def _values(rule: Mapping[str, Any]) -> tuple[str, ...]:
    if "value" not in rule:
        return ()
    value = rule["value"]
    return tuple(map(value_text, value)) if isinstance(value, list) else (value_text(value),)
