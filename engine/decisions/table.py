"""A decision table and its hit policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.decisions.unary import UnaryTest

HIT_POLICIES = ("UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = (None, "SUM", "MIN", "MAX", "COUNT")


class DecisionFailed(ValueError):
    """A table that has no single answer, or lacks an input; says which rules or which input."""

    def __init__(self, decision_id: str, en: str, zh: str) -> None:
        super().__init__(f"Decision {decision_id}: {en}")
        self.en, self.zh = f"Decision {decision_id}: {en}", f"决策表“{decision_id}”：{zh}"


@dataclass(frozen=True)
class TableInput:
    label: str
    path: tuple[str, ...]  # a variable, or a key inside an object
    kind: str


@dataclass(frozen=True)
class TableOutput:
    label: str
    name: str
    kind: str
    allowed: tuple[Any, ...] = ()  # in order of priority


@dataclass(frozen=True)
class TableRule:
    id: str
    number: int
    line: int | None
    tests: tuple[UnaryTest, ...]
    outputs: tuple[Any, ...]


@dataclass(frozen=True)
class DecisionResult:
    """`outputs`: one object for each answer, by output name. `matched`: ids of the rules that hit."""

    outputs: list[dict[str, Any]]
    matched: tuple[str, ...]
    value: Any = None  # of an aggregation
    is_aggregated: bool = False


@dataclass(frozen=True)
class DecisionTable:
    id: str
    name: str
    file_name: str
    hit_policy: str
    aggregation: str | None
    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    rules: tuple[TableRule, ...]

    def evaluate(self, variables: Mapping[str, Any]) -> DecisionResult:
        """Raises DecisionFailed; no matching rule gives an empty result."""
        values = [self._input(one, variables) for one in self.inputs]
        hits = [
            rule
            for rule in self.rules
            if all(test.matches(value) for test, value in zip(rule.tests, values, strict=True))
        ]
        return self._answer(hits)

    def _input(self, one: TableInput, variables: Mapping[str, Any]) -> Any:
        held: Any = variables
        for key in one.path:
            if not isinstance(held, Mapping) or key not in held:
                name = ".".join(one.path)
                raise DecisionFailed(
                    self.id,
                    f"expected a variable {name!r} for input {one.label!r}, but there is none.",
                    f"输入“{one.label}”需要变量“{name}”，但没有。",
                )
            held = held[key]
        return held

    def _answer(self, hits: list[TableRule]) -> DecisionResult:
        if self.hit_policy == "UNIQUE" and len(hits) > 1:
            raise self._several(hits)
        if self.hit_policy == "ANY" and any(rule.outputs != hits[0].outputs for rule in hits[1:]):
            raise self._several(hits)
        matched = tuple(rule.id for rule in hits)
        if self.hit_policy == "COLLECT" and self.aggregation is not None:
            return DecisionResult([], matched, self._aggregate(hits), is_aggregated=True)
        if self.hit_policy in ("FIRST", "ANY"):
            hits = hits[:1]
        elif self.hit_policy in ("PRIORITY", "OUTPUT ORDER"):
            hits = sorted(hits, key=self._priority)
            hits = hits[:1] if self.hit_policy == "PRIORITY" else hits
        return DecisionResult([self._object(rule) for rule in hits], matched)

    def _object(self, rule: TableRule) -> dict[str, Any]:
        return {one.name: value for one, value in zip(self.outputs, rule.outputs, strict=True)}

    def _priority(self, rule: TableRule) -> tuple[int, ...]:
        return tuple(
            one.allowed.index(value) if value in one.allowed else len(one.allowed)
            for one, value in zip(self.outputs, rule.outputs, strict=True)
        )

    def _aggregate(self, hits: list[TableRule]) -> Any:
        values = [rule.outputs[0] for rule in hits]
        match self.aggregation:
            case "COUNT":
                return len(values)
            case "SUM":
                return sum(values) if values else None
            case "MIN":
                return min(values) if values else None
            case _:
                return max(values) if values else None

    def _several(self, hits: list[TableRule]) -> DecisionFailed:
        numbers = ", ".join(str(rule.number) for rule in hits)
        return DecisionFailed(
            self.id,
            f"hit policy {self.hit_policy} allows one answer, but rules {numbers} hit.",
            f"命中策略 {self.hit_policy} 只允许一个结果，但第 {numbers} 条规则同时命中。",
        )


def map_decision_result(result: DecisionResult, mapping: str) -> Any:
    """`camunda:mapDecisionResult`: singleEntry, singleResult, collectEntries or resultList."""
    if result.is_aggregated:
        return result.value
    match mapping:
        case "singleEntry":
            return next(iter(result.outputs[0].values())) if result.outputs else None
        case "singleResult":
            return result.outputs[0] if result.outputs else None
        case "collectEntries":
            return [next(iter(one.values())) for one in result.outputs]
        case _:
            return result.outputs
