"""Tickets: jobs of Procrastinate that name a row, deferred inside the transaction that wrote it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from procrastinate.jobs import Job as ProcrastinateJob
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector
from sqlalchemy.orm import Session

from engine.jobs.queue import TIMERS, JobQueue, queue_of

MOMENT_TASK, JOB_TASK = "huiyin.moment", "huiyin.job"

# Never opened: it only says the words, over the connection of the transaction at hand.
_words = JobManager(SyncPsycopgConnector())


# Procrastinate gives out the highest priority first, as a whole number of 32 bits. A due moment becomes one: the
# earlier the higher, to the second; matters of safety stand above all others until the year 2056.
_LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
_ABOVE_ALL = 1_000_000_000


def priority_of(due_at: datetime, *, is_safety: bool) -> int:
    return (_ABOVE_ALL if is_safety else 0) - int((due_at - _LONG_AGO).total_seconds())


@dataclass(frozen=True)
class Ticket:
    """`kind` and `key` name the row. Tickets of one `case` in one queue are worked off one after another.

    `due_at`: of a timer or ladder step. The ticket stands for all moments of the case up to this one.
    """

    kind: str  # timer | step | job
    key: str
    case: str | None
    queue: str
    priority: int = 0
    due_at: datetime | None = None

    @property
    def lock(self) -> str | None:
        """One case is never worked on by two workers at once. A handler that takes its time holds up the other
        handlers of its case, but not the case's deadlines, which may be there to interrupt it.
        """
        if self.case is None:
            return None
        return self.case if self.queue == TIMERS else f"{self.case}/{self.queue}"

    @property
    def name(self) -> str:
        """Unique among the tickets that wait."""
        return f"{self.kind}:{self.key}"


def defer(session: Session, tickets: Iterable[Ticket]) -> int:
    """In the transaction of `session`: without its commit they never were. Returns how many."""
    jobs = [_job(ticket) for ticket in tickets]
    if jobs:
        connection = session.connection().connection.driver_connection
        _words.batch_defer_jobs(jobs=jobs, connection=connection)
    return len(jobs)


def _job(ticket: Ticket) -> ProcrastinateJob:
    is_job = ticket.kind == "job"
    return ProcrastinateJob(
        id=None,
        queue=ticket.queue,
        priority=ticket.priority,
        lock=ticket.lock,
        queueing_lock=ticket.name,
        task_name=JOB_TASK if is_job else MOMENT_TASK,
        task_kwargs={"key": ticket.key}
        if is_job
        else {"case": ticket.case, "until": _to_text(ticket.due_at)},
    )


def _to_text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


class TicketedQueue(JobQueue):
    """A job that is due at once gets its ticket with its row; one that is due later gets it from the ring, then.

    A ticket that had to wait would stand in the way: Procrastinate gives out no ticket of a case before those that
    were deferred earlier, though these may be due in an hour.
    """

    def enqueue(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        super().enqueue(session, rows)
        defer(
            session,
            (
                Ticket("job", row["job_key"], row["instance_key"], queue_of(row["kind"]), row["priority"])
                for row in rows
                if not row["is_external"] and row["due_at"] <= row["created_at"]
            ),
        )
