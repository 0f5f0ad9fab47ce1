"""The unary tests of FEEL that tables use: `"a","b"`, `[1..5]`, `< 10`, `not(…)`, `-`. Nothing else is guessed."""

import re
from dataclasses import dataclass
from typing import Any

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_TEXT = r'"(?:[^"\\]|\\.)*"'
_INTERVAL = re.compile(rf"([\[\](])\s*({_NUMBER}|{_TEXT})\s*\.\.\s*({_NUMBER}|{_TEXT})\s*([\])\[])")
_COMPARISON = re.compile(rf"(<=|>=|<|>)\s*({_NUMBER}|{_TEXT})")
_LITERAL = re.compile(rf"({_NUMBER})|({_TEXT})|(true|false|null)")
_PIECE = re.compile(rf"({_TEXT})|.", re.DOTALL)
_ESCAPES = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t"}

LONGEST_CELL = 5_000
DEEPEST_LIST = 5


class UnreadableCell(ValueError):
    """A cell that is no unary test or literal we read."""


@dataclass(frozen=True)
class Interval:
    """Bounds of one kind; None is unbounded."""

    low: Any
    high: Any
    has_low: bool
    has_high: bool

    def matches(self, value: Any) -> bool:
        bound = self.low if self.low is not None else self.high
        if isinstance(value, bool) or not isinstance(value, str if isinstance(bound, str) else int | float):
            return False
        if self.low is not None and (value < self.low or (value == self.low and not self.has_low)):
            return False
        return not (
            self.high is not None and (value > self.high or (value == self.high and not self.has_high))
        )


@dataclass(frozen=True)
class Equal:
    value: Any

    def matches(self, value: Any) -> bool:
        return bool(value == self.value) and isinstance(value, bool) == isinstance(self.value, bool)


@dataclass(frozen=True)
class UnaryTest:
    """`is_any` is `-`; else one of `tests` must match, or, when negated, none."""

    text: str
    tests: tuple[Interval | Equal, ...]
    is_any: bool = False
    is_negated: bool = False

    def matches(self, value: Any) -> bool:
        if self.is_any:
            return True
        return any(test.matches(value) for test in self.tests) is not self.is_negated

    def literals(self) -> list[Any]:
        """Every value that is written in the cell."""
        found: list[Any] = []
        for test in self.tests:
            found += [test.value] if isinstance(test, Equal) else [test.low, test.high]
        return [one for one in found if one is not None]


def read_unary_test(text: str) -> UnaryTest:
    """Raises UnreadableCell."""
    stripped = text.strip()
    if len(stripped) > LONGEST_CELL:
        raise UnreadableCell(f"{stripped[:40]}…")
    if stripped in ("", "-"):
        return UnaryTest(text, (), is_any=True)
    negated = re.fullmatch(r"not\s*\((.*)\)", stripped, re.DOTALL)
    body = negated[1] if negated else stripped
    return UnaryTest(text, tuple(_test(part) for part in _parts(body)), is_negated=negated is not None)


def read_literal(text: str, depth: int = 0) -> Any:
    """An output: a number, a text in quotes, true, false, null, or a list of these. Raises UnreadableCell."""
    stripped = text.strip()
    if len(stripped) > LONGEST_CELL or depth > DEEPEST_LIST:
        raise UnreadableCell(f"{stripped[:40]}…")
    if stripped == "":
        return None
    if stripped.startswith("[") and stripped.endswith("]"):
        inner = stripped[1:-1].strip()
        return [read_literal(part, depth + 1) for part in _parts(inner)] if inner else []
    found = _LITERAL.fullmatch(stripped)
    if found is None:
        raise UnreadableCell(stripped)
    if found[1]:
        return float(stripped) if "." in stripped else int(stripped)
    if found[2]:
        return re.sub(r"\\.", _unescaped, stripped[1:-1])
    return {"true": True, "false": False, "null": None}[stripped]


def _unescaped(found: re.Match[str]) -> str:
    if found[0] not in _ESCAPES:
        raise UnreadableCell(found[0])
    return _ESCAPES[found[0]]


def _parts(text: str) -> list[str]:
    """Splits at commas outside of quotes and brackets."""
    parts, depth, begin = [], 0, 0
    for piece in _PIECE.finditer(text):
        match piece[0]:
            case "[" | "(":
                depth += 1
            case "]" | ")":
                depth -= 1
            case "," if depth <= 0:
                parts.append(text[begin : piece.start()])
                begin = piece.end()
            case '"':
                raise UnreadableCell(text)  # A quote that nothing closes.
    parts.append(text[begin:])
    if any(not part.strip() for part in parts):
        raise UnreadableCell(text)
    return parts


def _test(text: str) -> Interval | Equal:
    stripped = text.strip()
    interval = _INTERVAL.fullmatch(stripped)
    if interval is not None:
        low, high = read_literal(interval[2]), read_literal(interval[3])
        if isinstance(low, str) != isinstance(high, str) or low > high:
            raise UnreadableCell(stripped)
        return Interval(low, high, interval[1] == "[", interval[4] == "]")
    comparison = _COMPARISON.fullmatch(stripped)
    if comparison is not None:
        bound = read_literal(comparison[2])
        if comparison[1].startswith("<"):
            return Interval(None, bound, False, comparison[1] == "<=")
        return Interval(bound, None, comparison[1] == ">=", False)
    value = read_literal(stripped)
    if isinstance(value, list):
        raise UnreadableCell(stripped)
    return Equal(value)
