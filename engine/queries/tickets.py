"""What waits for the workers, and what should wait for them but does not: PostgreSQL only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from engine.queries.source import Source

# In one look: what has a ticket, by queue, and how long the first ticket has waited by the database's own clock.
_BY_QUEUE = text("""
    SELECT ticket.queue_name AS queue,
        count(*) FILTER (WHERE ticket.status = 'todo') AS waiting,
        count(*) FILTER (WHERE ticket.status = 'doing') AS in_hand,
        min(event.at) FILTER (WHERE ticket.status = 'todo') AS waits_since
    FROM procrastinate_jobs AS ticket
    LEFT JOIN procrastinate_events AS event ON event.job_id = ticket.id AND event.type = 'deferred'
    WHERE ticket.status IN ('todo', 'doing')
    GROUP BY ticket.queue_name ORDER BY ticket.queue_name
""")

_UNATTENDED = text("""
    WITH due AS (
        SELECT 'timer:' || timer_key AS ticket, fires_at AS due_at FROM timer
        WHERE state = 'waiting' AND fires_at <= :moment
        UNION ALL
        SELECT 'step:' || step_key, due_at FROM ladder_step
        WHERE state = 'waiting' AND due_at <= :moment
        UNION ALL
        SELECT 'job:' || job_key, due_at FROM job
        WHERE state = 'waiting' AND NOT is_external AND due_at <= :moment
        UNION ALL
        SELECT 'job:' || job_key, lease_until FROM job
        WHERE state = 'running' AND NOT is_external AND lease_until <= :moment
    )
    SELECT count(*), min(due_at) FROM due WHERE NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs AS live
        WHERE live.queueing_lock = due.ticket AND live.status IN ('todo', 'doing')
    )
""")


@dataclass(frozen=True)
class TicketsOfQueue:
    """`waits_since`: when the oldest ticket that nobody has taken was made; None when none waits."""

    queue: str
    waiting: int
    in_hand: int
    waits_since: datetime | None


@dataclass(frozen=True)
class Unattended:
    """Rows that are due and have no ticket: nobody knows of them yet, or any more."""

    number: int
    oldest_due_at: datetime | None


def find_tickets(source: Source) -> Sequence[TicketsOfQueue]:
    with source.store.reading() as session:
        return [
            TicketsOfQueue(queue, waiting, in_hand, None if since is None else since.astimezone(UTC))
            for queue, waiting, in_hand, since in session.execute(_BY_QUEUE).all()
        ]


def find_unattended(source: Source, due_before: datetime) -> Unattended:
    """Give the ring its second: ask for what was due some time ago."""
    moment = int(due_before.timestamp() * 1000)
    with source.store.reading() as session:
        number, oldest = session.execute(_UNATTENDED, {"moment": moment}).one()
    return Unattended(number, None if oldest is None else datetime.fromtimestamp(oldest / 1000, UTC))
