"""User tasks of one command: who may take them, until when, and what happens to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from engine.commands.case.clocks import CaseClocks
from engine.commands.case.frame import CaseFrame
from engine.commands.case.notices import CaseNotices
from engine.commands.case.separation import by_name, separated
from engine.model import Candidate, Timer, UserTask, table_of
from engine.people import CandidateSpec, find_candidates
from engine.spiff import WaitingPlace
from engine.worktime import LimitError, due_at, parse_any_limit, parse_iso_duration

_tasks = table_of(UserTask)
_INSERT = _tasks.insert()
_CHANGE = _tasks.update().where(_tasks.c.user_task_key == bindparam("of_task"))
_INSERT_CANDIDATES = table_of(Candidate).insert()


class CaseTasks:
    def __init__(self, frame: CaseFrame, clocks: CaseClocks, notices: CaseNotices) -> None:
        self.frame, self.clocks, self.notices = frame, clocks, notices
        self.opened: dict[str, dict[str, Any]] = {}
        self._specs: dict[str, list[CandidateSpec]] = {}
        self._cancelled: list[str] = []
        self._completed: dict[str, dict[str, Any]] = {}
        self._host_timers: dict[str, list[datetime]] = {}
        self._is_accused_changed = False

    def open(self, place: WaitingPlace) -> None:
        element = self.frame.release.element(place.process_key, place.element_id)
        scope = self.frame.scope(place.key)
        assignee = self.frame.names(element.assignee, scope)[:1] if element else []
        specs = self._specs_of(place.process_key, place.element_id, place.key)
        held_by = assignee[0] if assignee and any(one.username == assignee[0] for one in specs) else None
        self._specs[place.key] = specs
        self.opened[place.key] = {
            "user_task_key": place.key,
            "instance_key": self.frame.record.instance_key,
            "organisation_key": self.frame.record.organisation_key,
            "unit_key": self._unit_of(specs),
            "process_key": place.process_key,
            "element_id": place.element_id,
            "name": (element.name if element else None) or place.element_id,
            "form_ref": element.form_ref if element else None,
            "state": "open",
            "assignee": held_by,
            "claimed_at": self.frame.now if held_by else None,
            "created_at": self.frame.now,
            "due_at": self._moment(element.due_date if element else None, scope),
            "follow_up_at": self._moment(element.follow_up_date if element else None, scope),
            "priority": self._priority(element.priority if element else None, scope),
            "ended_at": None,
            "completed_by": None,
            "draft": None,
            "values": None,
        }
        if held_by is not None:
            self.notices.tell(
                "task_assigned",
                (held_by,),
                once=f"assigned:{place.key}:{held_by}",
                facts={"task": self.frame.task_names(place.process_key, place.element_id)},
                user_task_key=place.key,
            )

    def _moment(self, text: str | None, scope: Any) -> datetime | None:
        if not text:
            return None
        value = str(self.frame.host.text(text, scope))
        try:
            return due_at(self.frame.now, parse_any_limit(value), self.frame.calendar).due_at
        except LimitError:
            pass
        try:
            return self.frame.now + parse_iso_duration(value)
        except LimitError:
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=self.frame.calendar.zone)

    def _priority(self, text: str | None, scope: Any) -> int:
        if not text:
            return 90 if self.frame.record.is_safety else 50
        return int(self.frame.host.text(text, scope))

    def specs(self, key: str) -> list[CandidateSpec]:
        """Candidates of a task that this command opened."""
        return self._specs.get(key, [])

    def note_timer(self, host_key: str | None, due: datetime) -> None:
        """A boundary timer is a deadline of the task that it sits on."""
        if host_key is not None:
            self._host_timers.setdefault(host_key, []).append(due)

    def close(self, key: str) -> None:
        """The task is no longer waited for: completed by this command, or given up by the diagram."""
        if self.opened.pop(key, None) is not None:
            self._specs.pop(key, None)
            self.notices.withdraw(key)
        elif key not in self._completed:
            self._cancelled.append(key)

    def complete(self, key: str, values: dict[str, Any]) -> None:
        self._completed[key] = values

    def exclude_again(self) -> None:
        """The person complained about has become known, or another one: nobody else may be shut out or let in."""
        self._is_accused_changed = True
        for key, row in self.opened.items():
            self._specs[key] = self._specs_of(row["process_key"], row["element_id"], key)
            row["unit_key"] = self._unit_of(self._specs[key])
            if row["assignee"] in self.frame.excluded:
                row["assignee"] = row["claimed_at"] = None

    def _unit_of(self, specs: list[CandidateSpec]) -> str:
        """Where a task is looked for: the unit whose people may take it, else that of the case."""
        return next((one.unit_key for one in specs if one.unit_key), self.frame.record.unit_key)

    def _specs_of(self, process_key: str, element_id: str, key: str) -> list[CandidateSpec]:
        element = self.frame.release.element(process_key, element_id)
        scope = self.frame.scope(key)
        barred = self._barred(process_key, element_id)
        specs = find_candidates(
            self.frame.directory,
            role_keys=self.frame.names(element.candidate_groups, scope) if element else [],
            usernames=[
                *(self.frame.names(element.candidate_users, scope) if element else []),
                *(self.frame.names(element.assignee, scope)[:1] if element else []),
            ],
            unit_key=self.frame.record.unit_key,
            excluded=self.frame.excluded | barred,
            escalates_to=self.frame.escalates_to,
        )
        return by_name(self.frame, specs, barred) if barred else specs

    def _barred(self, process_key: str, element_id: str) -> frozenset[str]:
        """Who did a task of the case that must be done by somebody else."""
        return separated(self.frame, process_key, element_id, self._completed)

    def refresh_due(self) -> None:
        """The nearest due moment that concerns a new task: its own clocks and timers, else those around it."""
        for key, row in self.opened.items():
            own = [clock.due_at for clock in self.clocks.of_visit(key)]
            own += self._host_timers.get(key, [])
            if row["due_at"] is not None:
                own.append(row["due_at"])
            row["due_at"] = min(own) if own else self._due_around(row)

    def _due_around(self, row: dict[str, Any]) -> datetime | None:
        around = self.enclosing(row["process_key"], row["element_id"])
        found = [
            clock.due_at
            for clock in self.clocks.open.values()
            if (clock.row["process_key"], clock.row["element_id"]) in around
        ]
        return min(found) if found else None

    def enclosing(self, process_key: str, element_id: str) -> set[tuple[str, str]]:
        """Sub-processes, the process, and the call activities (with their processes) around an element."""
        found: set[tuple[str, str]] = set()
        waiting = [(process_key, element_id)]
        while waiting:
            process, element = waiting.pop()
            model = self.frame.release.models.get(process)
            if model is None:
                continue
            around = {(process, key) for key in model.enclosing(element)} | {(process, process)}
            if around <= found:
                continue
            found |= around
            for caller in self.frame.release.reachable(self.frame.record.process_key):
                for one in caller.elements.values():
                    if one.called_element == process and (caller.id, one.id) not in found:
                        found.add((caller.id, one.id))
                        waiting.append((caller.id, one.id))
        return found

    def save(self) -> None:
        connection, now = self.frame.session.connection(), self.frame.now
        for key, values in self._completed.items():
            connection.execute(
                _CHANGE,
                {
                    "of_task": key,
                    "state": "completed",
                    "ended_at": now,
                    "completed_by": self.frame.actor.username,
                    "assignee": self.frame.actor.username,
                    "values": values,
                    "draft": None,
                },
            )
        if self._cancelled:
            connection.execute(
                _CHANGE,
                [
                    {"of_task": key, "state": "cancelled", "ended_at": now, "draft": None}
                    for key in self._cancelled
                ],
            )
        self._move_due()
        if self._is_accused_changed or (self._completed and self.frame.release.separations):
            self._exclude_stored()
        if self.opened:
            connection.execute(_INSERT, list(self.opened.values()))
        specs = [
            {
                "user_task_key": key,
                "role_key": spec.role_key,
                "unit_key": spec.unit_key,
                "username": spec.username,
            }
            for key in self.opened
            for spec in dict.fromkeys(self._specs[key])
        ]
        if specs:
            connection.execute(_INSERT_CANDIDATES, specs)

    def _move_due(self) -> None:
        """Clocks were resumed or counted anew: stored tasks whose due moment was theirs get another."""
        was = {one.was_due_at for one in self.clocks.replanned() if one.was_due_at != one.due_at}
        if not was:
            return
        rows = self.frame.session.execute(
            select(UserTask.user_task_key, UserTask.process_key, UserTask.element_id).where(
                UserTask.instance_key == self.frame.record.instance_key,
                UserTask.state == "open",
                UserTask.due_at.in_(was),
            )
        ).all()
        moved = []
        for row in rows:
            own = [clock.due_at for clock in self.clocks.of_visit(row.user_task_key)]
            own += self._timers_on(row.user_task_key)
            due = min(own) if own else self._due_around(dict(row._mapping))
            moved.append({"b_key": row.user_task_key, "due_at": due})
        if moved:
            # Over the connection: the session would read such a list as an update by primary key.
            self.frame.session.connection().execute(
                update(UserTask).where(UserTask.user_task_key == bindparam("b_key")), moved
            )

    def _timers_on(self, user_task_key: str) -> list[datetime]:
        """Due moments of the boundary timers of a stored task."""
        keys = [
            place.key
            for place in self.frame.run.waiting.values()
            if place.host_key == user_task_key and place.kind == "timer"
        ]
        return list(
            self.frame.session.execute(select(Timer.due_at).where(Timer.timer_key.in_(keys))).scalars()
        )

    def _exclude_stored(self) -> None:
        """Open tasks of earlier commands: hands off them, and candidates looked up again."""
        session = self.frame.session
        rows = session.execute(
            select(
                UserTask.user_task_key, UserTask.process_key, UserTask.element_id, UserTask.assignee
            ).where(UserTask.instance_key == self.frame.record.instance_key, UserTask.state == "open")
        ).all()
        closed = {*self._cancelled, *self._completed}
        rows = [
            row
            for row in rows
            if row.user_task_key not in closed
            and (
                self._is_accused_changed
                or (row.process_key, row.element_id) in self.frame.release.separations
            )
        ]
        keys = [row.user_task_key for row in rows]
        if not keys:
            return
        session.execute(delete(Candidate).where(Candidate.user_task_key.in_(keys)))
        found = {
            row.user_task_key: self._specs_of(row.process_key, row.element_id, row.user_task_key)
            for row in rows
        }
        session.connection().execute(
            _CHANGE, [{"of_task": key, "unit_key": self._unit_of(specs)} for key, specs in found.items()]
        )
        specs = [
            {
                "user_task_key": key,
                "role_key": spec.role_key,
                "unit_key": spec.unit_key,
                "username": spec.username,
            }
            for key, specs in found.items()
            for spec in dict.fromkeys(specs)
        ]
        if specs:
            session.execute(insert(Candidate), specs)
        freed = [
            row.user_task_key
            for row in rows
            if row.assignee in self.frame.excluded | separated(self.frame, row.process_key, row.element_id)
        ]
        if freed:
            session.execute(
                update(UserTask)
                .where(UserTask.user_task_key.in_(freed))
                .values(assignee=None, claimed_at=None)
            )
