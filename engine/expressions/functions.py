"""The functions of the language. Each takes and gives JSON values and is bounded by the size of its arguments."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ENGINE_FUNCTIONS = frozenset({"limit", "option", "role", "now", "working_days", "calendar_days"})


class WrongArgument(ValueError):
    """What a function wanted instead, in English and Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise WrongArgument(f"{name}() expects a text.", f"{name}() 需要文字。")
    return value


def _number(value: Any, name: str) -> Any:
    if not is_number(value):
        raise WrongArgument(f"{name}() expects a number.", f"{name}() 需要数字。")
    return value


def _numbers(values: tuple[Any, ...], name: str) -> list[Any]:
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)
    if not items:
        raise WrongArgument(f"{name}() expects at least one value.", f"{name}() 至少需要一个值。")
    if not (all(is_number(one) for one in items) or all(isinstance(one, str) for one in items)):
        raise WrongArgument(
            f"{name}() expects only numbers or only texts.", f"{name}() 只能全是数字或全是文字。"
        )
    return items


def _len(value: Any) -> int:
    if not isinstance(value, str | list | dict):
        raise WrongArgument("len() expects a text, a list or an object.", "len() 需要文字、列表或对象。")
    return len(value)


def _sum(value: Any) -> Any:
    if not isinstance(value, list) or not all(is_number(one) for one in value):
        raise WrongArgument("sum() expects a list of numbers.", "sum() 需要数字列表。")
    total = sum((Decimal(str(one)) for one in value), Decimal(0))
    return int(total) if all(isinstance(one, int) for one in value) else float(total)


def _round(value: Any, digits: Any = 0) -> Any:
    if not isinstance(digits, int) or not 0 <= digits <= 6:
        raise WrongArgument("round() expects 0 to 6 digits.", "round() 的位数应为 0 到 6。")
    exact = Decimal(str(_number(value, "round"))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return float(exact) if digits else int(exact)


def _str(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return str(value)
    raise WrongArgument("str() expects a simple value.", "str() 需要简单的值。")


def _to_number(value: Any, name: str) -> Any:
    if is_number(value):
        return value
    text = _text(value, name).strip()
    try:
        if len(text) > 30:
            raise ValueError
        return int(text) if text.lstrip("-").isdecimal() else float(Decimal(text))
    except (ValueError, ArithmeticError) as problem:
        raise WrongArgument(
            f"{name}() cannot read {text[:30]!r}.", f"{name}() 无法读取“{text[:30]}”。"
        ) from problem


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, list):
        return part in whole
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
    "str": _str,
    "int": lambda value: int(_to_number(value, "int")),
    "number": lambda value: _to_number(value, "number"),
    "coalesce": _coalesce,
    "empty": lambda value: value is None or value == "" or value == [] or value == {},
}

FUNCTION_NAMES = frozenset(FUNCTIONS) | ENGINE_FUNCTIONS
