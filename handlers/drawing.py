"""Draws samples that anyone can draw again: all chance comes from a seed and SHA-256, none from a generator."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256


@dataclass(frozen=True, order=True)
class Item:
    """One voucher of the population: its number, and the stratum (unit) that it belongs to."""

    number: str
    stratum: str = ""

    def line(self) -> str:
        return f"{self.number} {self.stratum}".strip()


def rank(seed: str, draw: str, number: str) -> int:
    """Where chance puts a number: the SHA-256 of `seed|draw|number`, read as one large number."""
    return int.from_bytes(sha256(f"{seed}|{draw}|{number}".encode()).digest(), "big")


def size_of(population: int, percent: Decimal) -> int:
    """`percent` of the population, rounded up, at least one unless there is nobody (D-21)."""
    share = (population * percent / 100).to_integral_value(ROUND_CEILING)
    return min(population, max(1, int(share))) if population else 0


def draw_items(items: Iterable[Item], seed: str, draw: str, size: int) -> list[Item]:
    """`size` of the items, in the order of their numbers; the order in which the items are given does not matter.

    All stand in one row, stratum by stratum, within each as chance ranks them. Chance names where the row is
    entered, and from there every (N / size)-th is taken. So each item has the same chance, and each stratum
    gives its exact share, rounded up or down.
    """
    row = sorted(items, key=lambda one: (one.stratum, rank(seed, draw, one.number), one.number))
    if not 0 <= size <= len(row):
        raise ValueError(f"Expected a size from 0 to {len(row)}, but it is {size}.")
    entry = rank(seed, draw, "") % len(row) if row else 0
    return sorted(row[(entry + place * len(row)) // size] for place in range(size))


def by_stratum(population: Iterable[Item], sample: Iterable[Item]) -> Mapping[str, tuple[int, int]]:
    """Stratum → (drawn, of so many), in the order of their names."""
    drawn, of = Counter(one.stratum for one in sample), Counter(one.stratum for one in population)
    return {stratum: (drawn[stratum], of[stratum]) for stratum in sorted(of)}


def digest_of(items: Iterable[Item]) -> str:
    """One text that stands for the whole population: it differs as soon as one line differs."""
    return sha256("\n".join(one.line() for one in sorted(items)).encode()).hexdigest()


def seed_of(case_number: str, moment: str, digest: str) -> str:
    """The seed of a case: nobody chooses it, and everybody can see afterwards that nobody did."""
    return sha256(f"{case_number}|{moment}|{digest}".encode()).hexdigest()[:32]
