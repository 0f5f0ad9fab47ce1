"""The promise of jobs: a row, written in the transaction of the step that owes the work.

Whoever keeps it (`embedded/`, `distributed/`) runs each job at least once, and never two tries at once while the
first one is alive. Commands know this class only.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from engine.model import Job, LadderStep, Timer, table_of

TIMERS, HANDLERS, NOTICES = "timers", "handlers", "notices"
QUEUES = (TIMERS, HANDLERS, NOTICES)

_jobs = table_of(Job)
_INSERT = _jobs.insert()
_CANCEL = (
    _jobs.update()
    .where(
        _jobs.c.element_instance_key == bindparam("of_element"),
        # Not `in_`: it cannot be used when several jobs are closed at once (executemany).
        or_(*(_jobs.c.state == state for state in ("waiting", "held", "running", "failed"))),
    )
    .values(state="cancelled")
)


def queue_of(kind: str) -> str:
    """The queue of a job's kind: mail must not wait behind handlers, nor they behind mail."""
    return NOTICES if kind == "notice" else HANDLERS


@dataclass(frozen=True)
class QueueState:
    """`due`: how many rows may be worked on now; `oldest_due_at`: since when the first of them waits."""

    queue: str
    due: int
    later: int
    running: int
    failed: int
    oldest_due_at: datetime | None


class JobQueue:
    """Rows only: the lanes of the same process look for them."""

    def enqueue(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """`rows`: all columns of `job`. They are there if the transaction commits, and were never there if not."""
        session.connection().execute(_INSERT, [dict(row) for row in rows])

    def cancel(self, session: Session, element_instance_keys: Collection[str]) -> None:
        """The case no longer waits for these jobs. One that runs already changes nothing any more."""
        session.connection().execute(_CANCEL, [{"of_element": key} for key in element_instance_keys])

    def retry(
        self, session: Session, job_key: str, *, at: datetime, of_worker: str | None = None, **values: Any
    ) -> bool:
        """Lets a failed, running or waiting job wait until `at`; `values` are further columns of it.

        False when it is over meanwhile, or when another one than `of_worker` has it.
        """
        wanted = _jobs.update().where(
            _jobs.c.job_key == job_key, _jobs.c.state.in_(("waiting", "running", "failed"))
        )
        if of_worker is not None:
            wanted = wanted.where(_jobs.c.worker == of_worker)
        done = session.connection().execute(
            wanted.values(state="waiting", due_at=at, lease_until=None, **values)
        )
        return bool(done.rowcount == 1)

    def inspect(self, session: Session, now: datetime) -> list[QueueState]:
        """What each queue holds by its rows; tasks of external workers are not among them."""
        return [_moments(session, now), *_of_kinds(session, now)]


def _moments(session: Session, now: datetime) -> QueueState:
    due = later = failed = 0
    oldest: datetime | None = None
    for table, moment in ((table_of(Timer), "fires_at"), (table_of(LadderStep), "due_at")):
        at = table.c[moment]
        is_waiting = table.c.state == "waiting"
        row = session.execute(
            select(
                func.count().filter(is_waiting, at <= now),
                func.count().filter(is_waiting, at > now),
                func.count().filter(table.c.state == "failed"),
                func.min(at).filter(is_waiting, at <= now),
            )
            .select_from(table)
            .where(table.c.state.in_(("waiting", "failed")))
        ).one()
        due, later, failed = due + row[0], later + row[1], failed + row[2]
        oldest = min((one for one in (oldest, row[3]) if one is not None), default=None)
    return QueueState(TIMERS, due, later, 0, failed, oldest)


def _of_kinds(session: Session, now: datetime) -> list[QueueState]:
    is_due = (_jobs.c.state == "waiting") & (_jobs.c.due_at <= now)
    rows = session.execute(
        select(
            _jobs.c.kind,
            func.count().filter(is_due),
            func.count().filter(_jobs.c.state == "waiting", _jobs.c.due_at > now),
            func.count().filter(_jobs.c.state == "running"),
            func.count().filter(_jobs.c.state == "failed"),
            func.min(_jobs.c.due_at).filter(is_due),
        )
        .where(_jobs.c.state.in_(("waiting", "running", "failed")), _jobs.c.is_external.is_(False))
        .group_by(_jobs.c.kind)
    ).all()
    states = []
    for queue in (HANDLERS, NOTICES):
        own = [row for row in rows if queue_of(row.kind) == queue]
        oldest = min((row[5] for row in own if row[5] is not None), default=None)
        due, later, running, failed = (sum(row[at] for row in own) for at in range(1, 5))
        states.append(QueueState(queue, due, later, running, failed, oldest))
    return states
