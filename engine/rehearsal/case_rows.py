"""What the rows of one case say, as steps and checks ask for it; read once between two commands."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from engine.commands.case.open_task import candidates_of
from engine.model import (
    ClockRow,
    ElementInstance,
    Incident,
    Job,
    MessageSubscription,
    Notice,
    ProcessInstance,
    Timer,
    UserTask,
    VariableScope,
)
from engine.people import CandidateSpec
from engine.rehearsal.known_ids import KnownIds, Place, Target
from engine.rehearsal.unmet import Said, listed
from engine.store import Store

_UNREAD = frozenset({"state_blob", "state_format", "subject", "body"})  # large, and no story asks for them


def _of_case(table: Any) -> Any:
    columns = [one for one in table.__table__.c if one.name not in _UNREAD]
    return select(*columns).where(table.__table__.c.instance_key == bindparam("case"))


# Built once: a story asks the same few questions after every step.
_STATEMENTS: Mapping[str, Any] = {
    **{
        table.__tablename__: _of_case(table)
        for table in (
            *(ClockRow, ElementInstance, Incident, Job, MessageSubscription, ProcessInstance, Timer),
            *(UserTask, VariableScope),
        )
    },
    "notice": select(*(one for one in Notice.__table__.c if one.name not in _UNREAD)),
}


class CaseRows:
    def __init__(self, store: Store, known: KnownIds) -> None:
        self._store, self._known = store, known
        self.instance_key = ""
        self._read: dict[str, Sequence[Any]] = {}
        self._candidates: dict[str, list[CandidateSpec]] = {}

    def forget(self) -> None:
        """A command may have changed anything."""
        self._read.clear()
        self._candidates.clear()

    def _rows(self, name: str) -> Sequence[Any]:
        found = self._read.get(name)
        if found is None:
            with self._store.engine.connect() as connection:
                found = connection.execute(_STATEMENTS[name], {"case": self.instance_key}).all()
            self._read[name] = found
        return found

    @property
    def instance(self) -> Any:
        return self._rows("process_instance")[0]

    def tasks(self, target: Target | None = None, *states: str) -> list[Any]:
        """User tasks of the case (the open ones), oldest first, equally old ones as they are drawn."""
        wanted, order = states or ("open",), self._known.order
        rows = [row for row in self._rows("user_task") if row.state in wanted]
        rows.sort(key=lambda row: (row.created_at, order.get((row.process_key, row.element_id), 0)))
        if target is None:
            return rows
        places = self.places_of(target)
        return [row for row in rows if (row.process_key, row.element_id) in places]

    def candidates(self, user_task_key: str) -> list[CandidateSpec]:
        found = self._candidates.get(user_task_key)
        if found is None:
            with self._store.reading() as session:
                found = self._candidates[user_task_key] = candidates_of(session, user_task_key)
        return found

    def clocks(self, target: Target | None = None, *, is_open: bool = False) -> list[Any]:
        """Clocks of the case, oldest first."""
        rows = sorted(self._rows("clock"), key=lambda row: (row.started_at, row.clock_key))
        return [
            row
            for row in rows
            if (row.stopped_at is None or not is_open)
            and (target is None or target.is_clock(row.limit_id, (row.process_key, row.element_id)))
        ]

    def places_of(self, target: Target) -> frozenset[Place]:
        """Where the id is drawn, and where its open clocks run: an expression may have chosen the limit."""
        clocks = self.clocks(target, is_open=True)
        return target.places | {(clock.process_key, clock.element_id) for clock in clocks}

    def history(self) -> list[Any]:
        """Finished visits in their order; what a boundary event broke off stands before that event."""
        rows = sorted(self._rows("element_instance"), key=lambda row: row.sequence)
        for number, row in enumerate(rows):
            element = self._known.release.element(row.process_key, row.element_id)
            if element is None or element.attached_to is None:
                continue
            for later in range(number + 1, len(rows)):
                host = rows[later]
                is_host = (host.process_key, host.element_id) == (row.process_key, element.attached_to)
                if is_host and host.outcome == "cancelled" and host.left_at == row.left_at:
                    rows.insert(number, rows.pop(later))
                    break
        return rows

    def jobs(self) -> list[Any]:
        """Handler calls that are still owed."""
        wanted = ("waiting", "running", "failed")
        return [row for row in self._rows("job") if row.kind == "handler" and row.state in wanted]

    def timers(self, *states: str) -> list[Any]:
        wanted = states or ("waiting", "paused", "failed")
        return [row for row in self._rows("timer") if row.state in wanted]

    def subscriptions(self) -> Sequence[Any]:
        return self._rows("message_subscription")

    def incidents(self) -> list[Any]:
        return [row for row in self._rows("incident") if row.resolved_at is None]

    def notices(self) -> Sequence[Any]:
        """Of every case: a message may have started another one."""
        return self._rows("notice")

    def variables(self) -> dict[str, Any]:
        """Of the case; those of open called processes and iterations where the case has no such name."""
        found: dict[str, Any] = {}
        for row in self._rows("variable_scope"):
            found |= row.variables
        return {**found, **self.instance.variables}

    def waiting_places(self) -> dict[tuple[str | None, str], int]:
        """(process key or None, element id) → how often the case waits there: tasks, jobs, messages, timers."""
        found: dict[tuple[str | None, str], int] = {}
        for row in (*self.tasks(), *self.jobs()):
            key = (row.process_key, row.element_id)
            found[key] = found.get(key, 0) + 1
        for row in (*self.subscriptions(), *self.timers()):
            key = (None, row.element_id)
            found[key] = found.get(key, 0) + 1
        return found

    def is_open(self, target: Target) -> bool:
        """Whether a task, a clock or another waiting place that the id stands for is open."""
        # A clock may run before its element is reached (`sla.start`): the promise is open then, the element is not.
        if any(target.limit_id or one.element_instance_key for one in self.clocks(target, is_open=True)):
            return True
        ids = {element_id for _, element_id in target.places}

        for process_key, element_id in self.waiting_places():
            if process_key is None:
                if element_id in ids:
                    return True
            elif (process_key, element_id) in target.places or (
                target.limit_id is None and target.name in self._known.around(process_key, element_id)
            ):
                return True
        return False

    def stands_at(self) -> Said:
        """Where the case is, for sentences."""
        if not self.instance_key:
            return Said("the case was not started", "事项没有登记")
        instance = self.instance
        if instance.state != "running":
            end = instance.end_element_id or instance.state
            return Said(f"the case is over ({end})", f"事项已结束（{end}）")
        places = [
            f"{element_id} ×{number}" if number > 1 else element_id
            for (_, element_id), number in self.waiting_places().items()
            if not self._is_boundary(element_id)
        ]
        said = listed(sorted(places))
        return Said(f"the case waits at {said.en}", f"事项停在 {said.zh}")

    def _is_boundary(self, element_id: str) -> bool:
        elements = (self._known.release.element(*place) for place in self._known.places.get(element_id, ()))
        return any(one is not None and one.kind == "boundaryEvent" for one in elements)
