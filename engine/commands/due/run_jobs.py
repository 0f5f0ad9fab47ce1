"""Works off jobs: handlers of service tasks, messages and signals between cases, and mail. At least once, each try with the same
idempotency key; what the handler found out is written once, in the transaction that moves the token.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.commands.case.record import LostRace, lock_case
from engine.commands.correlate_message import correlate_message
from engine.commands.due.call_handler import call_handler, context_of
from engine.commands.due.deliver_notice import deliver_notice
from engine.commands.due.deliver_signal import deliver_signal
from engine.commands.due.finish_job import JobOutcome, finish_job, give_back, job_failed
from engine.commands.due.leases import LEASE
from engine.commands.engine import Engine
from engine.commands.handler import HandlerContext
from engine.model import (
    CommitUnknown,
    Conflict,
    HandlerFailed,
    Job,
    NotFound,
    Rejected,
    WrongState,
    new_key,
    table_of,
)
from engine.people import SYSTEM

_log = logging.getLogger(__name__)
BATCH = 50
MOST_WAIT = timedelta(hours=1)

_jobs = table_of(Job)
_IS_DUE = _jobs.c.is_external.is_(False) & or_(
    (_jobs.c.state == "waiting") & (_jobs.c.due_at <= bindparam("moment")),
    (_jobs.c.state == "running") & (_jobs.c.lease_until <= bindparam("moment")),
)
_DUE = (
    select(_jobs)
    .where(_IS_DUE)
    .order_by(_jobs.c.priority.desc(), _jobs.c.due_at, _jobs.c.job_key)
    .limit(bindparam("at_most"))
)
_DUE_OF_CASE = _DUE.where(_jobs.c.instance_key == bindparam("of_case"))
_DUE_ONE = _DUE.where(_jobs.c.job_key == bindparam("of_job"))
_CLAIM = _jobs.update().where(
    _jobs.c.job_key == bindparam("of_job"), _jobs.c.attempts == bindparam("attempts_seen"), _IS_DUE
)


@dataclass(frozen=True)
class JobRan:
    job_key: str
    kind: str
    topic: str
    is_done: bool


def run_due_jobs(engine: Engine, instance_key: str | None = None, *, at_most: int = BATCH) -> list[JobRan]:
    """Claims and runs what is due; jobs whose worker vanished are taken over when their lease has run out."""
    values = {"moment": engine.clock.now(), "at_most": at_most, "of_case": instance_key}
    wanted = _DUE
    if instance_key is None:
        del values["of_case"]
    else:
        wanted = _DUE_OF_CASE
    with engine.store.reading() as session:
        due = session.connection().execute(wanted, values).all()
    return [ran for row in due if not engine.is_stopping() and (ran := _run(engine, row)) is not None]


def run_job(engine: Engine, job_key: str) -> JobRan | None:
    """One job by its key. None when it is not due, or when another worker was first: safe to call too often."""
    values = {"moment": engine.clock.now(), "at_most": 1, "of_job": job_key}
    with engine.store.reading() as session:
        row = session.connection().execute(_DUE_ONE, values).first()
    return None if row is None else _run(engine, row)


def take_over_jobs(engine: Engine) -> None:
    """Jobs that a killed process held are due at once, instead of when their lease runs out.

    For the start of the only keeper of a database. If another one is alive after all, its outcome is refused, and the
    handler has run twice with the same idempotency key, as after any crash.
    """
    held = _jobs.c.is_external.is_(False) & (_jobs.c.state == "running")
    with engine.store.transaction() as session:
        session.execute(_jobs.update().where(held).values(lease_until=engine.clock.now()))


def _run(engine: Engine, row: Any) -> JobRan | None:
    worker = new_key()
    try:
        return _run_as(engine, row, worker)
    finally:
        engine.leases.release(row.job_key, worker)


def _run_as(engine: Engine, row: Any, worker: str) -> JobRan | None:
    # Who vanished with the job has used up a try: a handler that kills its process must not do so for ever.
    left = row.retries_left - (row.state == "running")
    try:
        context = _claim(engine, row, worker, left)
        engine.leases.take(row.job_key, worker)
        if left < 1:
            raise _Vanished
        if row.kind == "signal":
            return JobRan(row.job_key, row.kind, row.topic, deliver_signal(engine, row, worker))
        outcome = _act(engine, row, context)
    except _Taken:
        return None
    except HandlerFailed as failure:
        job_failed(engine, row, worker, failure, _next_try(engine, row, failure, left), left - 1)
        return JobRan(row.job_key, row.kind, row.topic, False)
    except (NotFound, WrongState):
        give_back(engine, row.job_key, "cancelled")  # The case went on without it.
        return JobRan(row.job_key, row.kind, row.topic, False)
    except (CommitUnknown, DBAPIError):
        raise  # The database itself is in trouble, not this job.
    except Exception as problem:
        # A case that cannot be opened must not stand in the way of all jobs behind it.
        _log.exception("Job %s could not be begun.", row.job_key)
        unopened = HandlerFailed(f"{type(problem).__name__}: {problem}")
        job_failed(engine, row, None, unopened, _next_try(engine, row, unopened, left), left - 1)
        return JobRan(row.job_key, row.kind, row.topic, False)
    try:
        is_done = finish_job(engine, row, worker, outcome)
    except LostRace:
        is_done = False  # Others keep changing the case: tried again when the lease has run out.
    return JobRan(row.job_key, row.kind, row.topic, is_done)


class _Taken(Exception):
    """Another worker was first."""


class _Vanished(HandlerFailed):
    def __init__(self) -> None:
        super().__init__(
            "Every process that began this job ended in the middle of it.",
            "每次执行此作业，工作进程都中途退出。",
            permanent=True,
        )


def _claim(engine: Engine, row: Any, worker: str, left: int) -> HandlerContext | None:
    """Takes the job and, of a handler's job, what the handler will see, in one transaction. Raises _Taken."""
    with engine.store.transaction() as session:
        if row.instance_key is not None:
            lock_case(session, row.instance_key)
        _take(engine, session, row, worker, left)
        if row.kind != "handler":
            return None
        context, work = context_of(engine, session, row)
    engine.live.put(work.record.instance_key, work.record.row_version, work.run)
    return context


