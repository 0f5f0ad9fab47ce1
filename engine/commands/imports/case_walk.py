"""One past case in the hands of the importer: where it stands, who may go on, and the moves that it can make."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from engine.commands.assign_user_task import assign_user_task
from engine.commands.case.on_case import on_case
from engine.commands.complete_user_task import complete_user_task
from engine.commands.due.due_moments import do_due_moments
from engine.commands.due.due_work import do_due_jobs, next_moment_and_job_due_at
from engine.commands.hold_user_task import claim_user_task
from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.case_rows import (
    Situation,
    WaitingTask,
    read_incident,
    read_measures,
    read_situation,
)
from engine.commands.imports.columns import RESULT
from engine.commands.imports.pace import Measure
from engine.commands.imports.past_case import PastCase
from engine.commands.imports.past_engine import PastEngine
from engine.commands.imports.workers import Refusal, Workers
from engine.commands.start_instance import start_instance
from engine.people import Actor, refusal

MOST_DUE = 2_000  # timers, warnings and jobs of one case: more means a cycle that was never meant for years


class CaseWalk:
    def __init__(self, past: PastEngine, case: PastCase, importer: Actor) -> None:
        self._past, self._engine = past, past.engine
        self._case, self._importer = case, importer
        self._workers = Workers(case.workers)
        # Known until the next command: most steps leave nothing due before the next one.
        self._situation: Situation | None = None
        self._next_due: tuple[datetime | None, datetime | None] | None = None
        self.instance_key = ""

    @property
    def now(self) -> datetime:
        return self._past.clock.now()

    def begin(self) -> None:
        """The case as its receiver registered it, and who brought it in from where."""
        case = self._case
        self._past.clock.set(case.received_at)
        started = start_instance(
            self._engine,
            case.workers.received_by or self._importer,
            variables=self._first_values(),
            process_key=case.place.process_key,
            profile_id=case.place.profile.id if case.place.profile else None,
            organisation_key=case.place.organisation_key,
            unit_key=case.unit_key,
            business_key=case.number,
            is_imported=True,
        )
        self.instance_key = started.instance_key
        if not started.is_ended:
            self._note_import()

    def look(self) -> Situation:
        if self._situation is None:
            with self._past.store.reading() as session:
                self._situation = read_situation(session, self.instance_key, self._case.place.release)
        return self._situation

    def measures(self) -> list[Measure]:
        with self._past.store.reading() as session:
            return read_measures(session, self.instance_key)

    def next_due_at(self) -> datetime | None:
        return min((one for one in self._due() if one is not None), default=None)

    def pass_time(self, until: datetime) -> None:
        """Does what falls due on the way, each thing at its own moment, for this case alone."""
        for _ in range(MOST_DUE):
            due = self.next_due_at()
            if due is None or due > until:
                self._past.clock.set(max(until, self.now))
                return
            self._past.clock.set(max(due, self.now))
            moment, _ = self._due()
            # Most often only a job is due: who is warned, and which timer fires, need not be asked then.
            if moment is not None and moment <= self.now:
                do_due_moments(self._engine, self.instance_key)
            else:
                do_due_jobs(self._engine, self.instance_key)
            self._forget()
        raise BadRow(
            f"Expected at most {MOST_DUE} due moments in the past of the case, but there are more.",
            f"此事项在过去有超过 {MOST_DUE} 个到期时刻，无法补办。",
        )

    def worker_of(self, task: WaitingTask) -> Actor | None:
        return self._workers.pick(task.element_id, task.names, self._refusal_of(task))

    def complete(self, task: WaitingTask) -> None:
        """By the person whom the row names; else by the one whom the diagram does; else by who imports it."""
        worker = self.worker_of(task) or self._holder(task) or self._importer
        if task.assignee not in (None, worker.username) and worker is not self._importer:
            self._hand_over(task, worker)
        values = {}
        form = self._case.place.release.forms.get(task.form_ref or "")
        if form is not None:
            handler = next(iter(self._case.workers.handled_by), worker).username
            values = self._case.answers.fill(form, handler=handler, now=self.now)
        complete_user_task(self._engine, worker, user_task_key=task.user_task_key, values=values)
        self._workers.has_worked.add(worker.username)
        self._forget()

    def claim(self, task: WaitingTask, worker: Actor) -> None:
        if task.assignee not in (None, worker.username):
            self._hand_over(task, worker)
        elif task.assignee is None:
            claim_user_task(self._engine, worker, user_task_key=task.user_task_key)
        self._forget()

    def check_handlers(self) -> None:
        """Everybody named as handler did something, or may do what waits now. Raises BadRow."""
        waiting = self.look().tasks

        def refusal_of(person: Actor) -> tuple[str, str] | None:
            whys = [self._refusal_of(task)(person) for task in waiting] or [self._never(person)]
            return None if any(why is None for why in whys) else whys[0]

        self._workers.check_handlers(refusal_of)

    def check_whole(self) -> None:
        """A step that failed would leave the case between two states. Raises BadRow with what went wrong."""
        with self._past.store.reading() as session:
            message = read_incident(session, self.instance_key)
        if message is not None:
            raise BadRow(
                f"A step of the procedure failed: {message['en']}", f"流程中的一步失败：{message['zh']}"
            )

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Undone when the block raises: rows, the moment, and what was answered."""
        now, asked, worked = self.now, self._case.answers.mark(), set(self._workers.has_worked)
        try:
            with self._past.store.trying():
                yield
        except BaseException:
            self._past.clock.set(now)
            self._case.answers.back_to(asked)
            self._workers.has_worked = worked
            self._forget()
            raise

    def _due(self) -> tuple[datetime | None, datetime | None]:
        """The next timer or ladder step, and the next job."""
        if self._next_due is None:
            self._next_due = next_moment_and_job_due_at(self._engine, self.instance_key)
        return self._next_due

    def _forget(self) -> None:
        self._situation = None
        self._next_due = None

    def _first_values(self) -> dict[str, Any]:
        place = self._case.place
        form = place.release.start_form(place.process_key)
        asked_later = place.release.form_fields.get(place.process_key, frozenset())
        values = self._case.answers.first(form)
        for name in self._case.answers.names:
            if name not in asked_later and name not in values and name != RESULT:
                values[name] = self._case.answers.text(name)
        return values

    def _note_import(self) -> None:
        case = self._case
        payload = {
            "row": case.row_number,
            "by": self._importer.username,
            "imported_at": self._past.now.isoformat(),
            "written": dict(case.written),
        }
        on_case(
            self._engine,
            self._importer,
            lambda _: self.instance_key,
            lambda work: work.note("case.imported", case.number, payload),
        )

    def _refusal_of(self, task: WaitingTask) -> Refusal:
        def why(person: Actor) -> tuple[str, str] | None:
            return refusal(self._case.place.directory, person.username, task.candidates, self._excluded)

        return why

    def _never(self, person: Actor) -> tuple[str, str] | None:
        """Why somebody took no step at all of a case that is over."""
        return refusal(self._case.place.directory, person.username, (), self._excluded)

    @property
    def _excluded(self) -> frozenset[str]:
        accused = self.look().accused
        return frozenset((accused,)) if accused else frozenset()

    def _holder(self, task: WaitingTask) -> Actor | None:
        if task.assignee is None or task.assignee in self._excluded:
            return None
        return self._case.place.directory.actor(task.assignee)

    def _hand_over(self, task: WaitingTask, worker: Actor) -> None:
        assign_user_task(
            self._engine,
            self._importer,
            user_task_key=task.user_task_key,
            to=worker.username,
            reason="登记簿记载的经办人 / named in the register",
        )
