"""The unary tests of FEEL that tables use: `"a","b"`, `[1..5]`, `< 10`, `not(…)`, `-`. Nothing else is guessed."""

import re
from dataclasses import dataclass
from typing import Any

_NUMBER = r"-?\d+(?:\.\d+)?"
_INTERVAL = re.compile(rf'([\[\](])\s*({_NUMBER}|"[^"]*")\s*\.\.\s*({_NUMBER}|"[^"]*")\s*([\])\[])')
_COMPARISON = re.compile(rf'(<=|>=|<|>)\s*({_NUMBER}|"[^"]*")')
_LITERAL = re.compile(rf'({_NUMBER})|("(?:[^"\\]|\\.)*")|(true|false|null)')


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
        if value is None or isinstance(value, bool) or isinstance(value, str) != isinstance(bound, str):
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


def read_unary_test(text: str) -> UnaryTest:
    """Raises UnreadableCell."""
    stripped = text.strip()
    if stripped in ("", "-"):
        return UnaryTest(text, (), is_any=True)
    negated = re.fullmatch(r"not\s*\((.*)\)", stripped, re.DOTALL)
    body = negated[1] if negated else stripped
    return UnaryTest(text, tuple(_test(part) for part in _parts(body)), is_negated=negated is not None)


def read_literal(text: str) -> Any:
    """An output: a number, a text in quotes, true, false, null, or a list of these. Raises UnreadableCell."""
    stripped = text.strip()
    if stripped == "":
        return None
    if stripped.startswith("[") and stripped.endswith("]"):
        inner = stripped[1:-1].strip()
        return [read_literal(part) for part in _parts(inner)] if inner else []
    found = _LITERAL.fullmatch(stripped)
    if found is None:
        raise UnreadableCell(stripped)
    if found[1]:
        return float(stripped) if "." in stripped else int(stripped)
    if found[2]:
        return stripped[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return {"true": True, "false": False, "null": None}[stripped]


def _parts(text: str) -> list[str]:
    """Splits at commas outside of quotes and brackets."""
    parts, depth, quoted, begin = [], 0, False, 0
    for position, character in enumerate(text):
        if character == '"' and text[position - 1 : position] != "\\":
            quoted = not quoted
        elif not quoted and character in "[(":
            depth += 1
        elif not quoted and character in "])":
            depth -= 1
        elif not quoted and character == "," and depth <= 0:
            parts.append(text[begin:position])
            begin = position + 1
    parts.append(text[begin:])
    if quoted or any(not part.strip() for part in parts):
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
