"""One past case in the hands of the importer: where it stands, who may go on, and the moves that it can make."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.commands.assign_user_task import assign_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.commands.due_work import do_due_work, next_due_at
from engine.commands.hold_user_task import claim_user_task
from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.columns import RESULT
from engine.commands.imports.pace import Measure
from engine.commands.imports.past_case import PastCase
from engine.commands.imports.past_engine import PastEngine
from engine.commands.imports.workers import Workers
from engine.commands.on_case import on_case
from engine.commands.open_task import candidates_of
from engine.commands.start_instance import start_instance
from engine.model import ClockRow, Incident, ProcessInstance, UserTask
from engine.people import Actor, CandidateSpec, refusal

MOST_DUE = 2_000  # timers, warnings and jobs of one case: more means a cycle that was never meant for years


@dataclass(frozen=True)
class WaitingTask:
    user_task_key: str
    process_key: str
    element_id: str
    form_ref: str | None
    assignee: str | None
    names: dict[str, str]
    candidates: tuple[CandidateSpec, ...]


class CaseWalk:
    def __init__(self, past: PastEngine, case: PastCase, importer: Actor) -> None:
        self._past, self._engine = past, past.engine
        self._case, self._importer = case, importer
        self._workers = Workers(case.workers)
        self._accused: str | None = None
        self.instance_key = ""

    @property
    def now(self) -> datetime:
        return self._past.clock.now()

    def begin(self) -> None:
        """The case as its receiver registered it, and who brought it in from where."""
        case = self._case
        self._past.clock.set(case.received_at)
        receiver = case.workers.received_by
        started = start_instance(
            self._engine,
            receiver or self._importer,
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

    def pass_time(self, until: datetime) -> None:
        """Does what fell due on the way, each thing at its own moment, for this case alone."""
        for _ in range(MOST_DUE):
            due = next_due_at(self._engine, self.instance_key)
            if due is None or due > until:
                break
            self._past.clock.set(max(due, self.now))
            do_due_work(self._engine, self.instance_key)
        else:
            raise BadRow(
                f"Expected at most {MOST_DUE} due moments in the past of the case, but there are more.",
                f"此事项在过去有超过 {MOST_DUE} 个到期时刻，无法补办。",
            )
        self._past.clock.set(max(until, self.now))

    def next_due_at(self) -> datetime | None:
        return next_due_at(self._engine, self.instance_key)

    def ended_at(self) -> datetime | None:
        with self._past.store.reading() as session:
            return session.execute(
                select(ProcessInstance.ended_at).where(ProcessInstance.instance_key == self.instance_key)
            ).scalar_one()

    def waiting_tasks(self) -> list[WaitingTask]:
        """Most urgent first, then in the order in which they were opened."""
        with self._past.store.reading() as session:
            self._accused = session.execute(
                select(ProcessInstance.complained_about).where(
                    ProcessInstance.instance_key == self.instance_key
                )
            ).scalar_one()
            rows = session.execute(
                select(
                    UserTask.user_task_key,
                    UserTask.process_key,
                    UserTask.element_id,
                    UserTask.form_ref,
                    UserTask.assignee,
                )
                .where(UserTask.instance_key == self.instance_key, UserTask.state == "open")
                .order_by(
                    UserTask.due_at.is_(None), UserTask.due_at, UserTask.created_at, UserTask.user_task_key
                )
            ).all()
            return [
                WaitingTask(
                    **row._mapping,
                    names=self._names(row.process_key, row.element_id),
                    candidates=tuple(candidates_of(session, row.user_task_key)),
                )
                for row in rows
            ]

    def measures(self) -> list[Measure]:
        with self._past.store.reading() as session:
            rows = session.execute(
                select(ClockRow.element_instance_key, ClockRow.due_at).where(
                    ClockRow.instance_key == self.instance_key, ClockRow.state == "running"
                )
            )
            return [Measure(row.element_instance_key, row.due_at) for row in rows]

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
            handler = next(iter(self._case.workers.everyone), worker).username
            values = self._case.answers.fill(form, handler=handler, now=self.now)
        complete_user_task(self._engine, worker, user_task_key=task.user_task_key, values=values)
        self._workers.has_worked.add(worker.username)

    def claim(self, task: WaitingTask, worker: Actor) -> None:
        if task.assignee not in (None, worker.username):
            self._hand_over(task, worker)
        elif task.assignee is None:
            claim_user_task(self._engine, worker, user_task_key=task.user_task_key)

    def check_handlers(self) -> None:
        """Everybody named as handler did something, or may do what waits now. Raises BadRow."""
        waiting = self.waiting_tasks()

        def refusal_of(person: Actor) -> tuple[str, str] | None:
            whys = [self._refusal_of(task)(person) for task in waiting]
            if not whys:
                return self._never(person)
            return None if any(why is None for why in whys) else whys[0]

        self._workers.check_handlers(refusal_of)

    def check_whole(self) -> None:
        """A step that failed would leave the case between two states. Raises BadRow with what went wrong."""
        with self._past.store.reading() as session:
            message = session.execute(
                select(Incident.message)
                .where(Incident.instance_key == self.instance_key, Incident.resolved_at.is_(None))
                .limit(1)
            ).scalar_one_or_none()
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
            raise

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

    def _refusal_of(self, task: WaitingTask) -> Any:
        def why(person: Actor) -> tuple[str, str] | None:
            return refusal(self._case.place.directory, person.username, task.candidates, self._excluded)

        return why

    def _never(self, person: Actor) -> tuple[str, str]:
        """Why somebody took no step at all of a case that is over."""
        barred = refusal(self._case.place.directory, person.username, (), self._excluded)
        assert barred is not None
        return barred

    @property
    def _excluded(self) -> frozenset[str]:
        return frozenset((self._accused,)) if self._accused else frozenset()

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

    def _names(self, process_key: str, element_id: str) -> dict[str, str]:
        release = self._case.place.release
        return {locale: release.name_of(process_key, element_id, locale) for locale in ("zh", "en")}
