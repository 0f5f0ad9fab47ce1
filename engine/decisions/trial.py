"""A decision tried on a row of inputs: the answer, which rules hit, and where each other rule stopped fitting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.decisions.failure import DecisionFailed
from engine.decisions.hit_policy import DecisionResult
from engine.decisions.table import DecisionTable, TableRule
from engine.decisions.values import stored


@dataclass(frozen=True)
class TriedRule:
    """A rule that hits has no `column`; any other names its first input that does not fit, from the left."""

    number: int
    id: str
    line: int | None
    column: str | None = None
    cell: str | None = None
    value: Any = None

    @property
    def is_hit(self) -> bool:
        return self.column is None


@dataclass(frozen=True)
class Trial:
    """Exactly one of `result` and `failure` is given. `inputs`: label → value, as far as the row could be read."""

    decision_id: str
    name: str
    inputs: Mapping[str, Any]
    rules: tuple[TriedRule, ...]
    result: DecisionResult | None
    failure: DecisionFailed | None
    required: tuple["Trial", ...] = ()


def try_decision(table: DecisionTable, variables: Mapping[str, Any]) -> Trial:
    """Never raises for what stands in the row: a refusal is part of the trial."""
    return _try(table, variables, {})


def _try(table: DecisionTable, variables: Mapping[str, Any], known: dict[str, Trial]) -> Trial:
    """`known`: trials of decisions that several others require, each made once."""
    for one in table.required:
        if one.id not in known:
            known[one.id] = _try(one, variables, known)
    required = tuple(known[one.id] for one in table.required)
    try:
        values = table.values(table.with_required(variables, {}))
    except DecisionFailed as failure:
        return Trial(table.id, table.name, {}, (), None, failure, required)
    inputs = {one.label: stored(value) for one, value in zip(table.inputs, values, strict=True)}
    rules = tuple(_tried(table, rule, values) for rule in table.rules)
    try:
        return Trial(table.id, table.name, inputs, rules, table.decide(values), None, required)
    except DecisionFailed as failure:
        return Trial(table.id, table.name, inputs, rules, None, failure, required)


def _tried(table: DecisionTable, rule: TableRule, values: tuple[Any, ...]) -> TriedRule:
    for asked, test, value in zip(table.inputs, rule.tests, values, strict=True):
        if not test.matches(value, values):
            return TriedRule(rule.number, rule.id, rule.line, asked.label, test.text.strip(), stored(value))
    return TriedRule(rule.number, rule.id, rule.line)
