"""A workflow that finds READY and WAITING tasks in its flat dictionary, and forgets finished history.

The stock engine walks the whole tree after every task: a case with a thousand rework loops would cost a
thousand times its first (docs/spiff.md). Finished history is kept as rows; here only what is unfinished stays.
"""

from collections.abc import Collection
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, EventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    CodeEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import CancelEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.spiff.catchers import catcher_outwards
from engine.spiff.events import place_key
from engine.spiff.firing import fire_event, is_waiting, waiting_events


def _refresh(workflow: Any) -> None:
    for task in [t for t in workflow.tasks.values() if t._state == TaskState.WAITING]:
        # An earlier refresh of this round may have cancelled or removed it.
        if task._state == TaskState.WAITING:
            task.task_spec._update(task)


class FlatSubWorkflow(BpmnSubWorkflow):
    def update_waiting_tasks(self) -> None:
        _refresh(self)

    def _task_removed_notify(self, task: Any) -> None:
        super()._task_removed_notify(task)
        self.top_workflow.forget_level(task)

    def collect_log_extras(self, dct: Any = None) -> dict[str, Any]:  # noqa: ARG002
        return {}


class FlatWorkflow(BpmnWorkflow):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.fired: list[Any] = []  # boundary events that have come and have not been run yet
        super().__init__(*arguments, **named)

    def update_waiting_tasks(self) -> None:
        _refresh(self)

    def catch(self, event: Any) -> None:
        """What an element throws. Messages and signals leave the case; signals also reach all that wait inside it.

        Who waits for a message is found by its correlation, here or elsewhere. Errors, escalations and
        cancellations go outwards only. A terminating end ends its own level by itself.
        """
        definition = event.event_definition
        if isinstance(definition, MessageEventDefinition):
            self.bpmn_events.append(event)
        elif isinstance(definition, SignalEventDefinition):
            self.bpmn_events.append(event)
            self.catch_signal(definition.name)
        elif isinstance(definition, CodeEventDefinition) and not self._catch_outwards(
            # The target is the level that throws; who catches sits on the task around it.
            event.target.parent_task_id,
            type(definition),
            definition.code,
        ):
            self.bpmn_events.append(event)

    def cancel_transaction(self, level: Any) -> bool:
        """A cancel end event on `level`: to the boundary event of the transaction around. False: nobody catches it."""
        return self._catch_outwards(level.parent_task_id, CancelEventDefinition, None)

    def catch_signal(self, name: str, keys: Collection[str] | None = None) -> None:
        """Fires all that wait for the signal at this moment; of places, when given, only `keys`."""
        catchers = [
            (task, index)
            for task, index, one in waiting_events(self)
            if isinstance(one, SignalEventDefinition)
            and one.name == name
            and (keys is None or place_key(task, index) in keys)
        ]
        for task, index in catchers:
            if is_waiting(task):
                fire_event(task, index)

    def _catch_outwards(self, thrower_id: Any, kind: Any, code: str | None) -> bool:
        thrower = None if thrower_id is None else self.get_task_from_id(thrower_id)
        catcher = catcher_outwards(self, thrower, kind, code)
        if catcher is None:
            return False
        fire_event(*catcher)
        return True

    def _task_removed_notify(self, task: Any) -> None:
        super()._task_removed_notify(task)
        self.forget_level(task)

    def forget_level(self, task: Any) -> None:
        """A task that is removed takes the level that it holds along: nothing on it may take another step."""
        level = self.subprocesses.pop(task.id, None)
        for one in () if level is None else level.tasks.values():
            if one.has_state(TaskState.NOT_FINISHED_MASK):
                one._state = TaskState.CANCELLED
            self.forget_level(one)

    def create_subprocess(self, my_task: Any, spec_name: str) -> FlatSubWorkflow:
        subprocess = FlatSubWorkflow(
            self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self
        )
        self.subprocesses[my_task.id] = subprocess
        return subprocess

    def get_task_from_id(self, task_id: Any) -> Any:
        task = self.tasks.get(task_id)
        if task is None:
            for subprocess in self.subprocesses.values():
                task = subprocess.tasks.get(task_id)
                if task is not None:
                    break
        return task

    def collect_log_extras(self, dct: Any = None) -> dict[str, Any]:  # noqa: ARG002
        return {}

    def all_tasks(self) -> list[Any]:
        found = list(self.tasks.values())
        for subprocess in self.subprocesses.values():
            found.extend(subprocess.tasks.values())
        return found

    def ready_innermost_first(self) -> list[Any]:
        """What can run without anybody, sub-processes before what is around them."""
        active = [one for one in self.subprocesses.values() if not one.completed]
        active.sort(key=lambda one: one.depth, reverse=True)
        return [
            task
            for level in (*active, self)
            for task in level.tasks.values()
            if task._state == TaskState.READY and not task.task_spec.manual
        ]

    def next_fired(self) -> Any:
        """The boundary event that goes next: of the outermost scope; those that interrupt nothing before others."""
        self.fired = [one for one in self.fired if one._state == TaskState.READY]
        if not self.fired:
            return None
        return min(self.fired, key=lambda one: (one.workflow.depth, one.task_spec.cancel_activity))

    def prune(self) -> None:
        """Drops finished history of the case and of each sub-process, and finished sub-processes whole."""
        for workflow in (self, *self.subprocesses.values()):
            _drop_finished_rounds(workflow)
            _prune_tree(workflow)
        for key in [key for key, task in self.event_manager.tasks.items() if not is_waiting(task)]:
            del self.event_manager.tasks[key]
        kept = {task.id for task in self.all_tasks()}
        while True:
            gone = [key for key in self.subprocesses if key not in kept]
            finished = [
                key
                for key, one in self.subprocesses.items()
                if key in kept
                and self.get_task_from_id(key).has_state(TaskState.FINISHED_MASK)
                and key not in gone
            ]
            if not gone and not finished:
                return
            for key in (*gone, *finished):
                del self.subprocesses[key]
            kept = {task.id for task in self.all_tasks()}


