"""The functions of the language. Each takes and gives JSON values and is bounded by the size of its arguments."""

import inspect
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.expressions.errors import WrongValue, short
from engine.expressions.operators import is_in
from engine.expressions.values import check_size, is_number, shown

# What the engine answers, and how many arguments each takes; their code stands in the command around a case.
_ENGINE_ARITY = {"limit": 1, "option": 1, "role": 1, "now": 0, "working_days": 2, "calendar_days": 2}
ENGINE_FUNCTIONS = frozenset(_ENGINE_ARITY)
# What people write for numbers: no exponents, no "nan", no separators that mean different things in different places.
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,12})?")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise WrongValue(f"{name}() expects a text.", f"{name}() 需要文字。")
    return value


def _number(value: Any, name: str) -> Any:
    if not is_number(value):
        raise WrongValue(f"{name}() expects a number.", f"{name}() 需要数字。")
    check_size(value)
    return value


def _numbers(values: tuple[Any, ...], name: str) -> list[Any]:
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)
    if not items:
        raise WrongValue(f"{name}() expects at least one value.", f"{name}() 至少需要一个值。")
    if not (all(is_number(one) for one in items) or all(isinstance(one, str) for one in items)):
        raise WrongValue(
            f"{name}() expects only numbers or only texts.", f"{name}() 只能全是数字或全是文字。"
        )
    return items


def _len(value: Any) -> int:
    if not isinstance(value, str | list | dict):
        raise WrongValue("len() expects a text, a list or an object.", "len() 需要文字、列表或对象。")
    return len(value)


def _sum(value: Any) -> Any:
    if not isinstance(value, list) or not all(is_number(one) for one in value):
        raise WrongValue("sum() expects a list of numbers.", "sum() 需要数字列表。")
    if all(isinstance(one, int) for one in value):
        return sum(value)
    return float(sum((Decimal(str(one)) for one in value), Decimal(0)))


def _round(value: Any, digits: Any = 0) -> Any:
    if isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= 6:
        raise WrongValue("round() expects 0 to 6 digits.", "round() 的位数应为 0 到 6。")
    exact = Decimal(str(_number(value, "round"))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return float(exact) if digits else int(exact)


def _to_number(value: Any, name: str) -> Any:
    if is_number(value):
        return value
    text = _text(value, name).strip()
    try:
        if not _NUMBER.fullmatch(text):
            raise ValueError
        return float(Decimal(text)) if "." in text else int(text)
    except (ValueError, ArithmeticError) as problem:
        raise WrongValue(
            f"{name}() cannot read {short(text, 30)!r}.", f"{name}() 无法读取“{short(text, 30)}”。"
        ) from problem


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, list):
        return is_in(part, whole)
    return _text(part, "contains") in _text(whole, "contains")


def _coalesce(*values: Any) -> Any:
    return next((one for one in values if one is not None), None)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "len": _len,
    "min": lambda *values: min(_numbers(values, "min")),
    "max": lambda *values: max(_numbers(values, "max")),
    "sum": _sum,
    "round": _round,
    "abs": lambda value: abs(_number(value, "abs")),
    "lower": lambda value: _text(value, "lower").lower(),
    "upper": lambda value: _text(value, "upper").upper(),
    "trim": lambda value: _text(value, "trim").strip(),
    "contains": _contains,
    "starts_with": lambda value, part: _text(value, "starts_with").startswith(_text(part, "starts_with")),
    "ends_with": lambda value, part: _text(value, "ends_with").endswith(_text(part, "ends_with")),
    "str": shown,
    "int": lambda value: int(_to_number(value, "int")),
    "number": lambda value: _to_number(value, "number"),
    "coalesce": _coalesce,
    "empty": lambda value: value is None or value == "" or value == [] or value == {},
}

FUNCTION_NAMES = frozenset(FUNCTIONS) | ENGINE_FUNCTIONS


def _arity(function: Callable[..., Any]) -> tuple[int, int | None]:
    parameters = inspect.signature(function).parameters.values()
    least = sum(one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD for one in parameters)
    is_open = any(one.kind is one.VAR_POSITIONAL for one in parameters)
    return least, None if is_open else len(parameters)


# Fewest and most arguments; None is any number.
ARITY: Mapping[str, tuple[int, int | None]] = {
    **{name: _arity(function) for name, function in FUNCTIONS.items()},
    **{name: (number, number) for name, number in _ENGINE_ARITY.items()},
}
