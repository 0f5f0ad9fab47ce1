"""What of an element takes time by a rule: its clock, its timer, its due date. Everything else counts as done at once."""

import math
from dataclasses import dataclass

from engine.diagrams import Element, ProcessModel
from engine.rehearsal.year.named_limits import LimitNames, NamedLimits, StepLimit
from engine.worktime import Limit, LimitError, Unit, parse_any_limit, parse_iso_duration

__all__ = ["Step", "StepLimit", "step_of", "timer_step"]


@dataclass(frozen=True)
class Step:
    """`start`: from when its limits run: None from its entry, "case", or an element id. `is_choice`: one of them holds."""

    process_key: str
    element_id: str
    name: str
    is_timer: bool
    limits: tuple[StepLimit, ...]
    is_choice: bool = False
    expression: str = ""
    start: str | None = None


def step_of(model: ProcessModel, element: Element, names: LimitNames) -> Step | None:
    if "timerEventDefinition" in element.events:
        return timer_step(model, element, names)
    if element.sla:
        return _step(model, element, names.of_sla(element), start=element.sla_start or None)
    if element.due_date:
        return _step(model, element, names.of_call(element.due_date))
    return None


def timer_step(model: ProcessModel, element: Element, names: LimitNames) -> Step | None:
    """A wait of a known length. A date, a repetition, or a text that only a case can read: None."""
    text = (element.timer.text if element.timer else "").strip()
    if not text or element.timer is None or element.timer.kind == "cycle":
        return None
    if "${" in text:
        return _step(model, element, names.of_call(text), is_timer=True)
    limit = _literal(text)
    found = NamedLimits((StepLimit(text, limit),)) if limit is not None else NamedLimits()
    return _step(model, element, found, is_timer=True)


def _literal(text: str) -> Limit | None:
    try:
        found = parse_any_limit(text)
        return found if isinstance(found, Limit) else None
    except LimitError:
        pass
    try:
        return Limit(math.ceil(parse_iso_duration(text).total_seconds() / 60), Unit.MIN)
    except LimitError:
        return None


def _step(
    model: ProcessModel,
    element: Element,
    found: NamedLimits,
    *,
    is_timer: bool = False,
    start: str | None = None,
) -> Step | None:
    if not found.limits:
        return None
    name = element.name or element.id
    return Step(model.id, element.id, name, is_timer, found.limits, found.is_choice, found.expression, start)
