"""Which boundary event catches an error, an escalation or a cancellation: outwards from where it was raised.

The stock engine asks all boundary events of the level around, so that an error in one stage cancels another.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import awaited


def catcher_outwards(top: Any, task: Any, kind: Any, code: str | None) -> tuple[Any, int | None] | None:
    """The waiting boundary event (and the number of its event) on `task` or on what encloses it; None: nobody's.

    `kind`: the class of an event definition; those of one code are asked before those of any.
    """
    while task is not None:
        found = _catcher_on(task, kind, code)
        if found is not None:
            return found
        parent_id = task.workflow.parent_task_id
        task = None if parent_id is None else top.get_task_from_id(parent_id)
    return None


def split_around(task: Any) -> Any:
    """Where the boundary events of a task hang; None when it has none."""
    split = task.parent
    while split is not None and isinstance(split.task_spec, LoopTask):
        split = split.parent  # The boundary event sits on all iterations together.
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return None
    return split


def is_interrupted(task: Any) -> bool:
    """Whether an interrupting boundary event of a task has come, though its branch has not begun."""
    split = split_around(task)
    return split is not None and any(
        isinstance(one.task_spec, BoundaryEvent)
        and one.task_spec.cancel_activity
        and one._state == TaskState.READY
        for one in split.children
    )


def _catcher_on(task: Any, kind: Any, code: str | None) -> tuple[Any, int | None] | None:
    split = split_around(task)
    if split is None:
        return None
    found = None
    for sibling in split.children:
        if sibling._state != TaskState.WAITING or not isinstance(sibling.task_spec, BoundaryEvent):
            continue
        for index, definition in awaited(sibling):
            if type(definition) is not kind:
                continue
            caught = getattr(definition, "code", None)
            if caught == code:
                return sibling, index
            if caught is None:
                found = sibling, index
    return found
