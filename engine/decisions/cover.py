"""The search for a row of inputs that none of some rules hits: a gap, or what is left for a rule to decide."""

from collections.abc import Sequence
from typing import Any

from engine.decisions.domain import OTHER, TooLarge
from engine.decisions.grid import Grid, bits

MOST_STEPS = 200_000  # of all searches in one table


class Cover:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.steps = 0

    def missed(self, rules: int, region: Sequence[int] | None = None) -> tuple[Any, ...] | None:
        """A row inside of `region` (of each group the values, by bit) that none of the rules hits. Raises TooLarge.

        Looks first among values that cells name, which read best.
        """
        within = list(self.grid.full if region is None else region)
        if not all(within):
            return None
        if region is None:
            named = [place & self._named(group) or place for group, place in enumerate(within)]
            found = self._search(rules, named)
            if found is not None:
                return found
        return self._search(rules, within)

    def _named(self, group: int) -> int:
        return sum(
            1 << place
            for place, values in enumerate(self.grid.groups[group].rows)
            if not any(one is None or (isinstance(one, str) and one.endswith(OTHER)) for one in values)
        )

    def _search(self, rules: int, region: Sequence[int]) -> tuple[Any, ...] | None:
        """Goes through the groups; what counts is only which rules are still alive."""
        options = [self._options(group, place) for group, place in enumerate(region)]
        self._count(sum(len(one) for one in options))
        # covering[g]: rules that let everything pass from group g on; while one lives nothing can be missed.
        covering = [self.grid.every]
        for group in reversed(range(len(region))):
            lets_all = self.grid.every
            for mask in options[group]:
                lets_all &= mask
            covering.insert(0, covering[0] & lets_all)
        dead: set[tuple[int, int]] = set()

        def descend(group: int, alive: int) -> list[int] | None:
            if not alive:
                return [next(iter(one.values())) for one in options[group:]]
            if alive & covering[group] or (group, alive) in dead:
                return None
            self._count(len(options[group]))
            failed: list[int] = []
            ways: dict[int, int] = {}
            for mask, value in options[group].items():
                ways.setdefault(alive & mask, value)
            for left, value in sorted(ways.items(), key=lambda one: one[0].bit_count()):
                if left & covering[group + 1]:
                    continue
                self._count(len(failed))
                if any(left & one == one for one in failed):
                    continue  # Where fewer rules were left nothing was missed either.
                found = descend(group + 1, left)
                if found is not None:
                    return [value, *found]
                failed.append(left)
            dead.add((group, alive))
            return None

        found = descend(0, rules)
        return None if found is None else self.grid.row(found)

    def _options(self, group: int, place: int) -> dict[int, int]:
        """Mask → the first value that has it."""
        found: dict[int, int] = {}
        for value in bits(place):
            found.setdefault(self.grid.masks[group][value], value)
        return found

    def _count(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise TooLarge
