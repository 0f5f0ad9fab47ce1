"""Overlaps, gaps and rules that can never hit, over the finite domain that a table's own cells divide."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.decisions.table import DecisionTable, TableRule
from engine.decisions.unary import Equal

MOST_COMBINATIONS = 50_000
OTHER = "\u0000other"  # stands for any text that no cell names


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
    if size > MOST_COMBINATIONS:
        return [
            TableFinding(
                "advice", "too-large", table.id, (), f"组合过多（{size}），未检查重叠与遗漏。",
                f"There are too many combinations ({size}) to look for overlaps and gaps.",
            )
        ]  # fmt: skip
    return list(_examine(table, domains))


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
    texts: list[Any] = []
    numbers: set[float] = set()
    for rule in table.rules:
        for test in rule.tests[column].tests:
            bounds = [test.value] if isinstance(test, Equal) else [test.low, test.high]
            for bound in bounds:
                if isinstance(bound, bool) or bound is None:
                    continue
                if isinstance(bound, str):
                    if bound not in texts:
                        texts.append(bound)
                else:
                    numbers.add(bound)
    if table.inputs[column].kind == "boolean":
        return [True, False]
    if numbers:
        ordered = sorted(numbers)
        between = [(low + high) / 2 for low, high in itertools.pairwise(ordered)]
        return [ordered[0] - 1, *sorted([*ordered, *between]), ordered[-1] + 1]
    return [*texts, OTHER]


def _shown(table: DecisionTable, values: tuple[Any, ...]) -> str:
    parts = []
    for one, value in zip(table.inputs, values, strict=True):
        shown = (
            "其他/other" if value == OTHER else str(value).lower() if isinstance(value, bool) else str(value)
        )
        parts.append(f"{one.label} = {shown}")
    return ", ".join(parts)
