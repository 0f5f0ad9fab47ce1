"""What the operators do with JSON values. All of them raise WrongValue, and nothing else of their own."""

import ast
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.expressions.errors import WrongValue
from engine.expressions.values import check_size, is_number, kind_of, same, too_large

ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def calculate(operator: str, left: Any, right: Any) -> Any:
    """`+` joins texts and lists too; all other arithmetic is on numbers only."""
    if operator == "+" and isinstance(left, str) and isinstance(right, str):
        value: Any = left + right
    elif operator == "+" and isinstance(left, list) and isinstance(right, list):
        value = left + right
    elif not (is_number(left) and is_number(right)):
        raise wrong_types(operator, left, right)
    else:
        value = _calculated(operator, left, right)
    check_size(value)
    return value


def _calculated(operator: str, left: Any, right: Any) -> Any:
    check_size(left)
    check_size(right)
    if right == 0 and operator in ("/", "//", "%"):
        raise WrongValue("It divides by zero.", "除数为零。")
    if isinstance(left, int) and isinstance(right, int) and operator != "/":
        return _WHOLE[operator](left, right)
    # Money is written in tenths and hundredths: decimals keep 0.1 + 0.2 at 0.3.
    try:
        return float(_EXACT[operator](Decimal(str(left)), Decimal(str(right))))
    except (DecimalException, OverflowError) as problem:
        raise too_large() from problem


_WHOLE: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}
_EXACT: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: _floored(a, b)[0],
    "%": lambda a, b: _floored(a, b)[1],
}


def _floored(left: Decimal, right: Decimal) -> tuple[Decimal, Decimal]:
    """Decimals cut towards zero, whole numbers go down; -7.0 // 2 must be what -7 // 2 is."""
    quotient, rest = divmod(left, right)
    if rest and (rest < 0) != (right < 0):
        return quotient - 1, rest + right
    return quotient, rest


def compare(operator: str, left: Any, right: Any) -> bool:
    if operator in ("==", "!="):
        return same(left, right) is (operator == "==")
    if operator in ("in", "not in"):
        return is_in(left, right, operator) is (operator == "in")
    if left is None or right is None:
        return False  # What is not there yet is neither smaller nor larger.
    if not ((is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str))):
        raise wrong_types(operator, left, right)
    match operator:
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case _:
            return bool(left >= right)


def is_in(part: Any, whole: Any, operator: str = "in") -> bool:
    """A part of a list, a key of an object, a piece of a text. Nothing is in what is not there."""
    if whole is None:
        return False
    if isinstance(whole, list):
        return any(same(part, one) for one in whole)
    if isinstance(whole, dict):
        return isinstance(part, str) and part in whole
    if isinstance(whole, str) and isinstance(part, str):
        return part in whole
    raise wrong_types(operator, part, whole)


def wrong_types(operator: str, left: Any, right: Any) -> WrongValue:
    return WrongValue(
        f"`{operator}` does not fit {kind_of(left)[0]} and {kind_of(right)[0]}.",
        f"“{operator}”不能用于{kind_of(left)[1]}和{kind_of(right)[1]}。",
        "Convert with number() or str().",
        "可用 number() 或 str() 转换。",
    )
