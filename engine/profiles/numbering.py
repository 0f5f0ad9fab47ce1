"""Patterns of case numbers: `TS-{year}-{number:05d}`, and nothing else that Python's formatting could do."""

import re

from engine.profiles.place import Place
from engine.profiles.profile import Numbering

_FIELD = re.compile(r"\{year\}|\{number(?::0[1-9]d)?\}")
LONGEST_PATTERN = 60


def read_numbering(place: Place) -> Numbering:
    """A pattern that would fail, or give a number twice, is refused now, not when the first case is registered."""
    pattern = place.text("pattern", Numbering.pattern)
    restarts = place.text("restarts", Numbering.restarts)
    if restarts not in ("year", "never"):
        raise place.refused('"year" or "never"', " year 或 never", "restarts")
    if not is_number_pattern(pattern):
        raise place.refused(
            "a pattern with {number}, and with {year} where wanted, such as `TS-{year}-{number:05d}`",
            "含 {number}（可含 {year}）的编号格式，例如 TS-{year}-{number:05d}",
            "pattern",
        )
    if restarts == "year" and "{year}" not in pattern:
        raise place.refused(
            '{year} in the pattern, or restarts = "never": each year would give the same numbers again',
            '含 {year} 的格式，或写明 restarts = "never"：否则每年会给出相同的编号',
            "pattern",
        )
    return Numbering(pattern, restarts)


def is_number_pattern(pattern: str) -> bool:
    rest = _FIELD.sub("", pattern)
    has_number = "{number" in pattern
    return has_number and not set("{}\n\r\0") & set(rest) and len(pattern) <= LONGEST_PATTERN
