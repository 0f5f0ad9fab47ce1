"""The unary tests of a cell, in FEEL's logic of three values: what cannot be compared hits neither a test nor its `not(…)`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.decisions.values import family, same


def equal(left: Any, right: Any) -> bool | None:
    """None when the two cannot be compared. Nothing equals nothing only."""
    if left is None or right is None:
        return left is right
    if family(left) is None or family(left) != family(right):
        return None
    return bool(left == right)


def key_of(value: Any) -> tuple[str | None, Any]:
    """The same for values that are equal, and only for these."""
    return family(value), repr(value) if isinstance(value, list | dict) else value


@dataclass(frozen=True)
class Interval:
    """Bounds of one kind; None is unbounded."""

    low: Any
    high: Any
    has_low: bool
    has_high: bool

    def test(self, value: Any, row: Sequence[Any]) -> bool | None:  # noqa: ARG002 - as every test is asked.
        bound = self.low if self.low is not None else self.high
        if family(value) is None or family(value) != family(bound):
            return None
        if self.low is not None and (value < self.low or (value == self.low and not self.has_low)):
            return False
        return not (
            self.high is not None and (value > self.high or (value == self.high and not self.has_high))
        )

    def literals(self) -> list[Any]:
        return [one for one in (self.low, self.high) if one is not None]


@dataclass(frozen=True)
class Equal:
    value: Any

    def test(self, value: Any, row: Sequence[Any]) -> bool | None:  # noqa: ARG002
        return equal(value, self.value)

    def literals(self) -> list[Any]:
        return [] if self.value is None else [self.value]


@dataclass(frozen=True)
class Member:
    """`["a","b"]`: the input is one of these, or is this list itself."""

    values: tuple[Any, ...]

    def test(self, value: Any, row: Sequence[Any]) -> bool | None:  # noqa: ARG002
        if isinstance(value, list):
            return same(value, list(self.values))
        return _any(equal(value, one) for one in self.values)

    def literals(self) -> list[Any]:
        return [one for one in self.values if one is not None]


@dataclass(frozen=True)
class Contains:
    """`list contains(?, "a")`: the input is a list that holds the value."""

    value: Any

    def test(self, value: Any, row: Sequence[Any]) -> bool | None:  # noqa: ARG002
        return any(equal(one, self.value) for one in value) if isinstance(value, list) else None

    def literals(self) -> list[Any]:
        return [] if self.value is None else [self.value]


@dataclass(frozen=True)
class Beside:
    """`< opened_on`: a comparison with another input of the same row. `column` counts from 0."""

    operator: str  # = < <= > >=
    column: int

    def test(self, value: Any, row: Sequence[Any]) -> bool | None:
        other = row[self.column]
        if self.operator == "=":
            return equal(value, other)
        if family(value) is None or family(value) != family(other):
            return None
        if value == other:
            return self.operator in ("<=", ">=")
        return bool(value < other) is self.operator.startswith("<")

    def literals(self) -> list[Any]:
        return []


Test = Interval | Equal | Member | Contains | Beside


@dataclass(frozen=True)
class UnaryTest:
    """`is_any` is `-`; else one of `tests` must be true, or, when negated, all false."""

    text: str
    tests: tuple[Test, ...]
    is_any: bool = False
    is_negated: bool = False

    def matches(self, value: Any, row: Sequence[Any] = ()) -> bool:
        """`row`: the values of all inputs, for tests that look beside."""
        if self.is_any:
            return True
        if len(self.tests) == 1:
            found = self.tests[0].test(value, row)
        else:
            found = _any(test.test(value, row) for test in self.tests)
        return found is (not self.is_negated)

    def literals(self) -> list[Any]:
        """Every value that is written in the cell, but null."""
        return [one for test in self.tests for one in test.literals()]

    def listed(self) -> list[Any] | None:
        """The only values that fit, where the cell lists values and says nothing else."""
        values = [one.value for one in self.tests if isinstance(one, Equal)]
        return values if len(values) == len(self.tests) > 0 and not self.is_negated else None

    def beside(self) -> set[int]:
        """The other columns that the cell looks at."""
        return {one.column for one in self.tests if isinstance(one, Beside)}


def _any(found: Any) -> bool | None:
    """FEEL's `or`: true wins, then what is not known."""
    is_unknown = False
    for one in found:
        if one:
            return True
        is_unknown = is_unknown or one is None
    return None if is_unknown else False
