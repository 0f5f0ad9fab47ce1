"""Everything that the calendar asks for by now: ladder steps, timers, jobs, in the order of their due moments."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.commands.engine import Engine
from engine.commands.fire_due_timers import TimerFired, fire_due_timers
from engine.commands.run_jobs import JobRan, run_due_jobs
from engine.commands.send_ladder_steps import LadderStepSent, send_ladder_steps
from engine.model import Job, LadderStep, Timer


@dataclass
class DueWorkReport:
    steps: list[LadderStepSent] = field(default_factory=list)
    timers: list[TimerFired] = field(default_factory=list)
    jobs: list[JobRan] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.steps or self.timers or self.jobs)


def next_moment_due_at(engine: Engine, instance_key: str | None = None) -> datetime | None:
    """The next moment at which a timer fires or a ladder step is sent; None when nothing waits."""
    return _earliest(
        engine,
        [
            _where(select(func.min(Timer.fires_at)).where(Timer.state == "waiting"), Timer, instance_key),
            _where(
                select(func.min(LadderStep.due_at)).where(LadderStep.state == "waiting"),
                LadderStep,
                instance_key,
            ),
        ],
    )


def next_job_due_at(engine: Engine, instance_key: str | None = None) -> datetime | None:
    """The next moment at which a job may be run, or taken over from a worker that vanished."""
    inside = Job.is_external.is_(False)
    return _earliest(
        engine,
        [
            _where(select(func.min(Job.due_at)).where(Job.state == "waiting", inside), Job, instance_key),
            _where(
                select(func.min(Job.lease_until)).where(Job.state == "running", inside), Job, instance_key
            ),
        ],
    )


def next_due_at(engine: Engine, instance_key: str | None = None) -> datetime | None:
    moments = [next_moment_due_at(engine, instance_key), next_job_due_at(engine, instance_key)]
    return min((one for one in moments if one is not None), default=None)


def do_due_moments(engine: Engine, instance_key: str | None = None) -> DueWorkReport:
    """Ladder steps before timers of the same moment: who held the work is told before the token moves on."""
    report = DueWorkReport()
    while True:
        steps = send_ladder_steps(engine, instance_key)
        timers = fire_due_timers(engine, instance_key)
        if not (steps or timers):
            return report
        report.steps += steps
        report.timers += timers


def do_due_jobs(engine: Engine, instance_key: str | None = None) -> DueWorkReport:
    report = DueWorkReport()
    while jobs := run_due_jobs(engine, instance_key):
        report.jobs += jobs
    return report


def do_due_work(engine: Engine, instance_key: str | None = None) -> DueWorkReport:
    """All of it, until nothing is due at the engine's present moment."""
    report = DueWorkReport()
    while True:
        moments, jobs = do_due_moments(engine, instance_key), do_due_jobs(engine, instance_key)
        if not (moments or jobs):
            return report
        report.steps += moments.steps
        report.timers += moments.timers
        report.jobs += jobs.jobs


def _where(statement: Any, table: Any, instance_key: str | None) -> Any:
    return statement if instance_key is None else statement.where(table.instance_key == instance_key)


def _earliest(engine: Engine, statements: list[Any]) -> datetime | None:
    with engine.store.reading() as session:
        found = [session.execute(statement).scalar_one() for statement in statements]
    return min((one for one in found if one is not None), default=None)
