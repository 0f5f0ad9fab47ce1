"""Which processes work off what is due, as far as the database knows: PostgreSQL with its workers only."""

from datetime import timedelta

from sqlalchemy import text

from engine.queries.source import Source

# Each says every second that it lives, and after four its work goes to others; a busy machine gets some more.
SILENT_FOR = timedelta(seconds=10)

_ALIVE = text(
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
)


def count_workers_alive(source: Source) -> int | None:
    """One for each queue that a process takes work from. None: the process works by itself, on its own file."""
    if source.store.is_sqlite:
        return None
    with source.store.reading() as session:
        return int(session.execute(_ALIVE, {"seconds": SILENT_FOR.total_seconds()}).scalar_one())
