"""Overlaps, gaps and rules that can never hit, over the finite domain that a table's own cells divide."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.decisions.table import DecisionTable, TableRule
from engine.decisions.unary import Equal, Interval, UnaryTest

MOST_COMBINATIONS = 50_000
MOST_CHECKS = 1_000_000  # combinations times rules
MOST_FOUND = 20
OTHER = "\u0000other"  # stands for any text that no cell names
JUST_BEHIND = "\u0000"


@dataclass(frozen=True)
class TableFinding:
    severity: str
    rule: str  # overlap | gap | unreachable | too-large
    decision_id: str
    numbers: tuple[int, ...]
    zh: str
    en: str


def analyse(table: DecisionTable) -> list[TableFinding]:
    domains = [_domain(table, column) for column in range(len(table.inputs))]
    size = 1
    for domain in domains:
        size *= len(domain)
    if size > MOST_COMBINATIONS or size * len(table.rules) > MOST_CHECKS:
        return [
            TableFinding(
                "advice", "too-large", table.id, (), f"组合过多（{size}），未检查重叠与遗漏。",
                f"There are too many combinations ({size}) to look for overlaps and gaps.",
            )
        ]  # fmt: skip
    return list(itertools.islice(_examine(table, domains), MOST_FOUND))


def _examine(table: DecisionTable, domains: list[list[Any]]) -> Iterator[TableFinding]:
    hit: set[int] = set()
    overlaps: dict[tuple[int, ...], tuple[Any, ...]] = {}
    gap: tuple[Any, ...] | None = None
    for values in itertools.product(*domains):
        numbers = [rule.number for rule in table.rules if _hits(rule, values)]
        if not numbers:
            gap = gap or values
        hit.update(numbers[:1] if table.hit_policy == "FIRST" else numbers)
        if len(numbers) > 1:
            overlaps.setdefault(tuple(numbers), values)
    by_number = {rule.number: rule for rule in table.rules}
    for found, values in overlaps.items():
        outputs = [by_number[number].outputs for number in found]
        if table.hit_policy == "UNIQUE" or (
            table.hit_policy == "ANY" and any(one != outputs[0] for one in outputs)
        ):
            listed = "、".join(str(number) for number in found)
            shown = _shown(table, values)
            yield TableFinding(
                "error", "overlap", table.id, found, f"第 {listed} 条规则同时命中（{shown}）。",
                f"Rules {', '.join(str(number) for number in found)} hit together ({shown}).",
            )  # fmt: skip
    if gap is not None:
        shown = _shown(table, gap)
        yield TableFinding(
            "warning", "gap", table.id, (), f"没有规则覆盖：{shown}。", f"No rule covers {shown}."
        )
    for rule in table.rules:
        if rule.number not in hit:
            yield TableFinding(
                "warning", "unreachable", table.id, (rule.number,), f"第 {rule.number} 条规则永远不会用到。",
                f"Rule {rule.number} can never decide.",
            )  # fmt: skip


def _hits(rule: TableRule, values: tuple[Any, ...]) -> bool:
    return all(test.matches(value) for test, value in zip(rule.tests, values, strict=True))


def _domain(table: DecisionTable, column: int) -> list[Any]:
    """One value for every stretch between the boundaries that the cells of a column name."""
    tests = [rule.tests[column] for rule in table.rules]
    literals = [value for test in tests for value in test.literals()]
    kind = table.inputs[column].kind
    domain: list[Any] = []
    if kind == "boolean" or any(isinstance(one, bool) for one in literals):
        domain += [True, False]
    numbers = sorted({one for one in literals if isinstance(one, int | float) and not isinstance(one, bool)})
    if numbers:
        domain += _stretches(numbers, is_whole=kind in ("integer", "long"))
    texts = sorted({one for one in literals if isinstance(one, str)})
    if any(
        isinstance(test, Interval) and isinstance(test.low or test.high, str)
        for one in tests
        for test in one.tests
    ):
        # Texts in order: before the first, each, and just behind each.
        domain += ["", *(shifted for one in texts for shifted in (one, f"{one}{JUST_BEHIND}"))]
    elif kind != "boolean" and not numbers:
        domain += [*texts, OTHER]
    if any(_speaks_of_nothing(test) for test in tests):
        domain.append(None)
    return domain


def _speaks_of_nothing(test: UnaryTest) -> bool:
    """Whether the cell means to say what happens when the input is not filled in."""
    names_null = any(isinstance(one, Equal) and one.value is None for one in test.tests)
    return not test.is_any and (names_null or test.matches(None))


def _stretches(numbers: list[float], *, is_whole: bool) -> list[float]:
    """Each boundary, a value in each stretch between two, one below and one above."""
    found = [numbers[0] - 1]
    for low, high in itertools.pairwise(numbers):
        found.append(low)
        if not is_whole:
            found.append((low + high) / 2)
        elif math.floor(low) + 1 < high:
            found.append(math.floor(low) + 1)
    return [*found, numbers[-1], numbers[-1] + 1]


def _shown(table: DecisionTable, values: tuple[Any, ...]) -> str:
    parts = []
    for one, value in zip(table.inputs, values, strict=True):
        match value:
            case bool():
                shown = str(value).lower()
            case None:
                shown = "null"
            case str() if value == OTHER:
                shown = "其他/other"
            case str() if value.endswith(JUST_BEHIND):
                shown = f"> {value.removesuffix(JUST_BEHIND)}"
            case _:
                shown = str(value) or '""'
        parts.append(f"{one.label} = {shown}")
    return ", ".join(parts)
