"""Whether a token means the same on another version of its diagram: kind, event, repetition, and the joins around it."""

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin

_REPETITION = ("cardinality", "condition", "collection", "element_variable", "maximum", "test_before")


def difference_of(was: Any, now: Any, mapping: Mapping[str, str]) -> str | None:
    """kind_changed | event_changed | repetition_changed, or None where an open token may stay."""
    if type(was) is not type(now):
        return "kind_changed"
    if isinstance(was, LoopTask) and any(
        getattr(was, name, None) != getattr(now, name, None) for name in _REPETITION
    ):
        return "repetition_changed"
    if isinstance(was, CatchingEvent) and _waits_for(was.event_definition, mapping) != _waits_for(
        now.event_definition, {}
    ):
        return "event_changed"
    return None


def in_changed_block(old: Any, new: Any, old_name: str, new_name: str) -> bool:
    """Whether a token stands between a split and a join that waits for other branches in the new diagram."""
    changed = {
        name
        for name in {*_joins(old), *_joins(new)}
        if _inputs(old, name) != _inputs(new, name)
        or type(old.task_specs.get(name)) is not type(new.task_specs.get(name))
    }
    return bool(changed) and (_is_between(old, old_name, changed) or _is_between(new, new_name, changed))


def in_any_block(spec: Any, name: str) -> bool:
    return _is_between(spec, name, set(_joins(spec)))


def _waits_for(definition: Any, mapping: Mapping[str, str]) -> Any:
    if isinstance(definition, MultipleEventDefinition):
        return [_waits_for(one, mapping) for one in definition.event_definitions]
    if isinstance(definition, TimerEventDefinition):
        return type(definition), mapping.get(
            definition.name, definition.name
        )  # Its moment stands in its row.
    return type(definition), definition.name, getattr(definition, "code", None)


def _joins(spec: Any) -> Iterator[str]:
    """Names of gateways that wait for more than one branch."""
    for name, one in spec.task_specs.items():
        if isinstance(one, UnstructuredJoin) and one.bpmn_id is not None and len(one.inputs) > 1:
            yield name


def _inputs(spec: Any, name: str) -> set[str]:
    one = spec.task_specs.get(name)
    return set() if one is None else {source.name for source in one.inputs}


def _is_between(spec: Any, name: str, joins: set[str]) -> bool:
    start = spec.task_specs.get(name)
    if start is None or not joins:
        return False
    if name in joins:
        return True
    if not joins & reachable(start):
        return False
    splits = [
        one
        for one in spec.task_specs.values()
        if isinstance(one, UnstructuredJoin) and one.bpmn_id is not None and len(one.outputs) > 1
    ]
    return any(name in reachable(one) for one in splits)


def reachable(start: Any) -> set[str]:
    found: set[str] = set()
    waiting = list(start.outputs)
    while waiting:
        one = waiting.pop()
        if one.name not in found:
            found.add(one.name)
            waiting += one.outputs
    return found
