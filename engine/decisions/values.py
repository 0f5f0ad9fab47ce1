"""Kinds of values in a table: what a column takes, and when two values can be compared at all."""

import math
import re
from datetime import date
from typing import Any

from engine.expressions.values import is_number, same

NUMBERS = frozenset({"number", "integer", "long", "double"})
WHOLE = frozenset({"integer", "long"})
ANY = "Any"
KINDS = ("string", "boolean", *sorted(NUMBERS), "date", ANY)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

__all__ = [
    "ANY", "KINDS", "NUMBERS", "WHOLE", "WrongKind", "comparable", "family", "family_of_kind", "read_date", "same",
    "stored", "takes",
]  # fmt: skip


class WrongKind(ValueError):
    """A value that is not of its column's kind."""


def family(value: Any) -> str | None:
    """What a value can be compared with: string, boolean, number, date; None for lists, objects and nothing."""
    if isinstance(value, bool):
        return "boolean"
    if is_number(value):
        return "number"
    if isinstance(value, str):
        return "string"
    return "date" if isinstance(value, date) else None


def family_of_kind(kind: str) -> str | None:
    """The same for a column's kind; None for a column that takes everything."""
    return "number" if kind in NUMBERS else None if kind == ANY else kind


def takes(kind: str, value: Any) -> bool:
    """Whether a literal is of a kind. Null is of every kind; dates are only taken where a column says so."""
    if value is None:
        return True
    if kind == ANY:
        return not isinstance(value, date)
    if family(value) != family_of_kind(kind):
        return False
    if kind not in NUMBERS or isinstance(value, int):
        return True
    return math.isfinite(value) and (kind not in WHOLE or value == int(value))


def comparable(kind: str, value: Any) -> Any:
    """A variable as cells compare it: in a column of dates a text such as 2026-07-01 is a date. Raises WrongKind."""
    if kind == "date" and isinstance(value, str):
        return read_date(value)
    if not takes(kind, value):
        raise WrongKind(value)
    return value


def read_date(text: str) -> date:
    """Raises WrongKind for all but a day of the calendar as YYYY-MM-DD."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as problem:
        raise WrongKind(text) from problem
    raise WrongKind(text)


def stored(value: Any) -> Any:
    """A literal as a variable holds it: dates are texts there."""
    if isinstance(value, list):
        return [stored(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
