"""One case in memory: start it, complete its places, tell its timers to fire; learn what changed.

A CaseRun knows no database and no clock. The command around it computes due moments, keeps rows, and commits
them with `dump()` in one transaction.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent, ThrowingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.diagrams import is_made
from engine.spiff.catchers import catcher_outwards
from engine.spiff.changes import Changes, EndReached, ThrownMessage, ThrownSignal, Visit, WaitingPlace
from engine.spiff.codec import dump_state, load_state
from engine.spiff.compile import CompiledProcess
from engine.spiff.conditions import fire_what_became_true
from engine.spiff.ends import ends_the_case
from engine.spiff.firing import fire_event, start_round
from engine.spiff.flat import FlatWorkflow
from engine.spiff.guards import Guards, GuardTripped
from engine.spiff.places import places_of
from engine.spiff.scripts import (
    CASE_SCOPE,
    CaseScripts,
    ElementFailed,
    Host,
    Scope,
    UncaughtError,
    element_id_of,
    process_key_of,
)
from engine.spiff.task_specs import JobTask

PRUNE_EVERY = 100  # A loop of automatic steps must not grow the tree until the engine's depth limit.


class CaseRun:
    def __init__(
        self,
        process: CompiledProcess,
        host: Host,
        scopes: dict[str, dict[str, Any]],
        guards: Guards,
        stored: bytes | None = None,
    ) -> None:
        self.guards = guards
        self.scopes = scopes
        self._changes = Changes()
        self._steps = 0
        self._now_ms = 0
        self._scripts = CaseScripts(host, scopes, self._enter, guards)
        self._has_conditions = process.has_conditions
        self._open_visits: dict[str, list[Any]] = {}  # key → [element id, process key, entered ms]
        self._last_entered: dict[str, int] = {}
        self._end: str | None = None
        if stored is None:
            self._workflow = FlatWorkflow(process.spec, process.called, self._scripts)
        else:
            self._workflow, visits = load_state(process, stored)
            self._workflow.script_engine = self._scripts
            self._open_visits = visits["open"]
            self._last_entered = visits["last"]
        self.waiting: dict[str, WaitingPlace] = {} if stored is None else self._places()

    @property
    def is_completed(self) -> bool:
        return bool(self._workflow.completed)

    def use_host(self, host: Host) -> None:
        """A cached case is handed to another command: its questions go to that command's host."""
        self._scripts.host = host

    def begin(self, now: datetime) -> Changes:
        return self._after(now)

    def complete(self, key: str, now: datetime) -> Changes:
        """Finishes the user task or job at `key`. Raises KeyError when the case does not wait there."""
        task = self._task(key)
        self._prepare(now)
        if isinstance(task.task_spec, JobTask):
            task.complete()
        else:
            task.run()
        self._left(task)
        return self._after(now)

    def fire(self, key: str, now: datetime) -> Changes:
        """Tells the timer, message, signal or event at `key` that its moment has come."""
        task, index = self._event_task(key)
        self._prepare(now)
        fire_event(task, index)
        return self._after(now)

    def spawn(self, key: str, now: datetime) -> Changes:
        """One more round of a repeating timer, which goes on waiting."""
        task, _ = self._event_task(key)
        self._prepare(now)
        start_round(task, event_fired=True)
        return self._after(now)

    def hear(self, signal_name: str, keys: Collection[str], now: datetime) -> Changes:
        """A signal that came from elsewhere: those of the places `keys` that wait for it go on, all at once."""
        self._prepare(now)
        self._workflow.catch_signal(signal_name, keys)
        return self._after(now)

    def look(self, now: datetime) -> Changes:
        """Variables were changed from outside: conditions that became true by that go on."""
        return self._after(now)

    def throw_error(self, key: str, code: str, now: datetime) -> Changes | None:
        """A business error at `key`: the nearest boundary event that catches `code`, outwards. None: nobody does."""
        catcher = catcher_outwards(self._workflow, self._task(key), ErrorEventDefinition, code)
        if catcher is None:
            return None
        self._prepare(now)
        fire_event(*catcher)
        return self._after(now)

    def terminate(self, now: datetime) -> Changes:
        """Ends the case where it stands; every open place is cancelled."""
        self._prepare(now)
        self._workflow.cancel()
        return self._after(now)

    def scope(self, key: str) -> Scope:
        return self._scripts.scope_of(self._task(key.partition(":")[0]))

    def case_scope(self) -> Scope:
        return Scope(((CASE_SCOPE, "case", self.scopes[CASE_SCOPE]),))

    def last_entered_at(self, element_id: str) -> datetime | None:
        found = self._last_entered.get(element_id)
        return None if found is None else _moment(found)

    def open_visits(self) -> list[Visit]:
        return [
            Visit(key, element_id, process_key, _moment(entered))
            for key, (element_id, process_key, entered) in self._open_visits.items()
        ]

    def dump(self) -> bytes:
        visits = {"open": self._open_visits, "last": self._last_entered}
        return dump_state(self._workflow, visits, self.guards.max_state_bytes)

    def _task(self, key: str) -> Any:
        task = self._workflow.get_task_from_id(UUID(key))
        if task is None or not task.has_state(TaskState.DEFINITE_MASK):
            raise KeyError(key)
        return task

    def _event_task(self, key: str) -> tuple[Any, int | None]:
        task_key, _, index = key.partition(":")
        return self._task(task_key), int(index) if index else None

    def _prepare(self, now: datetime) -> None:
        self._now_ms = _milliseconds(now)

    def _after(self, now: datetime) -> Changes:
        self._prepare(now)
        try:
            self._settle()
        except (ElementFailed, GuardTripped) as failure:
            failure.log = self._changes.log  # Nothing of it is kept, but a try tells how far it came.
            raise
        self._note_cancelled()
        changes, self._changes = self._changes, Changes()
        self._steps = 0
        if self._workflow.completed:
            changes.ended = EndReached(self._end)
        else:
            self._workflow.prune()
        changes.closed_scopes = self._close_scopes()
        places = self._places()
        changes.closed = [place for key, place in self.waiting.items() if key not in places]
        changes.opened = [place for key, place in places.items() if key not in self.waiting]
        self.waiting = places
        if len(places) > self.guards.max_tokens:
            raise GuardTripped("tokens", self.guards.max_tokens, next(reversed(places.values())).element_id)
        return changes

    def _settle(self) -> None:
        """Runs everything that needs nobody, until only waiting places are left.

        After each step boundary events that have come go first, the outermost scope before all others: what an
        interrupting one takes away must not take another step. Else sub-processes go innermost first.
        """
        workflow = self._workflow
        ready: list[Any] = []
        while not workflow.completed:
            if self._has_conditions:
                fire_what_became_true(workflow)
            task = workflow.next_fired() or _next_ready(ready)
            if task is None:
                ready = workflow.ready_innermost_first()
                if not ready:
                    break
            else:
                self._run_one(task)
        for task in workflow.all_tasks():
            if self._is_waiting_visit(task):
                self._enter(task)

    def _run_one(self, task: Any) -> None:
        self._steps += 1
        if self._steps > self.guards.max_steps:
            raise GuardTripped("steps", self.guards.max_steps, element_id_of(task))
        if self._steps % PRUNE_EVERY == 0:
            self._workflow.prune()
        self._enter(task)
        # Asked before: what it throws may take away the level that it stands on.
        element_id, process_key = element_id_of(task), process_key_of(task)
        scope = self._scripts.scope_of(task) if isinstance(task.task_spec, ThrowingEvent) else None
        task.run()
        self._note_thrown(task, element_id, process_key, scope)
        self._left(task)

    def _note_thrown(self, task: Any, element_id: str, process_key: str, scope: Scope | None) -> None:
        for event in self._workflow.get_events():
            definition = event.event_definition
            if isinstance(definition, ErrorEventDefinition):
                if not self._is_outermost(task):
                    raise ElementFailed(element_id, process_key, UncaughtError(definition.code or ""))
                # Nothing is drawn around it that could catch the error: it is the end of the case.
                self._workflow.cancel()
            if isinstance(definition, SignalEventDefinition):
                self._changes.signals.append(ThrownSignal(definition.name, element_id, process_key))
            if isinstance(definition, MessageEventDefinition):
                variables = {} if scope is None else scope.visible()
                self._changes.thrown.append(
                    ThrownMessage(definition.name, element_id, process_key, variables)
                )

    def _is_waiting_visit(self, task: Any) -> bool:
        if isinstance(task.task_spec, LoopTask | BoundaryEvent):
            return False
        if task._state == TaskState.READY:
            return bool(task.task_spec.manual)
        if task._state == TaskState.STARTED:
            return isinstance(task.task_spec, JobTask | SubWorkflowTask)
        return task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent)

    def _enter(self, task: Any) -> None:
        key = task.id.hex
        if task.task_spec.bpmn_id is None or key in self._open_visits or isinstance(task.task_spec, LoopTask):
            return
        if is_made(task.task_spec.bpmn_id):
            return  # Nobody drew it, so the history does not speak of it.
        element_id, process_key = element_id_of(task), process_key_of(task)
        self._open_visits[key] = [element_id, process_key, self._now_ms]
        self._last_entered[element_id] = self._now_ms
        self._changes.log.append(("entered", Visit(key, element_id, process_key, _moment(self._now_ms))))

    def _left(self, task: Any) -> None:
        if task._state != TaskState.COMPLETED:
            return
        self._close_visit(task.id.hex, "completed")
        if isinstance(task.task_spec, EndEvent) and ends_the_case(task):
            self._end = element_id_of(task)

    def _is_outermost(self, task: Any) -> bool:
        """Whether only levels that a rewrite added are around it."""
        while task.workflow.parent_task_id is not None:
            task = self._workflow.get_task_from_id(task.workflow.parent_task_id)
            if not is_made(element_id_of(task)):
                return False
        return True

    def _close_visit(self, key: str, outcome: str) -> None:
        visit = self._open_visits.pop(key, None)
        if visit is not None:
            element_id, process_key, entered = visit
            self._changes.log.append((outcome, Visit(key, element_id, process_key, _moment(entered))))

    def _note_cancelled(self) -> None:
        for key in list(self._open_visits):
            task = self._workflow.get_task_from_id(UUID(key))
            if task is None or task.has_state(TaskState.CANCELLED | TaskState.ERROR):
                self._close_visit(key, "cancelled")
            elif task._state == TaskState.COMPLETED:
                self._close_visit(key, "completed")

    def _close_scopes(self) -> list[str]:
        closed = [key for key in self.scopes if key != CASE_SCOPE and not self._is_scope_open(key)]
        for key in closed:
            del self.scopes[key]
        return closed

    def _is_scope_open(self, key: str) -> bool:
        task = self._workflow.get_task_from_id(UUID(key))
        if task is not None and task.parent is None and task.workflow is not self._workflow:
            # The root of a called process that is one iteration of many: as long as its call.
            task = self._workflow.get_task_from_id(task.workflow.parent_task_id)
        return task is not None and task.has_state(TaskState.DEFINITE_MASK)

    def _places(self) -> dict[str, WaitingPlace]:
        if self._workflow.completed:
            return {}
        places: dict[str, WaitingPlace] = {}
        for task in self._workflow.all_tasks():
            for place in places_of(task):
                places[place.key] = place
        return places


def _next_ready(ready: list[Any]) -> Any:
    """The next of a list of tasks that is still ready, taken off it."""
    while ready:
        task = ready.pop(0)
        if task._state == TaskState.READY:
            return task
    return None


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def first_variables(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The scopes of a new case."""
    return {CASE_SCOPE: dict(values)}
