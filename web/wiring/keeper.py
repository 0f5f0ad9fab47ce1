"""Who does what falls due: the keeper that fits the database, and the lanes of the house itself."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.engine import make_url

from engine.audit import anchor
from engine.commands.calendars.follow_calendar_changes import follow_calendar_changes
from engine.commands.due.calendar_starts import do_calendar_starts, next_calendar_start_at
from engine.commands.due.due_moments import do_due_moments
from engine.commands.due.due_work import do_due_jobs, next_job_due_at, next_moment_due_at
from engine.commands.due.leases import RENEW_EVERY
from engine.commands.due.remind_calendars import remind_calendars
from engine.commands.due.run_jobs import run_job
from engine.commands.engine import Engine
from engine.jobs import QUEUES, EmbeddedKeeper, Lane
from engine.store import hold_name
from web.wiring.settings import Settings

FOLLOW_EVERY = timedelta(seconds=10)
ANCHOR_EVERY = timedelta(hours=1)
PLAN_EVERY = timedelta(minutes=1)
REMIND_EVERY = timedelta(days=1)
REPORT_EVERY = timedelta(seconds=15)
JOB_LANES = 2  # handlers and mails may wait for a network; a slow one must not hold up the others


class Keeper(Protocol):
    @property
    def is_caught_up(self) -> bool: ...

    @property
    def is_stopping(self) -> bool: ...

    def start(self) -> None: ...

    def ring(self, at: datetime | None = None) -> None: ...

    def stop(self, patience_seconds: float = ...) -> bool:
        """Finishes the work in hand. False when some of it is still in hand after the patience."""
        ...


def build_keeper(engine: Engine, settings: Settings, queues: Sequence[str] = QUEUES) -> Keeper:
    """`queues`: what this process works off, on PostgreSQL; on SQLite one process does it all."""
    keeper = _embedded(engine) if engine.store.is_sqlite else _distributed(engine, settings, queues)
    engine.ring = keeper.ring
    engine.is_stopping = lambda: keeper.is_stopping
    return keeper


def _embedded(engine: Engine) -> Keeper:
    """Timers and ladders have a lane of their own, so that no slow handler makes them late."""
    lanes = [Lane("moments", lambda: next_moment_due_at(engine), lambda: do_due_moments(engine))]
    lanes += [
        Lane(f"jobs-{number}", lambda: next_job_due_at(engine), lambda: do_due_jobs(engine))
        for number in range(1, JOB_LANES + 1)
    ]
    return EmbeddedKeeper([*lanes, *_house(engine)], engine.clock)


def _distributed(engine: Engine, settings: Settings, queues: Sequence[str]) -> Keeper:
    from engine.jobs.distributed import DistributedKeeper  # its libraries are there where PostgreSQL is used

    return DistributedKeeper(
        make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False),
        engine.clock,
        engine.store.transaction,
        do_moments=lambda case, until: do_due_moments(engine, case, until),
        do_job=lambda key: run_job(engine, key),
        house=_house(engine),
        queues=queues,
    )


def _house(engine: Engine) -> list[Lane]:
    """Work that no row asks for. Several processes doing it at once do no harm."""
    return [
        _every(RENEW_EVERY, "leases", engine, lambda: _renew_leases(engine)),
        _every(REPORT_EVERY, "late report", engine, engine.late.tell),
        _every(ANCHOR_EVERY, "audit anchors", engine, lambda: anchor_audit(engine)),
        _calendar_starts(engine),
        _every(REMIND_EVERY, "calendars", engine, lambda: remind_calendars(engine)),
        _every(FOLLOW_EVERY, "calendar changes", engine, lambda: follow_calendar_changes(engine)),
    ]


def _calendar_starts(engine: Engine) -> Lane:
    """Looks every minute whether a release or an organisation asks for other starts, and wakes for the next one."""
    looked = _every(PLAN_EVERY, "calendar starts", engine, lambda: do_calendar_starts(engine))

    def next_due_at() -> datetime | None:
        moments = (looked.next_due_at(), next_calendar_start_at(engine))
        return min(one for one in moments if one is not None)

    def do() -> None:
        at = next_calendar_start_at(engine)
        if at is not None and at <= engine.clock.now():
            do_calendar_starts(engine)
        looked.work()

    return Lane("calendar starts", next_due_at, do, is_rung=False)


def _every(span: timedelta, name: str, engine: Engine, work: Callable[[], object]) -> Lane:
    """When the process starts, and again after each span."""
    due = engine.clock.now()

    def do() -> None:
        nonlocal due
        if engine.clock.now() >= due:
            work()
            due = engine.clock.now() + span

    return Lane(name, lambda: due, do, is_rung=False)


def _renew_leases(engine: Engine) -> None:
    if engine.leases.is_holding:
        with engine.store.transaction() as session:
            engine.leases.renew(session, engine.clock.now())


def give_back_jobs(engine: Engine) -> int:
    """For a process that stops in the middle of jobs: how many it leaves to others."""
    with engine.store.transaction() as session:
        return engine.leases.give_back(session, engine.clock.now())


def anchor_audit(engine: Engine) -> int:
    """Anchors the heads of all audit chains that moved since the last time; called every hour and at the stop."""
    with engine.store.transaction() as session:
        hold_name(session, "audit anchors")  # Another process that anchors now does it for both.
        return anchor(session, engine.clock.now())
