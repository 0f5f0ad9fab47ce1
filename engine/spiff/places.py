"""Where a task waits, as places that the command keeps rows for."""

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.changes import WaitingPlace
from engine.spiff.events import ConditionalEventDefinition, DueTimer, RepeatingTimer, awaited, place_key
from engine.spiff.scripts import element_id_of, process_key_of
from engine.spiff.task_specs import JobTask


def places_of(task: Any) -> list[WaitingPlace]:
    spec = task.task_spec
    if task._state == TaskState.READY and spec.manual:
        return [_place(task, "user_task", "")]
    if task._state == TaskState.STARTED and isinstance(spec, JobTask):
        return [_place(task, "job", "")]
    if task._state != TaskState.WAITING or not isinstance(spec, CatchingEvent):
        return []
    return [_event_place(task, definition, place_key(task, index)) for index, definition in awaited(task)]


def _event_place(task: Any, definition: Any, key: str) -> WaitingPlace:
    if isinstance(definition, RepeatingTimer):
        return _place(task, "repeating_timer", definition.expression, key, definition.name)
    if isinstance(definition, DueTimer):
        return _place(task, "timer", definition.expression, key, definition.name)
    if isinstance(definition, ConditionalEventDefinition):
        return _place(task, "condition", definition.expression, key)
    if isinstance(definition, SignalEventDefinition):
        return _place(task, "signal", definition.name or "", key)
    kind = "message" if isinstance(definition, MessageEventDefinition) else "event"
    return _place(task, kind, definition.name or "", key)


def _place(
    task: Any, kind: str, text: str, key: str | None = None, element_id: str | None = None
) -> WaitingPlace:
    host_key = None
    if isinstance(task.task_spec, BoundaryEvent):
        host: Task = next(
            (one for one in task.parent.children if not isinstance(one.task_spec, BoundaryEvent)), task.parent
        )
        host_key = host.id.hex
    return WaitingPlace(
        key=key or task.id.hex,
        kind=kind,
        element_id=element_id or element_id_of(task),
        process_key=process_key_of(task),
        host_key=host_key,
        text=text,
    )
