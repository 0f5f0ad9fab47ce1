"""A decision table and its hit policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.decisions.unary import UnaryTest

HIT_POLICIES = ("UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = (None, "SUM", "MIN", "MAX", "COUNT")
RESULT_MAPPINGS = ("singleEntry", "singleResult", "collectEntries", "resultList")
_NUMBERS = frozenset({"number", "integer", "long", "double"})


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

    def takes(self, value: Any) -> bool:
        """Whether a value is of the column's kind. A kind that is not checked takes everything; null is no kind."""
        if value is None:
            return True
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind in _NUMBERS:
            return isinstance(value, int | float) and not isinstance(value, bool)
        return self.kind != "string" or isinstance(value, str)


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
    decision_id: str = ""


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
        if not one.takes(held):
            # "5" is not 5: no rule would hit, and nobody would know why.
            raise DecisionFailed(
                self.id,
                f"expected {one.kind} for input {one.label!r}, but it is {held!r:.60}.",
                f"输入“{one.label}”应为 {one.kind}，但得到 {held!r:.60}。",
            )
        return held

    def _answer(self, hits: list[TableRule]) -> DecisionResult:
        if self.hit_policy == "UNIQUE" and len(hits) > 1:
            raise self._several(hits)
        if self.hit_policy == "ANY" and any(rule.outputs != hits[0].outputs for rule in hits[1:]):
            raise self._several(hits)
        matched = tuple(rule.id for rule in hits)
        if self.hit_policy == "COLLECT" and self.aggregation is not None:
            return DecisionResult([], matched, self._aggregate(hits), True, self.id)
        if self.hit_policy in ("FIRST", "ANY"):
            hits = hits[:1]
        elif self.hit_policy in ("PRIORITY", "OUTPUT ORDER"):
            hits = sorted(hits, key=self._priority)
            hits = hits[:1] if self.hit_policy == "PRIORITY" else hits
        return DecisionResult([self._object(rule) for rule in hits], matched, decision_id=self.id)

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
                return _sum(values) if values else None
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


def _sum(values: list[Any]) -> int | float:
    if all(isinstance(one, int) for one in values):
        return int(sum(values))
    return float(sum((Decimal(str(one)) for one in values), Decimal(0)))


def map_decision_result(result: DecisionResult, mapping: str) -> Any:
    """`camunda:mapDecisionResult`: singleEntry, singleResult, collectEntries or resultList.

    Raises DecisionFailed where the mapping would drop a part of the answer.
    """
    if result.is_aggregated:
        return result.value
    if mapping in ("singleEntry", "singleResult") and len(result.outputs) > 1:
        raise DecisionFailed(
            result.decision_id,
            f"{mapping} takes one answer, but there are {len(result.outputs)}.",
            f"{mapping} 只取一个结果，但有 {len(result.outputs)} 个。",
        )
    if mapping in ("singleEntry", "collectEntries") and any(len(one) != 1 for one in result.outputs):
        raise DecisionFailed(
            result.decision_id,
            f"{mapping} takes one output column, but there are {len(result.outputs[0])}.",
            f"{mapping} 只取一列输出，但有 {len(result.outputs[0])} 列。",
        )
    match mapping:
        case "singleEntry":
            return next(iter(result.outputs[0].values())) if result.outputs else None
        case "singleResult":
            return result.outputs[0] if result.outputs else None
        case "collectEntries":
            return [next(iter(one.values())) for one in result.outputs]
        case _:
            return result.outputs
