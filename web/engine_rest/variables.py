"""Typed values: every variable of that API carries a type beside its value, ours are JSON.

Objects and lists travel as type Json, their value a JSON text; files belong to the documents of a case.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from web.engine_rest.errors import BadRequest
from web.engine_rest.reply import Body

INTEGER, LONG, SHORT = 2**31, 2**63, 2**15
LONGEST_NAME = 255


def write_variables(values: Mapping[str, Any]) -> Body:
    return {name: write_value(value) for name, value in values.items()}


def write_value(value: Any) -> Body:
    kind, shown = _typed(value)
    return {"type": kind, "value": shown, "valueInfo": {}}


def _typed(value: Any) -> tuple[str, Any]:
    match value:
        case None:
            return "Null", None
        case bool():
            return "Boolean", value
        case int():
            return ("Integer" if -INTEGER <= value < INTEGER else "Long"), value
        case float():
            return "Double", value
        case str():
            return "String", value
        case _:
            return "Json", orjson.dumps(value).decode()


def read_variables(given: Any, place: str = "variables") -> dict[str, Any]:
    """Name → JSON value. Raises BadRequest naming the variable."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadRequest(f'Expected {place} as {{"name": {{"value": …, "type": …}}}}, but it is {given!r}.')
    return {_name(name): read_value(name, typed) for name, typed in given.items()}


def _name(name: str) -> str:
    if not name or len(name) > LONGEST_NAME:
        raise BadRequest(
            f"Expected a variable name of 1 to {LONGEST_NAME} characters, but found {name[:40]!r}."
        )
    return name


def read_value(name: str, typed: Any) -> Any:
    if not isinstance(typed, dict):
        raise BadRequest(f'Expected variable {name!r} as {{"value": …, "type": …}}, but it is {typed!r}.')
    value, kind = typed.get("value"), typed.get("type")
    if kind is None:
        return value
    if not isinstance(kind, str):
        raise BadRequest(f"Expected the type of variable {name!r} as a text, but it is {kind!r}.")
    # That API takes `string` for `String`.
    reader = _READERS.get(kind[:1].upper() + kind[1:])
    if reader is None:
        raise BadRequest(
            f"Expected variable {name!r} of a type among {', '.join(_READERS)}, but its type is {kind!r}."
        )
    if value is None and kind.lower() not in ("file", "bytes"):
        return None
    try:
        return reader(value)
    except (TypeError, ValueError) as problem:
        raise BadRequest(f"Cannot read variable {name!r}: {value!r} is no {kind}.") from problem


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | str | float):
            raise TypeError
        number = int(value)
        if number != float(value) or not -most <= number < most:
            raise ValueError
        return number

    return read


def _decimal(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = float(value)
    if number - number != 0:  # infinite, or no number at all: JSON has neither
        raise ValueError
    return number


def _moment(value: Any) -> str:
    """Kept as ISO 8601 with zone, as our forms and expressions write moments."""
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment.isoformat()


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _nothing(value: Any) -> None:
    raise ValueError(value)


def _file(value: Any) -> Any:
    del value
    raise BadRequest(
        "Expected no file among the variables; add it to the documents of the case, where it is kept by digest."
    )


_READERS: dict[str, Callable[[Any], Any]] = {
    "String": _text,
    "Boolean": _yes_or_no,
    "Short": _whole(SHORT),
    "Integer": _whole(INTEGER),
    "Long": _whole(LONG),
    "Double": _decimal,
    "Number": lambda value: (
        value if isinstance(value, int) and not isinstance(value, bool) else _decimal(value)
    ),
    "Date": _moment,
    "Null": _nothing,
    "Json": _json,
    "Object": _json,
    "Xml": _text,
    "File": _file,
    "Bytes": _file,
}
