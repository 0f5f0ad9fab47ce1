"""What a register's row answers to the questions of forms, and what stands in a form that the row does not answer."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.columns import RESULT, VALUE_WORDS, column_named
from engine.commands.imports.header import plain
from engine.commands.imports.known_names import find_person, find_unit
from engine.commands.imports.moments import read_moment
from engine.commands.imports.sheet import Cell, as_text
from engine.forms import FormDefinition
from engine.forms.definition import Field
from engine.people import Directory
from engine.worktime import Calendar

# "不满意→满意": asked twice, answered differently.
_AGAIN = re.compile(r"\s*(?:→|⇒|=>|->)\s*")
_YES = frozenset(
    (
        "是",
        "有",
        "对",
        "满意",
        "基本满意",
        "非常满意",
        "很满意",
        "属实",
        "同意",
        "真",
        "yes",
        "y",
        "true",
        "1",
        "satisfied",
        "agreed",
        "√",
        "✓",
    )
)
_NO = frozenset(("否", "无", "不", "不满意", "很不满意", "不属实", "不同意", "假", "no", "n", "false", "0", "not satisfied", "dissatisfied", "unsatisfied", "×"))  # fmt: skip
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_RESULT_HEADERS = frozenset(plain(header) for header in column_named(RESULT).headers)
NOT_IN_REGISTER = {"zh": "（登记簿未载明）", "en": "(not stated in the register)"}


class Answers:
    """The values of one row. A field that is asked again gets its next answer, the last one for ever."""

    def __init__(self, values: Mapping[str, Cell], directory: Directory, calendar: Calendar) -> None:
        self._values, self._directory, self._calendar = values, directory, calendar
        self._asked: dict[str, int] = {}

    @property
    def names(self) -> Sequence[str]:
        return tuple(self._values)

    def mark(self) -> dict[str, int]:
        """How often each field was asked so far."""
        return dict(self._asked)

    def back_to(self, mark: Mapping[str, int]) -> None:
        """As if nothing had been asked since."""
        self._asked = dict(mark)

    def text(self, name: str) -> str:
        return as_text(self._values.get(name))

    def first(self, form: FormDefinition | None) -> dict[str, Any]:
        """What is known when the case begins: the answers to its first form."""
        if form is None:
            return {}
        return {one.name: self._read(one, 0) for one in form.fields if one.name in self._values}

    def fill(self, form: FormDefinition, *, handler: str, now: datetime) -> dict[str, Any]:
        """A form as this row answers it; gaps are closed from the form's example, texts by saying that it is a gap.

        Raises BadRow when an answer is none of those that the form knows.
        """
        filled: dict[str, Any] = {}
        for one in form.fields:
            if one.widget in ("heading", "file") or not one.is_shown(filled):
                continue
            if one.name in self._values:
                times = self._asked[one.name] = self._asked.get(one.name, -1) + 1
                filled[one.name] = self._read(one, times)
            elif one.name == "decision" and self._is_decision(one):
                filled[one.name] = self._value(one, self._values[RESULT])
            elif (value := self._gap(form, one, handler, now)) is not None:
                filled[one.name] = value
        return filled

    def _is_decision(self, field: Field) -> bool:
        """Whether the result in the register's words is what this form calls the decision."""
        return RESULT in self._values and (not field.options or _fits(field, self.text(RESULT)))

    def _gap(self, form: FormDefinition, field: Field, handler: str, now: datetime) -> Any:
        example = form.example
        is_choice = bool(field.options) or field.kind in ("boolean", "integer", "number", "array")
        if is_choice:
            return example.get(field.name)
        if field.widget in ("text", "textarea") and self._is_result(form, field):
            return self.text(RESULT)[: field.schema.get("maxLength")]
        if not field.is_required:
            return None
        match field.widget:
            case "user":
                return handler
            case "date" | "datetime":
                local = now.astimezone(self._calendar.zone)
                return local.date().isoformat() if field.widget == "date" else local.isoformat()
            case "text" | "textarea" if "pattern" not in field.schema and "format" not in field.schema:
                return NOT_IN_REGISTER["zh"]
        return example.get(field.name)

    def _is_result(self, form: FormDefinition, field: Field) -> bool:
        """A field for what came of it: by its label, or as the text that a form of the decision asks for."""
        if RESULT not in self._values:
            return False
        if {plain(field.label("zh")), plain(field.label("en"))} & _RESULT_HEADERS:
            return True
        decision = next((one for one in form.fields if one.name == "decision"), None)
        return field.is_required and decision is not None and not self._is_decision(decision)

    def _read(self, field: Field, times: int) -> Any:
        cell = self._values[field.name]
        if not isinstance(cell, str) or not (field.options or field.kind == "boolean"):
            return self._value(field, cell)
        given = _AGAIN.split(cell.strip())
        return self._value(field, given[min(times, len(given) - 1)])

    def _value(self, field: Field, cell: Cell) -> Any:
        text = as_text(cell)
        title = field.label("zh")
        if field.kind == "boolean":
            return _yes_or_no(title, text)
        if field.kind == "array":
            parts = [part.strip() for part in re.split(r"[、,，;；]", text) if part.strip()]
            return [_choice(field, part) if field.options else part for part in parts]
        if field.options:
            return _choice(field, text)
        if field.kind in ("integer", "number"):
            return _number(title, text, is_whole=field.kind == "integer")
        match field.widget:
            case "user":
                return find_person(self._directory, text)
            case "unit":
                return find_unit(self._directory, text)
            case "date" | "datetime":
                local = read_moment(cell, self._calendar, title).astimezone(self._calendar.zone)
                return local.date().isoformat() if field.widget == "date" else local.isoformat()
        return text


def _choice(field: Field, text: str) -> Any:
    """By value, label, or a word that registers use for it; also by a part of the label that no other label has."""
    found = _options_for(field, text)
    if len(found) == 1:
        return found[0]
    zh = "、".join(str(label.get("zh") or value) for value, label in field.options)
    en = ", ".join(str(label.get("en") or value) for value, label in field.options)
    raise BadRow(
        f"{field.label('en')}: expected one of {en}, but found {text!r}.",
        f"“{field.label('zh')}”应为 {zh} 之一，但写的是“{text}”。",
    )


def _fits(field: Field, text: str) -> bool:
    return len(_options_for(field, text)) == 1


def _options_for(field: Field, text: str) -> list[Any]:
    wanted = text.casefold()
    others = VALUE_WORDS.get(field.name, {})
    part_of = []
    for value, label in field.options:
        words = [str(value).casefold(), *(one.casefold() for one in label.values())]
        if wanted in words or wanted in others.get(str(value), ()):
            return [value]
        if any(wanted in word for word in words):
            part_of.append(value)
    return part_of


def _yes_or_no(title: str, text: str) -> bool:
    wanted = text.casefold()
    if wanted in _YES or wanted in _NO:
        return wanted in _YES
    raise BadRow(
        f"{title}: expected yes or no, but found {text!r}.", f"“{title}”应填是或否，但写的是“{text}”。"
    )


def _number(title: str, text: str, *, is_whole: bool) -> int | float:
    found = _NUMBER.search(text.replace(",", "").replace("，", ""))
    if found is None or (is_whole and "." in found.group()):
        raise BadRow(
            f"{title}: expected a number, but found {text!r}.", f"“{title}”应为数字，但写的是“{text}”。"
        )
    return int(found.group()) if "." not in found.group() else float(found.group())
