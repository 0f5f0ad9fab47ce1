"""Reads what stands in a cell. Nothing is guessed: what is no test or literal that we know is refused."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.decisions.unary import Beside, Contains, Equal, Interval, Member, Test, UnaryTest
from engine.decisions.values import WrongKind, family, read_date
from engine.expressions.values import LARGEST_NUMBER, is_number

LONGEST_CELL = 5_000
DEEPEST_LIST = 5
LONGEST_NUMBER = 60
LONGEST_QUOTE = 80

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_TEXT = r'"(?:[^"\\]|\\.)*"'
_DATE = rf"date\s*\(\s*{_TEXT}\s*\)"
_WORD = r"(?:true|false|null)\b"
_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_BOUND = rf"(?:{_NUMBER}|{_TEXT}|{_DATE})"
_LITERAL = rf"(?:{_NUMBER}|{_TEXT}|{_DATE}|{_WORD})"
_ONE_TEST = re.compile(
    rf"(?P<open>[\[\](])\s*(?P<low>{_BOUND})\s*\.\.\s*(?P<high>{_BOUND})\s*(?P<close>[\])\[])"
    rf"|(?P<operator><=|>=|<|>)\s*(?:(?P<bound>{_BOUND})|(?P<beside>{_NAME}))"
    rf"|\[(?P<members>\s*{_LITERAL}(?:\s*,\s*{_LITERAL})*\s*)\]"
    rf"|list\s+contains\s*\(\s*\?\s*,\s*(?P<held>{_LITERAL})\s*\)"
    rf"|(?P<literal>{_LITERAL})"
    rf"|(?P<name>{_NAME})"
)
_SPACE = re.compile(r"\s*")
_PIECE = re.compile(rf"({_TEXT})|.", re.DOTALL)
_ESCAPES = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t"}


class UnreadableCell(ValueError):
    """A cell that is no unary test or literal we read. Quotes its beginning."""

    def __init__(self, text: str) -> None:
        super().__init__(text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…")


def read_unary_test(text: str, names: Mapping[str, int] | None = None) -> UnaryTest:
    """`names`: what the other inputs are called → their column, for comparisons beside. Raises UnreadableCell."""
    stripped = text.strip()
    if len(stripped) > LONGEST_CELL:
        raise UnreadableCell(stripped)
    if stripped in ("", "-"):
        return UnaryTest(text, (), is_any=True)
    negated = re.fullmatch(r"not\s*\((.*)\)", stripped, re.DOTALL)
    body = negated[1] if negated else stripped
    return UnaryTest(text, tuple(_tests(body, names or {})), is_negated=negated is not None)


def read_literal(text: str, depth: int = 0) -> Any:
    """A number, a text in quotes, a date, true, false, null, or a list of these. Raises UnreadableCell."""
    stripped = text.strip()
    if len(stripped) > LONGEST_CELL or depth > DEEPEST_LIST:
        raise UnreadableCell(stripped)
    if stripped == "":
        return None
    if stripped.startswith("[") and stripped.endswith("]"):
        inner = stripped[1:-1].strip()
        return [read_literal(part, depth + 1) for part in _parts(inner)] if inner else []
    if not re.fullmatch(_LITERAL, stripped):
        raise UnreadableCell(stripped)
    if stripped.startswith('"'):
        return re.sub(r"\\.", _unescaped, stripped[1:-1], flags=re.DOTALL)
    if stripped.startswith("date"):
        try:
            return read_date(re.sub(r'^date\s*\(\s*"|"\s*\)$', "", stripped))
        except WrongKind as problem:
            raise UnreadableCell(stripped) from problem
    if stripped in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[stripped]
    return _number(stripped)


def _number(text: str) -> float:
    """Raises UnreadableCell beyond what expressions hold, and before Python would refuse to read so many digits."""
    if len(text) > LONGEST_NUMBER:
        raise UnreadableCell(text)
    value = float(text) if "." in text else int(text)
    if abs(value) > LARGEST_NUMBER:
        raise UnreadableCell(text)
    return value


def _unescaped(found: re.Match[str]) -> str:
    if found[0] not in _ESCAPES:
        raise UnreadableCell(found[0])
    return _ESCAPES[found[0]]


def _parts(text: str) -> list[str]:
    """Splits a list at the commas outside of quotes and brackets."""
    parts, depth, begin = [], 0, 0
    for piece in _PIECE.finditer(text):
        match piece[0]:
            case "[" | "(":
                depth += 1
            case "]" | ")":
                depth -= 1
            case "," if depth == 0:
                parts.append(text[begin : piece.start()])
                begin = piece.end()
            case '"':
                raise UnreadableCell(text)  # A quote that nothing closes.
    parts.append(text[begin:])
    if any(not part.strip() for part in parts):
        raise UnreadableCell(text)
    return parts


def _tests(text: str, names: Mapping[str, int]) -> Iterator[Test]:
    """One test, then a comma and the next, to the end."""
    place = _skip(text, 0)
    while True:
        found = _ONE_TEST.match(text, place)
        if found is None:
            raise UnreadableCell(text.strip())
        yield _test(found, names)
        place = _skip(text, found.end())
        if place == len(text):
            return
        if text[place] != ",":
            raise UnreadableCell(text.strip())
        place = _skip(text, place + 1)


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return place if found is None else found.end()


def _test(found: re.Match[str], names: Mapping[str, int]) -> Test:
    if found["open"]:
        return _interval(found)
    if found["beside"] or found["name"]:
        name = found["beside"] or found["name"]
        if name not in names:
            raise UnreadableCell(found[0])
        return Beside(found["operator"] or "=", names[name])
    if found["operator"]:
        bound = read_literal(found["bound"])
        if found["operator"].startswith("<"):
            return Interval(None, bound, False, found["operator"] == "<=")
        return Interval(bound, None, found["operator"] == ">=", False)
    if found["members"]:
        values = tuple(read_literal(part) for part in _parts(found["members"]))
        if len(values) == 2 and all(is_number(one) for one in values):
            raise UnreadableCell(found[0])  # As likely as not [1..5] was meant, and `1,5` says the other.
        return Member(values)
    if found["held"]:
        return Contains(read_literal(found["held"]))
    return Equal(read_literal(found["literal"]))


def _interval(found: re.Match[str]) -> Interval:
    low, high = read_literal(found["low"]), read_literal(found["high"])
    if family(low) != family(high) or low > high:
        raise UnreadableCell(found[0])
    return Interval(low, high, found["open"] == "[", found["close"] == "]")
