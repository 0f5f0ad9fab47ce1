"""What the PostgreSQL server is and how it does: version, encoding, clock, connections, whether it passes on calls."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from engine.model import new_key
from engine.queries.source import Source

_FACTS = text("""
    SELECT current_setting('server_version_num')::int AS version,
        pg_encoding_to_char((SELECT encoding FROM pg_database WHERE datname = current_database())) AS encoding,
        extract(epoch FROM clock_timestamp())::float8 AS clock,
        current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true)::int, 0) AS allowed,
        (SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL) AS used,
        (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS ours
""")


@dataclass(frozen=True)
class DatabaseServer:
    """`clock_ahead`: how far its clock is before ours, negative when it is behind.

    Connections: `used` by everybody on the server, `ours` on this database, `allowed` to users without privilege;
    `most_of_a_process`: how many one process of ours may open.
    """

    version: int  # major
    encoding: str
    clock_ahead: timedelta
    used: int
    ours: int
    allowed: int
    most_of_a_process: int


def find_database_server(source: Source) -> DatabaseServer:
    with source.store.reading() as session:
        session.connection()  # Opened before the clocks are read: a connection takes its time.
        before = source.clock.now()
        facts = session.execute(_FACTS).one()
        # Between the two looks at our clock; half of the way is the best guess.
        now = before + (source.clock.now() - before) / 2
    return DatabaseServer(
        version=facts.version // 10_000,
        encoding=facts.encoding,
        clock_ahead=datetime.fromtimestamp(facts.clock, UTC) - now,
        used=facts.used,
        ours=facts.ours,
        allowed=facts.allowed,
        most_of_a_process=_most_of(source.store.engine.pool),
    )


def passes_on_calls(source: Source, patience_seconds: float = 3.0) -> bool:
    """Whether LISTEN hears NOTIFY of another connection: a pooler in between may give each statement another one."""
    channel = f"huiyin_doctor_{new_key()}"
    engine = source.store.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as listening, engine.connect() as calling:
        listening.exec_driver_sql(f'LISTEN "{channel}"')
        calling.exec_driver_sql(f'NOTIFY "{channel}"')
        driver: Any = listening.connection.driver_connection
        try:
            return any(True for _ in driver.notifies(timeout=patience_seconds, stop_after=1))
        finally:
            with suppress(Exception):
                listening.exec_driver_sql(f'UNLISTEN "{channel}"')


def _most_of(pool: Any) -> int:
    """Of the pool that commands and pages share; a listener and the workers have a handful of their own."""
    others = 8
    return pool.size() + max(pool._max_overflow, 0) + others if isinstance(pool, QueuePool) else 1 + others
