"""One command on one case: what the runner reports becomes rows, and all rows are written in one transaction.

The verbs open a CaseWork, let the case go on (`complete`, `fire`), say what was done (`note`), and `save`.
"""

from collections.abc import Collection, Mapping
from typing import Any

from engine.audit import append_entry
from engine.commands.case.clocks import CaseClocks
from engine.commands.case.failing_element import failing_at
from engine.commands.case.frame import CaseFrame
from engine.commands.case.host import CaseHost
from engine.commands.case.jobs import CaseJobs
from engine.commands.case.notices import CaseNotices
from engine.commands.case.places import CasePlaces
from engine.commands.case.promises import CasePromises
from engine.commands.case.record import accused_of
from engine.commands.case.scopes import CaseScopes
from engine.commands.case.suspended import CaseSuspended
from engine.commands.case.tasks import CaseTasks
from engine.commands.releases.installed import InstalledRelease
from engine.model import (
    AuditPayload,
    AuditRow,
    BpmnError,
    ElementInstance,
    table_of,
)
from engine.spiff import STATE_FORMAT, CaseRun, Changes, GuardTripped, UncaughtError, Visit, go_back

_INSERT_HISTORY = table_of(ElementInstance).insert()
_INSERT_AUDIT = table_of(AuditRow).insert()
_INSERT_PAYLOAD = table_of(AuditPayload).insert()


