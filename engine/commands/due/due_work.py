"""Everything that is due by now: what the calendar asks for, and the jobs that are owed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from engine.commands.due.due_moments import MomentsReport, do_due_moments
from engine.commands.due.run_jobs import JobRan, run_due_jobs
from engine.commands.engine import Engine
from engine.model import Job, LadderStep, Timer


@dataclass
class DueWorkReport(MomentsReport):
    jobs: list[JobRan] = field(default_factory=list)

    def __bool__(self) -> bool:
        return super().__bool__() or bool(self.jobs)


_INSIDE = Job.is_external.is_(False)
_MOMENTS = (
    (Timer, Timer.fires_at, Timer.state == "waiting"),
    (LadderStep, LadderStep.due_at, LadderStep.state == "waiting"),
)
_JOBS = (
    (Job, Job.due_at, (Job.state == "waiting") & _INSIDE),
    (Job, Job.lease_until, (Job.state == "running") & _INSIDE),
)


def next_moment_due_at(engine: Engine, instance_key: str | None = None) -> datetime | None:
    """The next moment at which a timer fires or a ladder step is sent; None when nothing waits."""
    return _earliest(engine, _MOMENTS, instance_key)


def next_job_due_at(engine: Engine, instance_key: str | None = None) -> datetime | None:
    """The next moment at which a job may be run, or taken over from a worker that vanished."""
    return _earliest(engine, _JOBS, instance_key)


def next_due_at(engine: Engine, instance_key: str | None = None) -> datetime | None:
    return _earliest(engine, (*_MOMENTS, *_JOBS), instance_key)


def next_moment_and_job_due_at(
    engine: Engine, instance_key: str | None = None
) -> tuple[datetime | None, datetime | None]:
    """Both in one look: where only a job is due, timers and ladders need not be asked."""
    found = _found(engine, (*_MOMENTS, *_JOBS), instance_key)
    return _first(found[: len(_MOMENTS)]), _first(found[len(_MOMENTS) :])


def do_due_jobs(engine: Engine, instance_key: str | None = None) -> list[JobRan]:
    ran: list[JobRan] = []
    while jobs := run_due_jobs(engine, instance_key):
        ran += jobs
    return ran


def do_due_work(engine: Engine, instance_key: str | None = None) -> DueWorkReport:
    """All of it, until nothing is due at the engine's present moment."""
    report = DueWorkReport()
    while True:
        # Where only a job is due, as after most steps, timers and ladders are not asked again.
        moment_at, job_at = next_moment_and_job_due_at(engine, instance_key)
        now = engine.clock.now()
        moments, jobs = MomentsReport(), list[JobRan]()
        if moment_at is not None and moment_at <= now:
            moments = do_due_moments(engine, instance_key)
        if job_at is not None and job_at <= now:
            jobs = do_due_jobs(engine, instance_key)
        if not (moments or jobs):
            return report  # Nothing is due, or another process has it.
        report.steps += moments.steps
        report.timers += moments.timers
        report.jobs += jobs


def _earliest(engine: Engine, wanted: tuple[Any, ...], instance_key: str | None) -> datetime | None:
    return _first(_found(engine, wanted, instance_key))


def _first(moments: Sequence[datetime | None]) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)


def _found(engine: Engine, wanted: tuple[Any, ...], instance_key: str | None) -> Sequence[datetime | None]:
    statement = _statement(wanted, instance_key is not None)
    with engine.store.reading() as session:
        return session.connection().execute(statement, {"case": instance_key} if instance_key else {}).one()


@cache
def _statement(wanted: tuple[Any, ...], is_of_one_case: bool) -> Any:
    """One statement for all, built once: it is asked for at every ring and between all steps of a story."""
    earliest = []
    for table, moment, condition in wanted:
        one = select(func.min(moment)).where(condition)
        if is_of_one_case:
            one = one.where(table.instance_key == bindparam("case"))
        earliest.append(one.scalar_subquery())
    return select(*earliest)
