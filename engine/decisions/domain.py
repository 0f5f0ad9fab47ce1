"""For each column the few values that stand for all: each boundary that a cell names, and one in every stretch between.

Columns that cells compare with each other form a group, with enough values in each stretch for every order among them.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.decisions.table import DecisionTable
from engine.decisions.unary import Contains, Equal, Interval, Member, UnaryTest, key_of
from engine.decisions.values import NUMBERS, WHOLE, family

OTHER = "\u0000other"  # stands for any text that no cell names
JUST_BEHIND = "\u0000"  # no file can hold it, so nothing lies between a text and this
MOST_TOGETHER = 20_000  # rows of values of one group
MOST_VALUES = 5_000  # of one column
MOST_HELD = 6  # values that cells look for in lists of one column


class TooLarge(ValueError):
    """More values than can be looked at."""


@dataclass(frozen=True, eq=False)
class Group:
    """Columns that depend on each other, and the rows of values that stand for all."""

    columns: tuple[int, ...]
    rows: tuple[tuple[Any, ...], ...]


def groups_of(table: DecisionTable) -> list[Group]:
    """Raises TooLarge."""
    found = []
    for columns in _linked(table):
        is_ordered = any(_is_ordered(rule.tests[one]) for rule in table.rules for one in columns)
        literals = [value for one in columns for value in _literals(table, one)] if len(columns) > 1 else None
        domains = [_domain(table, one, literals, len(columns), is_ordered=is_ordered) for one in columns]
        if math.prod(len(domain) for domain in domains) > MOST_TOGETHER and len(columns) > 1:
            raise TooLarge
        found.append(Group(columns, tuple(itertools.product(*domains))))
    return found


def _linked(table: DecisionTable) -> list[tuple[int, ...]]:
    """Columns, those together that a cell compares."""
    together = {column: {column} for column in range(len(table.inputs))}
    for rule in table.rules:
        for column, test in enumerate(rule.tests):
            for other in test.beside():
                if together[column] is not together[other]:
                    together[column] |= together[other]
                    for one in together[other]:
                        together[one] = together[column]
    return list(dict.fromkeys(tuple(sorted(together[column])) for column in together))


def _literals(table: DecisionTable, column: int) -> list[Any]:
    """What cells compare with the input itself; what they look for inside of a list stands in `_lists`."""
    tests = [rule.tests[column] for rule in table.rules]
    allowed = table.inputs[column].allowed
    parts = [part for test in (*tests, *([allowed] if allowed else [])) for part in test.tests]
    return [value for part in parts if not isinstance(part, Contains) for value in part.literals()]


def _is_ordered(test: UnaryTest) -> bool:
    """Whether the cell asks for the order of texts."""
    return any(isinstance(one, Interval) and isinstance(one.literals()[0], str) for one in test.tests) or any(
        getattr(one, "operator", "=") != "=" for one in test.tests
    )


def _domain(
    table: DecisionTable, column: int, shared: list[Any] | None, copies: int, *, is_ordered: bool
) -> list[Any]:
    asked = table.inputs[column]
    tests = [rule.tests[column] for rule in table.rules]
    literals = _literals(table, column) if shared is None else shared
    is_ordered = is_ordered or (asked.allowed is not None and _is_ordered(asked.allowed))
    kinds = {family(one) for one in literals}
    domain: list[Any] = list(_lists(tests))
    if asked.kind == "boolean" or "boolean" in kinds:
        domain += [True, False]
    if asked.kind in NUMBERS or "number" in kinds:
        numbers = sorted({one for one in literals if family(one) == "number"})
        domain += _whole(numbers, copies) if asked.kind in WHOLE else _stretches(numbers, copies)
    if asked.kind == "date":
        domain += _days([one for one in literals if family(one) == "date"], copies)
    if asked.kind == "string" or "string" in kinds or not (kinds or domain):
        domain += _texts(
            sorted({one for one in literals if isinstance(one, str)}), copies, is_ordered=is_ordered
        )
    if len(domain) > MOST_VALUES:
        raise TooLarge
    if asked.allowed is not None:
        domain = _allowed(asked.allowed, domain)
    if any(_speaks_of_nothing(test) for test in tests):
        domain.append(None)
    return domain


def _allowed(allowed: UnaryTest, domain: list[Any]) -> list[Any]:
    listed = allowed.listed()
    if listed is not None:
        keys = {key_of(one) for one in listed}
        return [value for value in domain if all(key_of(one) in keys for one in _entries(value))]
    return [value for value in domain if all(allowed.matches(one) for one in _entries(value))]


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _speaks_of_nothing(test: UnaryTest) -> bool:
    """Whether the cell means to say what happens when the input is not filled in: by `null` or by a `not(…)`."""
    names_null = any(isinstance(one, Equal | Member) and one.test(None, ()) for one in test.tests)
    return not test.is_any and not test.beside() and (names_null or test.matches(None))


def _stretches(numbers: Sequence[float], copies: int) -> list[float]:
    """Each boundary, some values in each stretch between two, some below and above."""
    if not numbers:
        return list(range(copies))
    # From whole numbers: below and above the largest floats one more or less would be the same float again.
    found: list[float] = [math.floor(numbers[0]) - one for one in range(copies, 0, -1)]
    for low, high in itertools.pairwise(numbers):
        found.append(low)
        first = math.floor(low) + 1
        if first + copies - 1 < high:  # whole numbers are easier to read
            found += range(first, first + copies)
        else:
            inside = (low + (high - low) * part / (copies + 1) for part in range(1, copies + 1))
            found += (one for one in inside if low < one < high)
    return [*found, numbers[-1], *(math.floor(numbers[-1]) + one for one in range(1, copies + 1))]


def _whole(numbers: Sequence[float], copies: int) -> list[float]:
    if not numbers:
        return list(range(copies))
    found = [int(numbers[0]) - one for one in range(copies, 0, -1)]
    for low, high in itertools.pairwise(numbers):
        found += [int(low), *range(int(low) + 1, min(int(low) + 1 + copies, int(high)))]
    return [*found, int(numbers[-1]), *(int(numbers[-1]) + one for one in range(1, copies + 1))]


def _days(days: Sequence[date], copies: int) -> list[date]:
    numbers = sorted({one.toordinal() for one in days} or {date(2026, 1, 1).toordinal()})
    least, most = date.min.toordinal(), date.max.toordinal()
    return [date.fromordinal(int(one)) for one in _whole(numbers, copies) if least <= one <= most]


def _texts(texts: Sequence[str], copies: int, *, is_ordered: bool) -> list[str]:
    if not is_ordered:
        return [*texts, *(JUST_BEHIND * one + OTHER for one in range(copies))]
    behind = [JUST_BEHIND * one for one in range(copies + 1)]
    return list(dict.fromkeys([*behind, *(one + tail for one in texts for tail in behind)]))


def _lists(tests: Sequence[UnaryTest]) -> Iterator[list[Any]]:
    """Every choice of what cells look for in a list, with and without something else."""
    parts = [one for test in tests for one in test.tests]
    if not any(isinstance(one, Contains) for one in parts):
        return
    held: list[Any] = []
    for part in parts:
        if isinstance(part, Contains) and not any(
            type(one) is type(part.value) and one == part.value for one in held
        ):
            held.append(part.value)
    if len(held) > MOST_HELD:
        raise TooLarge
    for size in range(len(held) + 1):
        yield from (list(chosen) for chosen in itertools.combinations(held, size))
    yield from (list(one.values) for one in parts if isinstance(one, Member))
