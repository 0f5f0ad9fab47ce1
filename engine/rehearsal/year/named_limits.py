"""Which limits of a profile a text of a diagram may mean: `reply`, `a, b`, `${"a" if x else "b"}`, `${found.limit}`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.decisions import DecisionTable
from engine.diagrams import Element, ProcessModel
from engine.profiles import Profile
from engine.worktime import AnyLimit

_QUOTED = re.compile(r"[\"']([^\"']+)[\"']")
_NAME = re.compile(r"(?<![\"'\w.])([^\W\d]\w*)(?:\.([^\W\d]\w*))?")


@dataclass(frozen=True)
class StepLimit:
    """`is_fact` is false for a default of ours. `name` is the family's own, or the text of a literal limit."""

    name: str
    limit: AnyLimit
    register_id: str = ""
    is_fact: bool = True
    text: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class NamedLimits:
    """`is_choice`: one of them holds, and only the case tells which; else all of them do. Empty: none, or unknown."""

    limits: tuple[StepLimit, ...] = ()
    is_choice: bool = False
    expression: str = ""
    is_unknown: bool = False


class LimitNames:
    """What texts mean under one profile. An answer of a decision table counts by all that its rules can answer."""

    def __init__(
        self, profile: Profile, models: Iterable[ProcessModel], decisions: Mapping[str, DecisionTable]
    ) -> None:
        self._profile = profile
        self._answers = dict(_answers(models, decisions))

    def of_sla(self, element: Element) -> NamedLimits:
        text = (element.sla or "").strip()
        if "${" in text:
            return self._of_expression(text)
        names = [name.strip() for name in text.split(",") if name.strip()]
        return NamedLimits(tuple(self._limits(names)))

    def of_call(self, text: str) -> NamedLimits:
        """A text with `limit(…)`, as timers and due dates have it; without such a call: nothing."""
        if "limit(" not in text:
            return NamedLimits()
        return self._of_expression(text)

    def _of_expression(self, text: str) -> NamedLimits:
        names = list(dict.fromkeys(self._candidates(text)))
        known = tuple(self._limits(names))
        return NamedLimits(known, len(known) > 1, text, is_unknown=not any(self._has(name) for name in names))

    def _candidates(self, text: str) -> Iterator[str]:
        for quoted in _QUOTED.findall(text):
            if self._has(quoted):
                yield quoted
            elif quoted.endswith("_"):
                # `"item_" + kind`: the names are put together; any that begins so may be meant.
                yield from (name for name in self._profile.limits if name.startswith(quoted))
        for variable, part in _NAME.findall(_QUOTED.sub("", text)):
            for answer in self._answers.get((variable, part), self._answers.get((variable, ""), ())):
                if self._has(answer):
                    yield answer

    def _has(self, name: str) -> bool:
        return name in self._profile.limits

    def _limits(self, names: Iterable[str]) -> Iterator[StepLimit]:
        for name in names:
            found = self._profile.limits.get(name)
            if found is not None and found.limit is not None and not found.is_off:
                yield StepLimit(name, found.limit, found.id, found.is_fact, found.text)


def _answers(
    models: Iterable[ProcessModel], decisions: Mapping[str, DecisionTable]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """(result variable, output) → the texts that the table's rules answer there; output "" for a single one."""
    for model in models:
        for element in model.elements.values():
            table = decisions.get(element.decision_ref or "")
            if table is None or not element.result_variable:
                continue
            for number, output in enumerate(table.outputs):
                texts = [rule.outputs[number] for rule in table.rules] + list(output.allowed)
                said = tuple(dict.fromkeys(one for one in texts if isinstance(one, str)))
                yield (element.result_variable, output.name), said
                if len(table.outputs) == 1:
                    yield (element.result_variable, ""), said
