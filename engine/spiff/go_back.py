"""Puts the one token of a scope back to an element that the case has passed: for a person who mends a case."""

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.spiff.case_run import CaseRun
from engine.spiff.changes import Changes
from engine.spiff.same_shape import in_any_block, reachable
from engine.spiff.token_tree import OPEN


class GoBackRefused(Exception):
    """`code`: not_here (no such element in the same scope) | not_earlier (it does not lead here, or was never entered)
    | inside_split (a join further on would wait for branches that nobody takes).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def go_back(run: CaseRun, key: str, element_id: str, now: datetime) -> Changes:
    """Every open place in the scope of the place `key` is cancelled, and `element_id` is entered anew.

    Raises KeyError when the case does not wait at `key`; GoBackRefused.
    """
    task, _ = run._event_task(key)
    level = task.workflow
    target = _target(run, level, task, element_id)
    run._prepare(now)
    for one in [one for one in level.tasks.values() if one.has_state(OPEN) and one is not level.task_tree]:
        if one.has_state(OPEN):  # It may have been cancelled with one before it.
            one.cancel()
    token = level.task_tree._add_child(target, TaskState.FUTURE)
    target._predict(token, mask=TaskState.NOT_FINISHED_MASK)
    target._update(token)
    return run._after(now)


def _target(run: CaseRun, level: Any, task: Any, element_id: str) -> Any:
    specs = level.spec.task_specs
    drawn = specs.get(element_id)
    if drawn is None or drawn.bpmn_id != element_id or isinstance(drawn, BoundaryEvent):
        raise GoBackRefused("not_here")
    entered = specs.get(f"{element_id}.BoundaryEventSplit", drawn)
    name = task.task_spec.name.removesuffix(" [child]")
    if name not in reachable(entered) or name == element_id or run.last_entered_at(element_id) is None:
        raise GoBackRefused("not_earlier")
    if in_any_block(level.spec, element_id):
        raise GoBackRefused("inside_split")
    return entered
