"""Which end event is the one that a case is said to have ended with."""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent

from engine.diagrams import is_made


def ends_the_case(task: Any) -> bool:
    """A drawn end event of the outermost level.

    One inside a made sub-process was drawn outside of it; one of a sub-process that leads to a made end only, such as
    an event sub-process, is the last that anybody drew.
    """
    if is_made(task.task_spec.bpmn_id):
        return False
    workflow = task.workflow
    while workflow.parent_task_id is not None:
        around = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if around is None or not (is_made(around.task_spec.bpmn_id) or _leads_to_made_end(around.task_spec)):
            return False
        workflow = around.workflow
    return True


def _leads_to_made_end(spec: Any) -> bool:
    behind = spec.outputs
    if len(behind) == 1 and isinstance(behind[0], BoundaryEventJoin):
        behind = behind[0].outputs
    return len(behind) == 1 and isinstance(behind[0], EndEvent) and is_made(behind[0].bpmn_id)
