"""JSON values as the language sees them: kinds, sameness, bounds, and copies that share nothing."""

from typing import Any

from engine.expressions.errors import WrongValue

LARGEST_NUMBER = 10**18
LONGEST_TEXT = 20_000
LONGEST_LIST = 2_000
DEEPEST_VALUE = 60
# Of one result as a whole: a script of `a = [a, a]` lines would double a value with each line.
MOST_PARTS = 20_000
MOST_CHARACTERS = 1_000_000


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(left: Any, right: Any) -> bool:
    """Equality of JSON: true is not the number 1, though Python says so, at any depth."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return bool(left == right)


def check_size(value: Any) -> None:
    """Raises WrongValue for a number, text or list that is larger than anything a procedure needs."""
    if is_number(value) and not abs(value) <= LARGEST_NUMBER:  # also what is no number at all
        raise too_large()
    if (isinstance(value, str) and len(value) > LONGEST_TEXT) or (
        isinstance(value, list) and len(value) > LONGEST_LIST
    ):
        raise WrongValue("A text or list in it is too long.", "其中的文字或列表过长。")


def too_large() -> WrongValue:
    return WrongValue("A number in it is too large.", "其中的数字过大。")


def copied(value: Any) -> Any:
    """A copy down to the last part. Raises WrongValue when it is no JSON value, or too large as a whole."""
    return _Copier().copy(value, 0)


class _Copier:
    def __init__(self) -> None:
        self.parts = 0
        self.characters = 0

    def copy(self, value: Any, depth: int) -> Any:
        self.parts += 1
        if isinstance(value, str):
            self.characters += len(value)
        if self.parts > MOST_PARTS or self.characters > MOST_CHARACTERS or depth > DEEPEST_VALUE:
            raise WrongValue("Its value is too large.", "结果过大。")
        if isinstance(value, list):
            return [self.copy(one, depth + 1) for one in value]
        if isinstance(value, dict):
            self.characters += sum(len(str(key)) for key in value)
            return {str(key): self.copy(one, depth + 1) for key, one in value.items()}
        if value is None or isinstance(value, str | bool | int | float):
            return value
        raise WrongValue("Its value is no JSON value.", "结果不是 JSON 值。")


def shown(value: Any) -> str:
    """A simple value as text: true and false in lower case, nothing for null, no `.0` behind whole numbers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    raise WrongValue("A list or object cannot stand in a text.", "文字中不能放列表或对象。")


def kind_of(value: Any) -> tuple[str, str]:
    """What it is, in English and Chinese."""
    match value:
        case None:
            return "null", "空值"
        case bool():
            return "true or false", "是非值"
        case int() | float():
            return "a number", "数字"
        case str():
            return "a text", "文字"
        case list():
            return "a list", "列表"
        case _:
            return "an object", "对象"
