"""Conditional events: looked at after each step and each change of variables, told when they become true.

Once for each time that the condition becomes true, and at entry when it is true already.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import ConditionalEventDefinition
from engine.spiff.firing import fire_event, waiting_events


def fire_what_became_true(workflow: Any) -> None:
    scripts = workflow.script_engine
    for task, index, definition in waiting_events(workflow):
        if not isinstance(definition, ConditionalEventDefinition) or _is_too_late(task):
            continue
        remembered = "was_true" if index is None else f"was_true_{index}"
        is_true = bool(scripts.evaluate(task, definition.expression))
        was_true = task.internal_data.get(remembered, False)
        if is_true != was_true:
            task.internal_data[remembered] = is_true
            if is_true:
                fire_event(task, index)


def _is_too_late(task: Any) -> bool:
    """Whether the repeated element that it sits on has had its last round and only needs to be left."""
    return isinstance(task.task_spec, BoundaryEvent) and any(
        isinstance(one.task_spec, LoopTask) and one._state == TaskState.READY for one in task.parent.children
    )