class CaseWork:
    """Everything that one command needs of one case. Not shared between threads, used once."""

    def __init__(self, frame: CaseFrame, *, is_new: bool) -> None:
        self.frame = frame
        self.engine, self.session, self.record, self.run = (
            frame.engine,
            frame.session,
            frame.record,
            frame.run,
        )
        self.release, self.profile, self.now = frame.release, frame.profile, frame.now
        self.is_new = is_new
        self.clocks = CaseClocks(
            frame.session,
            self.record.instance_key,
            self.record.organisation_key,
            frame.profile,
            frame.calendar,
            is_new_case=is_new,
        )
        self.promises = CasePromises(frame, self.clocks)
        self.notices = CaseNotices(frame)
        self.tasks = CaseTasks(frame, self.clocks, self.notices)
        self.jobs = CaseJobs(frame, self.notices)
        self.places = CasePlaces(frame, self.clocks, self.tasks, self.jobs)
        self._history: list[dict[str, Any]] = []
        self._rounds = 0
        self._is_terminated = False
        self._passed_over: set[str] = set()
        self._stored_as: bytes | None = None  # the state of a case that was exchanged and has not moved since
        self.scopes = CaseScopes(frame, is_new=is_new)

    def begin(self) -> None:
        with failing_at(self.record.process_key, self.record.process_key):
            self.promises.start_case()
        self._settle(self.run.begin(self.now))

    def complete(self, key: str, values: Mapping[str, Any]) -> None:
        """Finishes the user task or job at `key` with values for its scope."""
        self.require_moving()
        self.run.scope(key).assign(values)
        self._settle(self.run.complete(key, self.now))

    def fire(self, key: str, values: Mapping[str, Any] | None = None) -> None:
        self.require_moving()
        if values:
            self.run.scope(key).assign(values)
        self._settle(self.run.fire(key, self.now))

    def spawn(self, key: str) -> None:
        self.require_moving()
        self._settle(self.run.spawn(key, self.now))

    def throw_error(self, key: str, code: str) -> bool:
        """Whether a boundary event caught the business error."""
        self.require_moving()
        changes = self.run.throw_error(key, code, self.now)
        if changes is None:
            return False
        self._settle(changes)
        return True

    def skip(self, key: str) -> None:
        """The place at `key` is passed without being done: nothing is filled in, and no promise on it is kept."""
        self._passed_over.add(key.partition(":")[0])
        place = self.run.waiting[key]
        if place.kind in ("user_task", "job"):
            self.complete(key, {})
        else:
            self.fire(key)

    def go_back(self, key: str, element_id: str) -> None:
        """Raises GoBackRefused."""
        self.require_moving()
        self._settle(go_back(self.run, key, element_id, self.now))

    def require_moving(self) -> None:
        """Raises CaseSuspended. Whatever takes the case a step further asks this first."""
        record = self.record
        if record.suspended_at is not None:
            raise CaseSuspended(record.business_key, record.suspended_by, record.suspended_at)

    def hear(self, signal_name: str, places: Collection[str]) -> bool:
        """A signal from elsewhere. Whether one of `places`, which waited when it was thrown, still waits for it."""
        self.require_moving()
        still = {key for key in places if key in self.run.waiting}
        if still:
            self._settle(self.run.hear(signal_name, still, self.now))
        return bool(still)

    def terminate(self) -> None:
        self._is_terminated = True
        self._settle(self.run.terminate(self.now))
        self.record.state = "terminated"

    def move_to(self, release: InstalledRelease, run: CaseRun, stored: bytes) -> None:
        """From here on the case stands on another release, with the state `stored` that `run` was restored from.

        `run` shares the variable scopes of the run before it.
        """
        frame, record = self.frame, self.record
        frame.release, frame.run = release, run
        frame.profile = release.profile(record.profile_id)
        frame.host = CaseHost(release, frame.profile, frame.calendar, frame.now)
        run.use_host(frame.host)
        self.run, self.release, self.profile = run, release, frame.profile
        self.clocks.profile = frame.profile
        record.release_key = release.release_key
        record.definition_key = release.definitions[record.process_key]
        self._stored_as = stored

    def assign(self, values: Mapping[str, Any]) -> None:
        self.run.case_scope().assign(values)

    def correct(self, key: str | None, values: Mapping[str, Any]) -> None:
        """A person puts variables right, as the element instance `key` sees them."""
        scope = self.run.case_scope() if key is None else self.frame.scope(key)
        scope.assign(values)
        if self.record.suspended_at is None:
            self._settle(self.run.look(self.now))
        else:
            self._watch_variables()

    def note(self, act: str, subject: str, payload: Mapping[str, Any] | None = None) -> None:
        self.frame.note(act, subject, payload)

    def _settle(self, changes: Changes) -> None:
        self._stored_as = None
        waiting = [changes]
        while waiting:
            one = waiting.pop(0)
            self._rounds += 1
            if self._rounds > self.engine.settings.guards.max_steps:
                raise GuardTripped("steps", self.engine.settings.guards.max_steps, None)
            # Before tasks are opened: whom the case is about may have become known in this very step.
            self._watch_variables()
            for outcome, visit in one.log:
                if outcome == "entered":
                    self._enter(visit)
                else:
                    self._leave(visit, outcome)
            for place in one.closed:
                self.places.close(place)
            for place in one.opened:
                with failing_at(place.process_key, place.element_id):
                    self.places.open(place)
            for message in one.thrown:
                with failing_at(message.process_key, message.element_id):
                    self.jobs.throw(message)
            for signal in one.signals:
                self.jobs.throw_signal(signal)
            if one.ended is not None:
                self._end(one.ended.element_id)
            # Handlers that run inside the command, and messages that came early, take the case further at once.
            if not waiting:
                waiting += self._go_on()

    def _go_on(self) -> list[Changes]:
        inside = self.jobs.take_inside()
        if inside is not None:
            place, handler = inside
            with failing_at(place.process_key, place.element_id):
                outcome = self.jobs.run_inside(place, handler)
                if isinstance(outcome, BpmnError):
                    changes = self.run.throw_error(place.key, outcome.error_code, self.now)
                    if changes is None:
                        raise UncaughtError(outcome.error_code)
                    return [changes]
            self.run.scope(place.key).assign(outcome)
            return [self.run.complete(place.key, self.now)]
        early = self.places.early_message()
        if early is None:
            return []
        key, values = early
        self.run.scope(key).assign(values)
        return [self.run.fire(key, self.now)]

    def _enter(self, visit: Visit) -> None:
        with failing_at(visit.process_key, visit.element_id):
            self.promises.enter(visit)

    def _leave(self, visit: Visit, outcome: str) -> None:
        if visit.key in self._passed_over:
            outcome = "cancelled"
        self.record.element_sequence += 1
        element = self.release.element(visit.process_key, visit.element_id)
        self._history.append(
            {
                "element_instance_key": visit.key,
                "instance_key": self.record.instance_key,
                "sequence": self.record.element_sequence,
                "process_key": visit.process_key,
                "element_id": visit.element_id,
                "kind": element.kind if element else "",
                "outcome": outcome,
                "entered_at": visit.entered_at,
                "left_at": self.now,
                "done_by": self.frame.actor.username if outcome == "completed" else None,
            }
        )
        if outcome == "completed":
            self.places.note_done(visit.element_id)
        for clock in self.clocks.of_visit(visit.key):
            self.clocks.stop(clock, at=self.now, is_met=outcome == "completed")

    def _end(self, element_id: str | None) -> None:
        self.record.state = "completed"
        self.record.ended_at = self.now
        self.record.end_element_id = element_id
        for clock in list(self.clocks.open.values()):
            # A clock of the whole process is met by its end; one whose element was never reached has no outcome.
            whole = clock.row["element_id"] == clock.row["process_key"]
            self.clocks.stop(clock, at=self.now, is_met=whole and not self._is_terminated)

    def _watch_variables(self) -> None:
        """Some variables stand in columns too: whom the case is about must be known to every query."""
        variables = self.record.variables
        subject = variables.get("subject")
        if isinstance(subject, str) and subject:
            self.record.subject = subject
        self.record.is_safety = variables.get("severity") == "safety" or variables.get("is_safety") is True
        with failing_at(self.record.process_key, self.record.process_key):
            accused = accused_of(variables)
        if accused != self.record.complained_about:
            self.record.complained_about = accused
            self.tasks.exclude_again()

    def save(self) -> None:
        """Writes all rows. The caller commits, then calls `keep`."""
        record = self.record
        record.changed_at, record.changed_by = self.now, self.frame.actor.username
        blob = self.run.dump() if self._stored_as is None else self._stored_as
        if record.state == "terminated":
            record.ended_at = self.now
        self.tasks.refresh_due()
        rows, payloads = self._audit_rows()
        if self.is_new:
            record.insert(self.session, STATE_FORMAT, blob)
        else:
            record.update(self.session, STATE_FORMAT, blob)
        self.scopes.save()
        connection = self.session.connection()
        if self._history:
            connection.execute(_INSERT_HISTORY, self._history)
        self.clocks.save(self.now)
        self.places.save()
        self.tasks.save()
        self.jobs.save()
        self.notices.save()
        if rows:
            connection.execute(_INSERT_AUDIT, rows)
            connection.execute(_INSERT_PAYLOAD, payloads)

    def keep(self) -> None:
        """After the commit: the case may stay in memory, and what is now due may be rung."""
        if self.record.state == "running":
            self.engine.live.put(self.record.instance_key, self.record.row_version, self.run)
        if self.notices.told:
            self.engine.told(self.notices.told)
        self.engine.ring()

    def _audit_rows(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        rows, payloads = [], []
        head = (self.record.audit_sequence, self.record.audit_head)
        for entry in self.frame.audit:
            row, payload, head = append_entry(head, self.record.instance_key, entry)
            rows.append(row)
            payloads.append(payload)
        self.record.audit_sequence, self.record.audit_head = head
        return rows, payloads
