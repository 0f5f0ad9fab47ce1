"""Tells a waiting task that its event has come. All events come this way: timers, messages, signals, conditions, errors."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import DueTimer, awaited


def fire_event(task: Any, index: int | None = None) -> None:
    """`index`: which of several events. A non-interrupting boundary event goes on waiting; only a timer is used up."""
    spec = task.task_spec
    if isinstance(spec, BoundaryEvent):
        if not spec.cancel_activity and not isinstance(spec.event_definition, DueTimer):
            if index is not None and spec.event_definition.parallel:
                spec.event_definition.see(task, index)
                if not spec.event_definition.has_fired(task):
                    return
                seen = task.internal_data.pop("seen")
                start_round(task, seen=seen)
            else:
                start_round(task, **({"event_fired": True} if index is None else {"seen": [index]}))
            return
        task.workflow.top_workflow.fired.append(task)
    if index is None:
        task._set_internal_data(event_fired=True)
    else:
        spec.event_definition.see(task, index)
    spec._update(task)


def start_round(task: Any, **internal: Any) -> None:
    """One more branch of a boundary event that goes on waiting: a task of its own, beside it.

    Children of the waiting task itself would be dropped with it when its host is finished.
    """
    spec = task.task_spec
    again = task.parent._add_child(spec, TaskState.FUTURE)
    spec._predict(again, mask=TaskState.NOT_FINISHED_MASK)
    again._set_state(TaskState.WAITING)
    again._set_internal_data(**internal)
    task.workflow.top_workflow.fired.append(again)
    spec._update(again)


def waiting_events(workflow: Any) -> Iterator[tuple[Any, int | None, Any]]:
    """(task, number, definition) of everything that the case waits for now, sub-processes and calls included."""
    for task in list(workflow.event_manager.tasks.values()):
        if is_waiting(task):
            for index, definition in awaited(task):
                if is_waiting(task):  # What was done about the one before may have ended the waiting.
                    yield task, index, definition


def is_waiting(task: Any) -> bool:
    return task._state == TaskState.WAITING and task.workflow.tasks.get(task.id) is task
