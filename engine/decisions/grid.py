"""Which rules hit which values, as sets of bits: the ground on which overlaps and gaps are looked for."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.decisions.domain import Group, TooLarge, groups_of
from engine.decisions.table import DecisionTable
from engine.decisions.unary import key_of

MOST_CHECKS = 600_000  # cells times values


class Grid:
    """`masks[g][v]`: the rules (by bit, the first is bit 0) that the v-th row of values of group g lets pass.

    `places[i][g]`: the other way round, the values of group g that rule i lets pass.
    """

    def __init__(self, table: DecisionTable) -> None:
        """Raises TooLarge."""
        self.table = table
        self.every = (1 << len(table.rules)) - 1
        self.checks = 0
        # The search looks first where rules say most.
        self.groups = sorted(groups_of(table), key=self._any_cells)
        self.full = [(1 << len(one.rows)) - 1 for one in self.groups]
        self.masks: list[list[int]] = []
        self.places: list[list[int]] = [[] for _ in table.rules]
        for group, full in zip(self.groups, self.full, strict=True):
            lets_all, masks = self._masks(group)
            self.masks.append([mask | lets_all for mask in masks])
            for bit, places in enumerate(self.places):
                places.append(full if lets_all >> bit & 1 else 0)
            for value, mask in enumerate(masks):
                for bit in bits(mask):
                    self.places[bit][-1] |= 1 << value

    def _any_cells(self, group: Group) -> int:
        return sum(rule.tests[one].is_any for rule in self.table.rules for one in group.columns)

    def _masks(self, group: Group) -> tuple[int, list[int]]:
        """The rules that say nothing of the group, and for each of its rows the others that it lets pass."""
        masks = [0] * len(group.rows)
        lets_all = 0
        asking = []
        places = (
            {key_of(row[0]): place for place, row in enumerate(group.rows)} if len(group.columns) == 1 else {}
        )
        for bit, rule in enumerate(self.table.rules):
            tests = [(one, rule.tests[one]) for one in group.columns if not rule.tests[one].is_any]
            listed = tests[0][1].listed() if len(tests) == 1 and len(group.columns) == 1 else None
            if not tests:
                lets_all |= 1 << bit
            elif listed is not None:
                for (
                    value
                ) in listed:  # Long tables mostly look a value up: no need to ask each rule for each value.
                    if key_of(value) in places:
                        masks[places[key_of(value)]] |= 1 << bit
            else:
                asking.append((1 << bit, [(one, test.matches) for one, test in tests]))
        self.checks += len(asking) * len(group.columns) * len(group.rows)
        if self.checks > MOST_CHECKS:
            raise TooLarge
        row: list[Any] = [None] * len(self.table.inputs)
        for place, values in enumerate(group.rows):
            for column, value in zip(group.columns, values, strict=True):
                row[column] = value
            for bit, tests_of_rule in asking:
                if all(matches(row[one], row) for one, matches in tests_of_rule):
                    masks[place] |= bit
        return lets_all, masks

    def together(self) -> list[int]:
        """For each rule the rules that some row hits together with it, as bits. Exact, and cheap in every table."""
        known: dict[tuple[int, int], int] = {}
        found = []
        for places in self.places:
            shared = self.every
            for group, place in enumerate(places):
                if (group, place) not in known:
                    union = 0
                    for value in bits(place):
                        union |= self.masks[group][value]
                    known[group, place] = union
                shared &= known[group, place]
            found.append(shared)
        return found

    def shared_row(self, rules: Sequence[int]) -> tuple[Any, ...]:
        """A row that all of these rules hit; they are known to have one in each group."""
        wanted = sum(1 << one for one in rules)
        return self.row(
            [next(v for v, mask in enumerate(masks) if mask & wanted == wanted) for masks in self.masks]
        )

    def row(self, chosen: Sequence[int]) -> tuple[Any, ...]:
        """The inputs in the order of the table, from one value of each group."""
        row: list[Any] = [None] * len(self.table.inputs)
        for group, value in zip(self.groups, chosen, strict=True):
            for column, one in zip(group.columns, group.rows[value], strict=True):
                row[column] = one
        return tuple(row)


def bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
