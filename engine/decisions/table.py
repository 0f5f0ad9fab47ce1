"""A decision table: its columns and rules, what it requires, and its answer to a row of inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.decisions.failure import DecisionFailed
from engine.decisions.hit_policy import DecisionResult, answer
from engine.decisions.unary import UnaryTest
from engine.decisions.values import WrongKind, comparable


@dataclass(frozen=True)
class TableInput:
    label: str
    path: tuple[str, ...]  # a variable, or a key inside an object
    kind: str
    allowed: UnaryTest | None = None  # what the input may be, besides nothing

    @property
    def name(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True)
class TableOutput:
    label: str
    name: str
    kind: str
    allowed: tuple[Any, ...] = ()  # in order of priority
    default: Any = None
    has_default: bool = False


@dataclass(frozen=True)
class TableRule:
    id: str
    number: int
    line: int | None
    tests: tuple[UnaryTest, ...]
    outputs: tuple[Any, ...]

    def hits(self, values: tuple[Any, ...]) -> bool:
        return all(test.matches(value, values) for test, value in zip(self.tests, values, strict=True))


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
    variable: str = ""  # what decisions that require this one call its answer
    required: tuple["DecisionTable", ...] = ()
    unread: tuple[str, ...] = field(
        default=(), compare=False
    )  # attributes of other makers that nothing reads

    @property
    def has_default(self) -> bool:
        return any(one.has_default for one in self.outputs)

    def evaluate(self, variables: Mapping[str, Any]) -> DecisionResult:
        """Asks the required decisions first. Raises DecisionFailed; no matching rule gives an empty result."""
        return self.decide(self.values(self.with_required(variables, {})))

    def decide(self, values: tuple[Any, ...]) -> DecisionResult:
        """The answer to a row as `values` gives it."""
        return answer(self, [rule for rule in self.rules if rule.hits(values)])

    def with_required(self, variables: Mapping[str, Any], known: dict[str, DecisionResult]) -> dict[str, Any]:
        """The variables and, above them, what the required decisions answer. `known`: id → result, each asked once."""
        found = dict(variables)
        for one in self.required:
            if one.id not in known:
                known[one.id] = one.decide(one.values(one.with_required(variables, known)))
            found |= one.as_variables(known[one.id])
        return found

    def asked(self) -> set[str]:
        """The variables that a case must hold, also for the required decisions."""
        given = {name for one in self.required for name in one.variables()}
        return {one.path[0] for one in self.inputs} - given | {
            name for one in self.required for name in one.asked()
        }

    def variables(self) -> list[str]:
        """Under which names decisions that require this one find its answer."""
        return [self.variable, *(one.name for one in self.outputs)]

    def as_variables(self, result: DecisionResult) -> dict[str, Any]:
        """Under the decision's name, as DMN says, and under the outputs' names, as Camunda does."""
        if result.is_aggregated:
            return dict.fromkeys(self.variables(), result.value)
        found = result.outputs[0] if result.outputs else {one.name: None for one in self.outputs}
        whole = found if len(self.outputs) > 1 else next(iter(found.values()))
        return {self.variable: whole, **found}

    def values(self, variables: Mapping[str, Any]) -> tuple[Any, ...]:
        """The row of inputs, each checked. Raises DecisionFailed."""
        return tuple(self._input(one, variables) for one in self.inputs)

    def _input(self, one: TableInput, variables: Mapping[str, Any]) -> Any:
        held: Any = variables
        for key in one.path:
            if not isinstance(held, Mapping) or key not in held:
                raise DecisionFailed(
                    self.id,
                    f"expected a variable {one.name!r} for input {one.label!r}, but there is none.",
                    f"输入“{one.label}”需要变量“{one.name}”，但没有。",
                )
            held = held[key]
        try:
            value = comparable(one.kind, held)
        except WrongKind as problem:
            # "5" is not 5: no rule would hit, and nobody would know why.
            wanted = f"{one.kind}{' (YYYY-MM-DD)' if one.kind == 'date' else ''}"
            raise DecisionFailed(
                self.id,
                f"expected {wanted} for input {one.label!r}, but it is {held!r:.60}.",
                f"输入“{one.label}”应为 {wanted}，但得到 {held!r:.60}。",
            ) from problem
        entries = value if isinstance(value, list) else [value]
        if one.allowed is not None and value is not None and not all(map(one.allowed.matches, entries)):
            raise DecisionFailed(
                self.id,
                f"expected one of {one.allowed.text.strip()} for input {one.label!r}, but it is {held!r:.60}.",
                f"输入“{one.label}”应为 {one.allowed.text.strip()} 之一，但得到 {held!r:.60}。",
            )
        return value
