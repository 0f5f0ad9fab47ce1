"""Which boundary event catches an error or an escalation: outwards from where it was raised, the nearest first.

The stock engine asks all boundary events of the level around, so that an error in one stage cancels another.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState


def catcher_outwards(top: Any, task: Any, kind: Any, code: str | None) -> Any:
    """The waiting boundary event on `task` or on what encloses it; None when nobody catches `code`.

    `kind`: ErrorEventDefinition or EscalationEventDefinition.
    """
    while task is not None:
        found = _catcher_on(task, kind, code)
        if found is not None:
            return found
        parent_id = task.workflow.parent_task_id
        task = None if parent_id is None else top.get_task_from_id(parent_id)
    return None


def _catcher_on(task: Any, kind: Any, code: str | None) -> Any:
    split = task.parent
    while split is not None and isinstance(split.task_spec, LoopTask):
        split = split.parent  # The boundary event sits on all iterations together.
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return None
    found = None
    for sibling in split.children:
        definition: Any = getattr(sibling.task_spec, "event_definition", None)
        if sibling._state == TaskState.WAITING and type(definition) is kind:
            if definition.code == code:
                return sibling
            if definition.code is None:
                found = sibling
    return found
