"""Overlaps, gaps and rules that can never decide, each with an example, as a table's hit policy judges them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.decisions.cover import Cover
from engine.decisions.domain import JUST_BEHIND, OTHER, TooLarge
from engine.decisions.grid import Grid, bits
from engine.decisions.hit_policy import agreement, priority
from engine.decisions.table import DecisionTable

MOST_OVERLAPS = 12
_DECIDED_BY_ONE = ("FIRST", "PRIORITY")
_LISTS = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


@dataclass(frozen=True)
class TableFinding:
    severity: str
    rule: str  # overlap | gap | unreachable | masked | too-large | unread
    decision_id: str
    numbers: tuple[int, ...]
    zh: str
    en: str
    line: int | None = None  # of the last rule named


def analyse(table: DecisionTable) -> list[TableFinding]:
    """Exact for texts, numbers, booleans, dates and lists. Where it would take too long it says so."""
    found = list(_unread(table))
    try:
        grid = Grid(table)
    except TooLarge:
        return [*found, _too_large(table)]
    together = grid.together()
    found += _overlaps(table, grid, together)
    cover = Cover(grid)
    try:
        found += _gaps(table, cover)
        found += _idle(table, cover, together)
    except TooLarge:
        found.append(_too_large(table))
    return found


def _unread(table: DecisionTable) -> Iterator[TableFinding]:
    for one in table.unread:
        yield TableFinding(
            "advice",
            "unread",
            table.id,
            (),
            f"属性 {one} 不会被读取。",
            f"Nothing reads the attribute {one}.",
        )


def _too_large(table: DecisionTable) -> TableFinding:
    return TableFinding(
        "warning", "too-large", table.id, (),
        "组合过多，遗漏与重叠未能全部检查：请拆成几张表。",
        "There are too many combinations to look for all gaps and overlaps: split the table.",
    )  # fmt: skip


def _overlaps(table: DecisionTable, grid: Grid, together: list[int]) -> Iterator[TableFinding]:
    if table.hit_policy not in ("UNIQUE", "ANY", "PRIORITY"):
        return
    is_tie = table.hit_policy == "PRIORITY"
    severity = "warning" if is_tie else "error"
    shown = more = 0
    for one, rivals in enumerate(_rivals(table, together)):
        for other in itertools.islice(bits(rivals), max(0, MOST_OVERLAPS - shown)):
            shown, rivals = shown + 1, rivals & ~(1 << other)
            numbers = (table.rules[one].number, table.rules[other].number)
            row = shown_row(table, grid.shared_row((one, other)))
            zh = f"第 {numbers[0]}、{numbers[1]} 条规则同时命中（{row}）。"
            en = f"Rules {numbers[0]}, {numbers[1]} hit together ({row})."
            if is_tie:
                zh += "优先级相同而输出不同，靠前的一条决定。"
                en += " Their priority is the same but not their output: the first of them decides."
            yield TableFinding(severity, "overlap", table.id, numbers, zh, en, table.rules[other].line)
        more += rivals.bit_count()
    if more:
        yield TableFinding(
            severity, "overlap", table.id, (), f"还有 {more} 对规则同时命中。", f"{more} more pairs of rules hit together."
        )  # fmt: skip


def _rivals(table: DecisionTable, together: list[int]) -> Iterator[int]:
    """For each rule the later ones that it may not hit together with, or that its policy cannot rank against it."""
    agreeing: dict[Any, int] = {}
    ranked: dict[Any, int] = {}
    for one, rule in enumerate(table.rules):
        agreeing[agreement(rule)] = agreeing.get(agreement(rule), 0) | 1 << one
        ranked[priority(table.outputs, rule)] = ranked.get(priority(table.outputs, rule), 0) | 1 << one
    for one, rule in enumerate(table.rules):
        later = together[one] >> (one + 1) << (one + 1)
        if table.hit_policy != "UNIQUE":
            later &= ~agreeing[agreement(rule)]
        if table.hit_policy == "PRIORITY":
            later &= ranked[priority(table.outputs, rule)]
        yield later


def _gaps(table: DecisionTable, cover: Cover) -> Iterator[TableFinding]:
    if table.has_default or (table.hit_policy == "COLLECT" and table.aggregation == "COUNT"):
        return
    gap = cover.missed(cover.grid.every)
    if gap is not None:
        shown = shown_row(table, gap) or "-"
        # A list of all that hit may well be empty.
        severity = "advice" if table.hit_policy in _LISTS else "warning"
        yield TableFinding(
            severity, "gap", table.id, (), f"没有规则覆盖：{shown}。", f"No rule covers {shown}."
        )


def _idle(table: DecisionTable, cover: Cover, together: list[int]) -> Iterator[TableFinding]:
    places = cover.grid.places
    ranked = list(range(len(table.rules)))
    if table.hit_policy == "PRIORITY":
        ranked.sort(key=lambda one: priority(table.outputs, table.rules[one]))
    before = 0
    masked: dict[int, int] = {}
    for one in ranked:
        rivals = before & together[one]
        if (
            table.hit_policy in _DECIDED_BY_ONE
            and rivals
            and all(places[one])
            and cover.missed(rivals, places[one]) is None
        ):
            masked[one] = rivals
        else:
            before |= (
                1 << one
            )  # What never decides takes nothing away from others that those before it did not.
    for one, rule in enumerate(table.rules):
        if not all(places[one]):
            yield TableFinding(
                "warning", "unreachable", table.id, (rule.number,),
                f"第 {rule.number} 条规则永远不会命中：它的条件互相矛盾，请更正或删去。",
                f"Rule {rule.number} can never hit: no input fits all of its cells. Correct or remove it.", rule.line,
            )  # fmt: skip
        elif one in masked:
            numbers = [table.rules[other].number for other in bits(masked[one])]
            listed = "、".join(str(number) for number in numbers)
            yield TableFinding(
                "warning", "masked", table.id, (rule.number,),
                f"第 {rule.number} 条规则永远不会用到：优先的第 {listed} 条规则已全部覆盖。请上移或删去。",
                f"Rule {rule.number} can never decide: rules {', '.join(map(str, numbers))} come first and take all of it. "
                "Move it up or remove it.", rule.line,
            )  # fmt: skip


def shown_row(table: DecisionTable, values: tuple[Any, ...]) -> str:
    """An example in plain words: `level = outlet, amount = 5`."""
    return ", ".join(
        f"{one.label} = {_shown(value)}" for one, value in zip(table.inputs, values, strict=True)
    )


def _shown(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case str() if value.endswith(OTHER):
            return "其他/other"
        case str() if value.endswith(JUST_BEHIND):
            return f"> {value.rstrip(JUST_BEHIND)}"
        case list():
            return f"[{', '.join(_shown(one) for one in value)}]"
        case date():
            return value.isoformat()
        case _:
            return str(value) or '""'
