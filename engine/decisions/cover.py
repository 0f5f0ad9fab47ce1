"""Which rules hit which values, as sets of bits; and the search for a row of inputs that none of some rules hits."""

from collections.abc import Sequence
from typing import Any

from engine.decisions.domain import OTHER, Group, TooLarge, groups_of
from engine.decisions.table import DecisionTable

MOST_CHECKS = 600_000  # cells times values
MOST_STEPS = 10_000  # of the searches in one table


class Cover:
    """`masks[g][v]`: the rules (by bit, the first is bit 0) that the v-th row of values of group g lets pass."""

    def __init__(self, table: DecisionTable) -> None:
        """Raises TooLarge."""
        self.table = table
        self.steps = 0
        groups = groups_of(table)
        specific = {one: len(table.rules) * len(one.columns) - self._any_cells(one) for one in groups}
        if sum(len(one.rows) * specific[one] for one in groups) > MOST_CHECKS:
            raise TooLarge
        # The search looks first where rules say most.
        self.groups = sorted(groups, key=self._any_cells)
        self.masks = [self._masks(one) for one in self.groups]
        self.every = (1 << len(table.rules)) - 1
        # places[i][g]: the values of group g that rule i lets pass, by bit.
        self.places = [
            [
                sum(1 << value for value, mask in enumerate(masks) if mask >> rule & 1)
                for masks in self.masks
            ]
            for rule in range(len(table.rules))
        ]  # fmt: skip
        self.full = [(1 << len(one.rows)) - 1 for one in self.groups]

    def _any_cells(self, group: Group) -> int:
        return sum(rule.tests[one].is_any for rule in self.table.rules for one in group.columns)

    def _masks(self, group: Group) -> list[int]:
        specific = [
            (
                1 << bit,
                [(one, rule.tests[one].matches) for one in group.columns if not rule.tests[one].is_any],
            )
            for bit, rule in enumerate(self.table.rules)
        ]
        lets_all = sum(bit for bit, tests in specific if not tests)
        specific = [(bit, tests) for bit, tests in specific if tests]
        row: list[Any] = [None] * len(self.table.inputs)
        found = []
        for values in group.rows:
            for column, value in zip(group.columns, values, strict=True):
                row[column] = value
            mask = lets_all
            for bit, tests in specific:
                if all(matches(row[one], row) for one, matches in tests):
                    mask |= bit
            found.append(mask)
        return found

    def together(self) -> list[int]:
        """For each rule the rules that some row hits together with it, as bits. Exact, and cheap in every table."""
        known: dict[tuple[int, int], int] = {}
        found = []
        for places in self.places:
            shared = self.every
            for group, place in enumerate(places):
                if (group, place) not in known:
                    known[group, place] = _union(self.masks[group], place)
                shared &= known[group, place]
            found.append(shared)
        return found

    def shared_row(self, rules: Sequence[int]) -> tuple[Any, ...]:
        """A row that all of these rules hit; they are known to have one in each group."""
        wanted = sum(1 << one for one in rules)
        return self._row(
            [next(v for v, mask in enumerate(masks) if mask & wanted == wanted) for masks in self.masks]
        )

    def missed(self, rules: int, region: Sequence[int] | None = None) -> tuple[Any, ...] | None:
        """A row inside of `region` (of each group the values, by bit) that none of the rules hits. Raises TooLarge.

        Looks first among values that cells name, which read best.
        """
        within = list(self.full if region is None else region)
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
            for place, values in enumerate(self.groups[group].rows)
            if not any(one is None or (isinstance(one, str) and one.endswith(OTHER)) for one in values)
        )

    def _search(self, rules: int, region: Sequence[int]) -> tuple[Any, ...] | None:
        """Goes through the groups; what counts is only which rules are still alive."""
        options = [self._options(group, place) for group, place in enumerate(region)]
        # covering[g]: rules that let everything pass from group g on; while one lives nothing can be missed.
        covering = [self.every]
        for group in reversed(range(len(region))):
            lets_all = self.every
            for mask in options[group]:
                lets_all &= mask
            covering.insert(0, covering[0] & lets_all)
        dead: set[tuple[int, int]] = set()

        def descend(group: int, alive: int) -> list[int] | None:
            if not alive:
                return [next(iter(one.values())) for one in options[group:]]
            if alive & covering[group] or (group, alive) in dead:
                return None
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise TooLarge
            failed: list[int] = []
            ways: dict[int, int] = {}
            for mask, value in options[group].items():
                ways.setdefault(alive & mask, value)
            for left, value in sorted(ways.items(), key=lambda one: one[0].bit_count()):
                if any(left & one == one for one in failed):
                    continue  # Where fewer rules were left nothing was missed either.
                found = descend(group + 1, left)
                if found is not None:
                    return [value, *found]
                failed.append(left)
            dead.add((group, alive))
            return None

        found = descend(0, rules)
        return None if found is None else self._row(found)

    def _options(self, group: int, place: int) -> dict[int, int]:
        """Mask → the first value that has it."""
        found: dict[int, int] = {}
        for value, mask in enumerate(self.masks[group]):
            if place >> value & 1:
                found.setdefault(mask, value)
        return found

    def _row(self, chosen: Sequence[int]) -> tuple[Any, ...]:
        row: list[Any] = [None] * len(self.table.inputs)
        for group, value in zip(self.groups, chosen, strict=True):
            for column, one in zip(group.columns, group.rows[value], strict=True):
                row[column] = one
        return tuple(row)


def _union(masks: Sequence[int], place: int) -> int:
    found = 0
    for value, mask in enumerate(masks):
        if place >> value & 1:
            found |= mask
    return found