def _line(task: Any) -> list[Any]:
    ancestors = []
    while task is not None:
        ancestors.append(task)
        task = task.parent
    return ancestors[::-1]


def _is_split_open(split: Any) -> bool:
    return not any(
        isinstance(join.task_spec, BoundaryEventJoin) and join._state == TaskState.COMPLETED
        for child in split.children
        for join in child.children
    )


def _drop_finished_rounds(workflow: Any) -> None:
    """Branches of a non-interrupting boundary event that have come to their end while its host still waits."""
    for split in [one for one in workflow.tasks.values() if isinstance(one.task_spec, EventSplit)]:
        if split._state != TaskState.COMPLETED or len(split.children) < 3 or not _is_split_open(split):
            continue
        for child in split.children:
            if (
                isinstance(child.task_spec, BoundaryEvent)
                and not child.task_spec.cancel_activity
                and child._state == TaskState.COMPLETED
                and not any(_still_counts(one) for one in child)
            ):
                workflow._remove_task(child.id)


def _still_counts(task: Any) -> bool:
    """The joins that end a branch wait for the host, and the host has joins of its own."""
    return bool(task._state & TaskState.DEFINITE_MASK) and not isinstance(
        task.task_spec, BoundaryEventJoin | _EndJoin
    )


def _prune_tree(workflow: Any) -> None:
    """Keeps the root and the smallest subtree that holds everything unfinished.

    Climbs above a boundary split whose join is still open, and above an iteration whose siblings it must count:
    both look at their siblings later.
    """
    live = [task for task in workflow.tasks.values() if task._state & TaskState.DEFINITE_MASK]
    if not live:
        return
    lines = [_line(task) for task in live]
    shared = 0
    while all(len(line) > shared for line in lines) and len({line[shared].id for line in lines}) == 1:
        shared += 1
    path = lines[0][:shared]
    top = len(path) - 1
    for index in range(len(path) - 1, -1, -1):
        task = path[index]
        if task.triggered or task._state == TaskState.WAITING:
            top = min(top, index - 1)
        if isinstance(task.task_spec, EventSplit) and _is_split_open(task):
            top = min(top, index)
    if top <= 1:
        return
    root, kept_top = workflow.task_tree, path[top]
    keep, todo = {root.id}, [kept_top]
    while todo:
        task = todo.pop()
        keep.add(task.id)
        todo.extend(task.children)
    for task_id in [key for key in workflow.tasks if key not in keep]:
        del workflow.tasks[task_id]
    root._children, kept_top._parent = [kept_top.id], root.id
    if workflow.last_task is not None and workflow.last_task.id not in workflow.tasks:
        workflow.last_task = None
