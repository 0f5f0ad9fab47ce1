"""One form: its fields, what may be filled in, and how HTML text becomes JSON values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from engine.forms.messages import message_of

WIDGETS = (
    *("text", "textarea", "select", "radio", "checkbox", "date", "datetime", "number", "money"),
    *("user", "unit", "file", "phone", "email", "heading"),
)


class FormFileError(ValueError):
    """A form file that cannot be used at all."""

    def __init__(self, file_name: str, en: str, zh: str) -> None:
        super().__init__(f"{file_name}: {en}")
        self.en, self.zh = f"{file_name}: {en}", f"{file_name}：{zh}"


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
    def show_if(self) -> Mapping[str, Any] | None:
        return self.schema.get("x-show-if")

    def is_shown(self, values: Mapping[str, Any]) -> bool:
        """Whether the field belongs to the form when the other fields hold `values`."""
        rule = self.show_if
        if rule is None:
            return True
        held, wanted = values.get(rule["field"]), rule.get("value")
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
        checker = Draft202012Validator.FORMAT_CHECKER
        return {
            field.name: Draft202012Validator(_plain(field.schema), format_checker=checker)
            for field in self.fields
        }

    def validate(self, values: Mapping[str, Any], *, is_partial: bool = False) -> FormResult:
        """Cleans and checks. Hidden fields are dropped; `is_partial` does not ask for required ones."""
        errors: dict[str, dict[str, str]] = {}
        known = {field.name: field for field in self.fields}
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
        for field in self.fields:
            if field.widget == "heading" or not field.is_shown(cleaned):
                continue
            value = cleaned.get(field.name)
            if value in (None, "", []) and not isinstance(value, bool):
                if field.is_required and not is_partial:
                    errors[field.name] = {"zh": "请填写。", "en": "Please fill this in."}
                elif field.name in cleaned:
                    kept[field.name] = None
                continue
            problem = next(iter(self._validators[field.name].iter_errors(value)), None)
            if problem is not None:
                errors[field.name] = message_of(problem)
            else:
                kept[field.name] = value
        return FormResult(kept, errors)

    def from_html(self, posted: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """What a browser sent, as JSON values: numbers, yes and no, lists. Unreadable text stays text."""
        values: dict[str, Any] = {}
        for field in self.fields:
            if field.widget in ("heading", "file"):
                continue
            texts = posted.get(field.name)
            if field.kind == "boolean":
                if field.widget == "checkbox":
                    values[field.name] = texts is not None and texts[-1:] in (["on"], ["true"], ["1"])
                elif texts and texts[0]:
                    values[field.name] = texts[0] == "true"
            elif not texts:
                continue
            elif field.kind == "array":
                values[field.name] = [text for text in texts if text]
            else:
                values[field.name] = _from_text(texts[0], field.kind)
        return values


def _from_text(text: str, kind: str) -> Any:
    stripped = text.strip()
    if not stripped:
        return None
    if kind in ("integer", "number"):
        try:
            return (
                int(stripped) if stripped.lstrip("-").isdecimal() and len(stripped) < 18 else float(stripped)
            )
        except ValueError:
            return stripped
    return stripped


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A field's schema without our own words; options become an enumeration."""
    plain = {name: value for name, value in schema.items() if not name.startswith("x-")}
    if "x-options" in schema and "enum" not in plain and plain.get("type") != "array":
        plain["enum"] = [one["value"] for one in schema["x-options"]]
    return plain


def _local(texts: Any, locale: str) -> str:
    if isinstance(texts, str):
        return texts
    if not isinstance(texts, Mapping):
        return ""
    return str(texts.get("zh" if locale.startswith("zh") else "en") or next(iter(texts.values()), ""))


# Checking a schema costs more than all else of loading a release, and the same bytes are always the same form.
@lru_cache(maxsize=4_096)
def read_form(content: bytes, file_name: str) -> FormDefinition:
    """Raises FormFileError for a file that is no JSON Schema of an object."""
    try:
        schema = orjson.loads(content)
    except orjson.JSONDecodeError as problem:
        raise FormFileError(
            file_name, f"Expected JSON, but {problem}.", f"不是有效的 JSON：{problem}。"
        ) from problem
    if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
        raise FormFileError(
            file_name, "Expected an object with `properties`.", "应为带有 properties 的对象。"
        )
    try:
        Draft202012Validator.check_schema({name: one for name, one in schema.items() if name != "$id"})
    except SchemaError as problem:
        raise FormFileError(
            file_name,
            f"Expected a JSON Schema, but {problem.message}.",
            f"不是有效的 JSON Schema：{problem.message}。",
        ) from problem
    key = str(schema.get("$id") or PurePosixPath(file_name).stem)
    return FormDefinition(key.rsplit("/", 1)[-1].removesuffix(".json"), schema, file_name)
