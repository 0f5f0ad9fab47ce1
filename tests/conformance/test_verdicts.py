"""The verdicts can fail: what is wrong, hangs or runs by accident would be told."""

from collections.abc import Sequence

import pytest

from tests.conformance.construct import Case, Construct, case, construct, counter
from tests.conformance.driving import matches, verdict_of


class Told:
    """A world in which everything has been said before."""

    def __init__(self, *outcomes: str, refused_by: Sequence[str] = ()) -> None:
        self.outcomes, self.refused_by = list(outcomes), list(refused_by)

    def deploy(self, one: Construct) -> list[str]:
        return self.refused_by

    def run(self, one: Construct, case: Case) -> str:
        return self.outcomes.pop(0)


EVENT = construct("events", "told", "<process/>", case("a > b"), counter("a > c"))


@pytest.mark.parametrize(
    ("world", "verdict"),
    [
        (Told("a > b", "a > c"), "runs as specified"),
        (Told("b > a", "a > c"), "wrong"),
        (Told("a > b", "a > b"), "runs by accident"),
        (Told("a > b", "a | hang"), "hangs"),
        (Told("a > b | incident", "a > c"), "wrong"),
        (Told(refused_by=["x", "y"]), "refused by x, y"),
    ],
)
def test_each_verdict_is_told(world, verdict):
    assert verdict_of(world, EVENT)[0] == verdict


@pytest.mark.parametrize(
    ("expected", "got", "is_so"),
    [
        ("a > b", "a > b", True),
        ("a > b", "b > a", False),
        ("a, b > c", "b > a > c", True),
        ("a, b > c", "a > c > b", False),
        ("a, a", "a", False),
        ("a", "a > a", False),
        ("| waiting", " | waiting", True),
        ("a", "a | waiting", False),
        ("a | waiting", "a", False),
    ],
)
def test_what_has_no_order_may_come_in_any(expected, got, is_so):
    assert matches(expected, got) is is_so
