"""Hit policies: which of the rules that hit give the answer, and in what order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.decisions.failure import DecisionFailed
from engine.decisions.values import family, same

if TYPE_CHECKING:
    from engine.decisions.table import DecisionTable, TableOutput, TableRule

HIT_POLICIES = ("UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = (None, "SUM", "MIN", "MAX", "COUNT")
BY_PRIORITY = ("PRIORITY", "OUTPUT ORDER")


@dataclass(frozen=True)
class DecisionResult:
    """`outputs`: one object for each answer, by output name. `matched`: ids of the rules that hit."""

    outputs: list[dict[str, Any]]
    matched: tuple[str, ...]
    value: Any = None  # of an aggregation
    is_aggregated: bool = False
    decision_id: str = ""


def answer(table: "DecisionTable", hits: Sequence["TableRule"]) -> DecisionResult:
    """`hits`: the rules that hit, in the order of the table. Raises DecisionFailed when they may not hit together."""
    if table.hit_policy == "UNIQUE" and len(hits) > 1:
        raise _several(table, hits)
    if table.hit_policy == "ANY" and not all(agree(rule, hits[0]) for rule in hits):
        raise _several(table, hits)
    matched = tuple(rule.id for rule in hits)
    is_aggregated = table.hit_policy == "COLLECT" and table.aggregation is not None
    if not hits and table.has_default:
        default = {one.name: one.default for one in table.outputs}
        if is_aggregated:
            return DecisionResult([], (), table.outputs[0].default, True, table.id)
        return DecisionResult([default], (), decision_id=table.id)
    if is_aggregated:
        return DecisionResult([], matched, _aggregate(table.aggregation, hits), True, table.id)
    if table.hit_policy in BY_PRIORITY:
        hits = sorted(hits, key=lambda rule: priority(table.outputs, rule))
    if table.hit_policy in ("FIRST", "ANY", "PRIORITY"):
        hits = hits[:1]
    outputs = [
        {one.name: value for one, value in zip(table.outputs, rule.outputs, strict=True)} for rule in hits
    ]
    return DecisionResult(outputs, matched, decision_id=table.id)


def agree(one: "TableRule", other: "TableRule") -> bool:
    return agreement(one) == agreement(other)


def agreement(rule: "TableRule") -> tuple[Any, ...]:
    """The same for rules that answer the same: true is not 1, but 1.0 is."""
    return tuple(_key(one) for one in rule.outputs)


def _key(value: Any) -> Any:
    return tuple(_key(one) for one in value) if isinstance(value, list) else (family(value), value)


def priority(outputs: Sequence["TableOutput"], rule: "TableRule") -> tuple[int, ...]:
    """The place of each output among the values allowed for it; the first column counts most."""
    return tuple(
        next((place for place, allowed in enumerate(one.allowed) if same(allowed, value)), len(one.allowed))
        for one, value in zip(outputs, rule.outputs, strict=True)
    )


def _aggregate(aggregation: str | None, hits: Sequence["TableRule"]) -> Any:
    values = [rule.outputs[0] for rule in hits]
    match aggregation:
        case "COUNT":
            return len(values)
        case "SUM":
            return _sum(values) if values else None
        case "MIN":
            return min(values) if values else None
        case _:
            return max(values) if values else None


def _sum(values: list[Any]) -> int | float:
    if all(isinstance(one, int) for one in values):
        return int(sum(values))
    return float(sum((Decimal(str(one)) for one in values), Decimal(0)))


def _several(table: "DecisionTable", hits: Sequence["TableRule"]) -> DecisionFailed:
    numbers = ", ".join(str(rule.number) for rule in hits)
    return DecisionFailed(
        table.id,
        f"hit policy {table.hit_policy} allows one answer, but rules {numbers} hit.",
        f"命中策略 {table.hit_policy} 只允许一个结果，但第 {numbers} 条规则同时命中。",
    )
