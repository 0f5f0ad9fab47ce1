"""One database, its transactions. SQLite (WAL) by default, PostgreSQL by its URL; the commands see no difference."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

BUSY_SECONDS = 30


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


class Store:
    """Opens short transactions. A writer on SQLite takes its lock at once, so that it can never deadlock later."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": orjson.loads}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
            if parsed.database in (None, "", ":memory:"):
                options["poolclass"] = StaticPool
        else:
            options |= {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}
        self.engine: Engine = create_engine(parsed, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that writes: commits at the end of the block, or leaves no trace."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection = connection.execution_options(huiyin_writes=True)
            with connection.begin(), Session(connection, expire_on_commit=False, autoflush=False) as session:
                yield session
                session.flush()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with (
            self.engine.connect() as connection,
            connection.begin(),
            Session(connection, expire_on_commit=False, autoflush=False) as session,
        ):
            yield session

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """No other server runs a block of this name meanwhile. For starts, not for steps; SQLite has one server a file."""
        if self.is_sqlite:
            yield
            return
        with self.engine.connect() as connection, connection.begin(), Session(connection) as session:
            hold_name(session, name)
            yield

    def close(self) -> None:
        self.engine.dispose()


def hold_name(session: Session, name: str) -> None:
    """Until the end of the transaction nobody else gets past this for the same name.

    For what no row can be locked yet: SQLite has one writer anyway, PostgreSQL locks the name itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def is_lost_race(error: DBAPIError) -> bool:
    """Whether the database gave up on a transaction that may simply be tried again."""
    original = error.orig
    state = getattr(original, "sqlstate", None)
    return state in {"40001", "40P01"} or "database is locked" in str(original)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions on its own: _begin_sqlite does, with the lock that the block needs.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # An acknowledged step survives a power cut too: the log is synced at each commit.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("huiyin_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
