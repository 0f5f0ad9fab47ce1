"""One form: its fields, what may be filled in, and how HTML text becomes JSON values."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator

from engine.forms.formats import CHECKER, FORMAT_OF_WIDGET
from engine.forms.messages import message_of

DEEPEST_VALUE = 20
LONGEST_TEXT = 20_000  # of a field that sets no maxLength
LONGEST_MATCHED = 300  # of a field with a pattern: matching takes time that grows with the text
WIDGETS = (
    *("text", "textarea", "select", "radio", "checkbox", "date", "datetime", "number", "money"),
    *("user", "unit", "file", "phone", "email", "heading"),
)


@dataclass(frozen=True)
class Field:
    name: str
    schema: Mapping[str, Any]
    is_required: bool

    @property
    def widget(self) -> str:
        given = self.schema.get("x-widget")
        if given:
            return str(given)
        if self.options:
            return "select"
        return {"boolean": "checkbox", "integer": "number", "number": "number"}.get(self.kind, "text")

    @property
    def kind(self) -> str:
        kind = self.schema.get("type", "string")
        if isinstance(kind, list):
            kind = next((one for one in kind if one != "null"), "string")
        return str(kind)

    def label(self, locale: str) -> str:
        return _local(self.schema.get("x-label"), locale) or self.name

    def help(self, locale: str) -> str:
        return _local(self.schema.get("x-help"), locale)

    @property
    def options(self) -> list[tuple[Any, Mapping[str, str]]]:
        given = self.schema.get("x-options")
        if given:
            return [(one["value"], one.get("label", {})) for one in given]
        return [(value, {"zh": str(value), "en": str(value)}) for value in self.schema.get("enum", ())]

    @property
    def is_readonly(self) -> bool:
        return bool(self.schema.get("x-readonly"))

    @property
    def show_if(self) -> Mapping[str, Any] | None:
        return self.schema.get("x-show-if")

    def is_shown(self, values: Mapping[str, Any]) -> bool:
        """Whether the field belongs to the form when the other fields hold `values`."""
        rule = self.show_if
        if rule is None:
            return True
        held, wanted = values.get(str(rule.get("field"))), rule.get("value")
        match rule.get("op", "eq"):
            case "ne":
                return bool(held != wanted)
            case "in":
                return held in (wanted or ())
            case "filled":
                return held not in (None, "", [])
            case _:
                return bool(held == wanted)


@dataclass(frozen=True)
class FormResult:
    """`values` are cleaned; `errors`: field → {"zh", "en"}. A form with errors is never taken."""

    values: dict[str, Any]
    errors: dict[str, dict[str, str]]


@dataclass(frozen=True)
class FormDefinition:
    key: str
    schema: Mapping[str, Any]
    file_name: str

    def title(self, locale: str) -> str:
        return _local(self.schema.get("x-title"), locale) or self.key

    @property
    def register_form(self) -> str | None:
        return self.schema.get("x-form")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        properties = self.schema.get("properties", {})
        required = set(self.schema.get("required", ()))
        order = [name for name in self.schema.get("x-order", ()) if name in properties]
        names = [*order, *(name for name in properties if name not in order)]
        return tuple(Field(name, properties[name], name in required) for name in names)

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.widget != "heading")

    @property
    def example(self) -> dict[str, Any]:
        """The happy path: the first of the form's examples."""
        examples = self.schema.get("examples") or [{}]
        return dict(examples[0])

    @cached_property
    def _validators(self) -> dict[str, Draft202012Validator]:
        return {
            field.name: Draft202012Validator(_plain(field), format_checker=CHECKER) for field in self.fields
        }

    def shown_fields(self, values: Mapping[str, Any]) -> tuple[Field, ...]:
        """Fields that belong to the form when they hold `values`. What is hidden counts as empty for the others."""
        known = {field.name: field for field in self.fields}
        found: dict[str, bool] = {}

        def is_shown(field: Field) -> bool:
            if field.name not in found:
                found[field.name] = False  # Two fields that show each other are both hidden.
                controller = known.get(str((field.show_if or {}).get("field")))
                is_filled = controller is not None and is_shown(controller)
                found[field.name] = field.is_shown(
                    {controller.name: values.get(controller.name)} if controller and is_filled else {}
                )
            return found[field.name]

        return tuple(field for field in self.fields if is_shown(field))

    def validate(self, values: Mapping[str, Any], *, is_partial: bool = False) -> FormResult:
        """Cleans and checks. Hidden and read-only fields are dropped; `is_partial` does not ask for required ones."""
        errors: dict[str, dict[str, str]] = {}
        known = {field.name for field in self.fields}
        for name in values:
            if name not in known:
                errors[str(name)] = {
                    "zh": f"表单没有“{name}”这一栏。",
                    "en": f"The form has no field {name!r}.",
                }
        cleaned = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in values.items()
            if name in known
        }
        kept: dict[str, Any] = {}
        for field in self.shown_fields(cleaned):
            if field.widget == "heading" or field.is_readonly:
                continue
            value = cleaned.get(field.name)
            if value is None or value == "" or value == []:
                if field.is_required and not is_partial:
                    errors[field.name] = {"zh": "请填写。", "en": "Please fill this in."}
                elif field.name in cleaned:
                    kept[field.name] = None
                continue
            problem = self._problem(field, value)
            if problem is not None:
                errors[field.name] = problem
            else:
                kept[field.name] = value
        return FormResult(kept, errors)

    def _problem(self, field: Field, value: Any) -> dict[str, str] | None:
        if not _is_storable(value):
            return {
                "zh": "含有不能保存的字符或数字。",
                "en": "It holds a character or number that cannot be kept.",
            }
        longest = field.schema.get("maxLength", LONGEST_TEXT)
        if "pattern" in field.schema:
            longest = min(longest, LONGEST_MATCHED)
        if isinstance(value, str) and len(value) > longest:
            return {"zh": f"最多 {longest} 个字。", "en": f"At most {longest} characters."}
        problem = next(iter(self._validators[field.name].iter_errors(value)), None)
        return None if problem is None else message_of(problem)

    def from_html(self, posted: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """What a browser sent, as JSON values: numbers, yes and no, lists. Unreadable text stays text."""
        values: dict[str, Any] = {}
        for field in self.fields:
            if field.widget in ("heading", "file"):
                continue
            texts = posted.get(field.name)
            if field.kind == "boolean" and field.widget == "checkbox":
                values[field.name] = texts is not None and texts[-1:] in (["on"], ["true"], ["1"])
            elif field.kind == "array":
                # A browser sends nothing for a list of boxes of which none is ticked.
                kind = str((field.schema.get("items") or {}).get("type", "string"))
                values[field.name] = [from_text(text, kind) for text in texts or () if text.strip()]
            elif texts:
                values[field.name] = from_text(texts[0], field.kind)
        return values


def from_text(text: str, kind: str) -> Any:
    """`１２．５` as people type it with a Chinese keyboard is a number too. What cannot be read stays text."""
    stripped = text.strip()
    if not stripped:
        return None
    if kind == "boolean":
        return {"true": True, "on": True, "1": True, "false": False, "0": False}.get(stripped, stripped)
    if kind in ("integer", "number"):
        plain = unicodedata.normalize("NFKC", stripped)
        if re.fullmatch(r"[+-]?[0-9]{1,15}", plain):
            return int(plain)
        if re.fullmatch(r"[+-]?[0-9]{1,15}\.[0-9]{1,9}", plain):
            return float(plain)
    return stripped


def _is_storable(value: Any) -> bool:
    """No database keeps a NUL or half a character; JSON knows no infinity, and nobody fills in such depths."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        match one:
            case str():
                if "\0" in one or any("\ud800" <= letter <= "\udfff" for letter in one):
                    return False
            case list() if depth < DEEPEST_VALUE:
                waiting += [(part, depth + 1) for part in one]
            case dict() if depth < DEEPEST_VALUE and all(isinstance(key, str) for key in one):
                waiting += [(part, depth + 1) for pair in one.items() for part in pair]
            case float():
                if not math.isfinite(one):
                    return False
            case None | bool() | int():
                pass
            case _:
                return False
    return True


def _plain(field: Field) -> dict[str, Any]:
    """A field's schema without our own words; options become an enumeration, widgets imply a format."""
    plain = {name: value for name, value in field.schema.items() if not name.startswith("x-")}
    if field.widget in FORMAT_OF_WIDGET and field.kind == "string":
        plain.setdefault("format", FORMAT_OF_WIDGET[field.widget])
    if "x-options" in field.schema:
        wanted = [one["value"] for one in field.schema["x-options"]]
        if field.kind == "array":
            plain["items"] = {"enum": wanted} | (plain.get("items") or {})
        else:
            plain.setdefault("enum", wanted)
    return plain


def _local(texts: Any, locale: str) -> str:
    if isinstance(texts, str):
        return texts
    if not isinstance(texts, Mapping):
        return ""
    return str(texts.get("zh" if locale.startswith("zh") else "en") or next(iter(texts.values()), ""))
