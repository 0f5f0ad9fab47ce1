"""Walks one case to its end, or to where it waits for somebody: tasks, workers' jobs and timers, one at a time."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.commands.case.on_case import CaseStopped, on_case
from engine.commands.case.open_task import TaskFinder
from engine.commands.case.work import CaseWork
from engine.commands.due.due_moments import do_due_moments
from engine.commands.due.due_work import next_moment_due_at
from engine.commands.due.finish_job import JobOutcome, finish_job
from engine.commands.due.fire_timer import fire_timer
from engine.commands.due.run_jobs import run_job
from engine.commands.engine import Engine
from engine.commands.start_instance import start_instance
from engine.model import Rejected, VirtualClock
from engine.people import SYSTEM
from engine.rehearsal.try_ground import ORGANISATION
from engine.rehearsal.try_rows import TryRows
from engine.rehearsal.unmet import Said
from engine.spiff import ElementFailed, GuardTripped

Policy = Literal["default", "timers_first", "timers_3_then_tasks"]
POLICIES: tuple[Policy, ...] = ("default", "timers_first", "timers_3_then_tasks")
FIRST_TIMERS = 3  # of `timers_3_then_tasks`


@dataclass(frozen=True)
class TryBounds:
    """A walk ends at whichever comes first.

    `cpu_seconds` are of this process, so that a busy machine changes nothing. Reading and checking the diagram counts,
    but a third of the time is left for the walk.
    """

    steps: int = 300
    cpu_seconds: float = 0.8


@dataclass(frozen=True)
class TryStep:
    """`did`: started (a case) | completed (a user task) | worked (a job) | fired (a timer) | delivered (a message, a notice).

    `at` is in the zone of the calendar.
    """

    did: str
    at: datetime
    process_key: str | None
    element_id: str


class WalkFailed(Exception):
    """The case cannot go on: at an element, or at a bound of the walk."""

    def __init__(self, said: Said, element_id: str | None = None) -> None:
        super().__init__(said.en)
        self.said, self.element_id = said, element_id


class Walk:
    def __init__(
        self,
        engine: Engine,
        clock: VirtualClock,
        calendar: str,
        policy: Policy,
        bounds: TryBounds,
        spent: float = 0.0,
    ) -> None:
        """`spent`: seconds of computing that went by before the walk."""
        self._engine, self._clock, self._policy, self._bounds = engine, clock, policy, bounds
        self._calendar, self._zone = calendar, clock.now().tzinfo
        self._timers_fired = 0
        self._until = time.process_time() + max(bounds.cpu_seconds - spent, bounds.cpu_seconds / 3)
        self.rows = TryRows(engine)
        self.steps: list[TryStep] = []

    def go(self, process_key: str, profile_id: str | None, data: Mapping[str, Any]) -> str:
        """Starts a case and goes on until nothing can move: "completed" or "waiting". Raises WalkFailed."""
        try:
            self._zone = self._engine.calendars.get(self._calendar).zone
            instance_key = self._start(process_key, profile_id, data)
            self._go_on()
            return "waiting" if self.rows.case(instance_key).state == "running" else "completed"
        except Rejected as refused:
            cause = refused.__cause__
            at = cause.element_id if isinstance(cause, ElementFailed | GuardTripped) else None
            raise WalkFailed(Said(refused.en, refused.zh), at) from refused
        except (ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, ValueError) as fault:
            # A fault of ours at the start; later ones are incidents. Who tries a diagram is told, not shown a trace.
            said = f"{type(fault).__name__}: {fault}"
            raise WalkFailed(Said(said, said)) from fault

    def _start(self, process_key: str, profile_id: str | None, data: Mapping[str, Any]) -> str:
        started = start_instance(
            self._engine,
            SYSTEM,
            variables=data,
            process_key=process_key,
            profile_id=profile_id,
            organisation_key=ORGANISATION,
        )
        self._note("started", started.process_key, started.process_key)
        return started.instance_key

    def _go_on(self) -> None:
        self._refuse_incident()
        while self._step():
            self._refuse_incident()
            if len(self.steps) >= self._bounds.steps:
                raise WalkFailed(
                    Said(
                        f"The walk was ended after {self._bounds.steps} steps (bound: steps).",
                        f"已走 {self._bounds.steps} 步，到此为止（步数上限）。",
                    ),
                    self.steps[-1].element_id,
                )
            if time.process_time() > self._until:
                raise WalkFailed(
                    Said(
                        f"The walk was ended after {self._bounds.cpu_seconds} s of computing (bound: time).",
                        f"计算已超过 {self._bounds.cpu_seconds} 秒，到此为止（时间上限）。",
                    ),
                    self.steps[-1].element_id,
                )

    def _step(self) -> bool:
        """Does the next thing; whether there was one."""
        job = self.rows.own_job()
        if job is not None and job.due_at <= self._clock.now():
            run_job(self._engine, job.job_key)
            self._note("delivered", job.process_key, job.element_id or job.topic)
            return True
        timer = self.rows.timer()
        if timer is not None and timer.fires_at <= self._clock.now():
            return self._fire(timer)
        job = self.rows.worker_job()
        if job is not None:
            finish_job(self._engine, job, None, JobOutcome())
            self._note("worked", job.process_key, job.element_id or job.topic)
            return True
        task = self.rows.task()
        if task is not None and not (timer is not None and self._waits_for_timers()):
            self._complete(task)
            return True
        return self._move_clock(timer)

    def _waits_for_timers(self) -> bool:
        match self._policy:
            case "timers_first":
                return True
            case "timers_3_then_tasks":
                return self._timers_fired < FIRST_TIMERS
        return False

    def _complete(self, task: Any) -> None:
        """As the command does it, but without a form to fill and without asking who may: nobody works here."""
        find = TaskFinder(task.user_task_key, SYSTEM)

        def change(work: CaseWork) -> None:
            find.check_open(work)
            work.tasks.complete(task.user_task_key, {})
            work.complete(task.user_task_key, {})

        with suppress(CaseStopped):  # Its incident tells why.
            on_case(self._engine, SYSTEM, find, change)
        self._note("completed", task.process_key, task.element_id)

    def _move_clock(self, timer: Any) -> bool:
        moment = next_moment_due_at(self._engine)
        job = self.rows.own_job()
        due = min((one for one in (moment, job.due_at if job is not None else None) if one), default=None)
        if due is None:
            return False
        self._clock.set(max(due, self._clock.now()))
        if timer is not None and timer.fires_at <= self._clock.now():
            return self._fire(timer)
        if moment == due:
            # A step of a ladder: somebody would be told that a limit is near, or over.
            do_due_moments(self._engine)
        return True

    def _fire(self, timer: Any) -> bool:
        fired = fire_timer(self._engine, timer)
        self._timers_fired += 1
        self._note("fired", None, timer.element_id)
        if fired is None and self.rows.incident() is None:
            raise WalkFailed(Said("The timer did not fire.", "定时器没有触发。"), timer.element_id)
        return True

    def _note(self, did: str, process_key: str | None, element_id: str) -> None:
        self.steps.append(TryStep(did, self._clock.now().astimezone(self._zone), process_key, element_id))

    def _refuse_incident(self) -> None:
        incident = self.rows.incident()
        if incident is not None:
            raise WalkFailed(Said(incident.message["en"], incident.message["zh"]), incident.element_id)
