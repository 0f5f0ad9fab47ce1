"""One ring: takes back the tickets of workers that vanished, and defers one ticket for each due row without one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.jobs.distributed.tickets import Ticket, defer, priority_of
from engine.jobs.queue import TIMERS, queue_of
from engine.model import Job, LadderStep, ProcessInstance, Timer, table_of

BATCH = 500
# A worker says every second that it lives. Its tickets go to others when it has been silent for so long.
SILENT_FOR = timedelta(seconds=3)

_timers, _steps = table_of(Timer), table_of(LadderStep)
_jobs, _cases = table_of(Job), table_of(ProcessInstance)
_tickets = sa.table(
    "procrastinate_jobs", sa.column("queueing_lock", sa.String), sa.column("status", sa.String)
)
_LIVE: tuple[sa.ColumnElement[Any], ...] = (
    sa.literal_column("'todo'::procrastinate_job_status"),
    sa.literal_column("'doing'::procrastinate_job_status"),
)
_LOCK = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended('huiyin ring', 0))")
# As `finish_job` of Procrastinate does it, for all that are silent at once. A worker that was only slow finds its
# ticket gone when it is done, and what it did stands: the row was claimed.
_TAKE_BACK = sa.text("""
    DELETE FROM procrastinate_jobs AS ticket
    WHERE ticket.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers AS worker
        WHERE worker.id = ticket.worker_id AND worker.last_heartbeat > now() - make_interval(secs => :seconds)
    )
""")


def ring(session: Session, now: datetime) -> int:
    """How many tickets were deferred: at most BATCH, the earliest due rows first, warnings before timers.

    Two that ring at once are harmless: the second one leaves the work to the first.
    """
    if not session.execute(_LOCK).scalar_one():
        return 0
    session.execute(_TAKE_BACK, {"seconds": SILENT_FOR.total_seconds()})
    due = session.connection().execute(_DUE, {"moment": now}).all()
    return defer(session, [_ticket(row) for row in due])


def next_due_after(session: Session, now: datetime) -> datetime | None:
    """The next moment at which a row falls due that is not due yet. What is due has its ticket."""
    found = session.connection().execute(_NEXT, {"moment": now}).one()
    return min((one for one in found if one is not None), default=None)


def _ticket(row: Any) -> Ticket:
    if row.kind == "job":
        return Ticket("job", row.key, row.case_key, queue_of(row.job_kind), row.priority)
    priority = priority_of(row.due_at, is_safety=bool(row.priority))
    return Ticket(row.kind, row.key, row.case_key, TIMERS, priority, row.due_at)


def _no_ticket(kind: str, key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return ~sa.exists().where(
        _tickets.c.queueing_lock == sa.literal(f"{kind}:") + key,
        sa.or_(*(_tickets.c.status == live for live in _LIVE)),
    )


def _moments(
    kind: str, rank: int, key: sa.ColumnElement[str], rows: Any, at: sa.ColumnElement[datetime]
) -> sa.Select[Any]:
    priority = _cases.c.is_safety.cast(sa.Integer)
    return (
        sa.select(
            sa.literal(kind).label("kind"),
            sa.literal(rank).label("rank"),
            key.label("key"),
            rows.c.instance_key.label("case_key"),
            at.label("due_at"),
            priority.label("priority"),
            sa.literal("").label("job_kind"),
        )
        .join_from(rows, _cases, _cases.c.instance_key == rows.c.instance_key)
        .where(rows.c.state == "waiting", at <= sa.bindparam("moment"), _no_ticket(kind, key))
    )


def _due_jobs(at: sa.ColumnElement[datetime], state: str) -> sa.Select[Any]:
    return sa.select(
        sa.literal("job"),
        sa.literal(2),
        _jobs.c.job_key,
        _jobs.c.instance_key,
        at,
        _jobs.c.priority,
        _jobs.c.kind,
    ).where(
        _jobs.c.state == state,
        _jobs.c.is_external.is_(False),
        at <= sa.bindparam("moment"),
        _no_ticket("job", _jobs.c.job_key),
    )


def _due() -> sa.Select[Any]:
    found = sa.union_all(
        _moments("step", 0, _steps.c.step_key, _steps, _steps.c.due_at),
        _moments("timer", 1, _timers.c.timer_key, _timers, _timers.c.fires_at),
        _due_jobs(_jobs.c.due_at, "waiting"),
        _due_jobs(_jobs.c.lease_until, "running"),
    ).subquery()
    return sa.select(found).order_by(found.c.due_at, found.c.rank, found.c.key).limit(BATCH)


def _next() -> sa.Select[Any]:
    later: Sequence[tuple[Any, Any, str]] = (
        (_steps, _steps.c.due_at, "waiting"),
        (_timers, _timers.c.fires_at, "waiting"),
        (_jobs, _jobs.c.due_at, "waiting"),
        (_jobs, _jobs.c.lease_until, "running"),
    )
    return sa.select(
        *(
            sa.select(sa.func.min(at))
            .where(rows.c.state == state, at > sa.bindparam("moment"))
            .scalar_subquery()
            for rows, at, state in later
        )
    )


_DUE = _due()
_NEXT = _next()