def _take(engine: Engine, session: Session, row: Any, worker: str, left: int) -> None:
    now = engine.clock.now()
    done = session.connection().execute(
        _CLAIM,
        {
            "of_job": row.job_key,
            "attempts_seen": row.attempts,
            "moment": now,
            "state": "running",
            "worker": worker,
            "lease_until": now + LEASE,
            "attempts": row.attempts + 1,
            "retries_left": left,
        },
    )
    if done.rowcount != 1:
        raise _Taken


def _next_try(engine: Engine, row: Any, failure: HandlerFailed, left: int) -> Any:
    """When to try again; None: now a person must look. Mail waits twice as long each time, up to an hour."""
    if failure.permanent or left <= 1:
        return None
    wait = timedelta(seconds=_seconds_before_next(row, left))
    if row.kind == "notice":
        wait = min(wait * 2**row.attempts, MOST_WAIT)
    return engine.clock.now() + wait


def _seconds_before_next(row: Any, left: int) -> int:
    """Of a list of waits the one of this try; the last one also for tries that a person added."""
    waits = row.payload.get("waits")
    if not waits:
        return int(row.retry_seconds)
    return int(waits[min(max(len(waits) + 1 - left, 0), len(waits) - 1)])


def _act(engine: Engine, row: Any, context: HandlerContext | None) -> JobOutcome:
    if context is not None:
        return call_handler(engine, row.topic, context)
    if row.kind == "notice":
        _deliver(engine, row)
    else:
        _correlate(engine, row)
    return JobOutcome()


def _deliver(engine: Engine, row: Any) -> None:
    try:
        deliver_notice(engine, row.payload["notice_key"])
    except HandlerFailed:
        raise
    except Exception as problem:
        # An address that no mail program can write, a channel of somebody's own: the lane goes on to the next mail.
        raise HandlerFailed(f"{type(problem).__name__}: {problem}") from problem


def _correlate(engine: Engine, row: Any) -> None:
    """What refuses the message (two cases wait, the step behind it fails) is mended by a person; it is not lost."""
    try:
        correlate_message(
            engine,
            SYSTEM,
            message_name=row.topic,
            correlation=row.payload["correlation"],
            variables=row.payload["variables"],
            organisation_key=row.payload["organisation_key"],
            message_id=row.payload["message_id"],
        )
    except Rejected as refused:
        is_permanent = not isinstance(refused, Conflict)
        raise HandlerFailed(refused.en, refused.zh, permanent=is_permanent) from refused
