"""One database, its transactions. SQLite (WAL) by default, PostgreSQL by its URL; the commands see no difference."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from engine.model import CommitUnknown
from engine.store.lost import is_lost_connection

BUSY_SECONDS = 30
# A machine that vanished without a word is noticed after about half a minute, and not by a hanging command.
_POSTGRES = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


class Store:
    """Opens short transactions. A writer on SQLite takes its lock at once, so that it can never deadlock later."""

    def __init__(self, url: str, application_name: str = "huiyin") -> None:
        """`application_name` is what PostgreSQL shows of our connections in `pg_stat_activity`."""
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": orjson.loads}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
            if parsed.database in (None, "", ":memory:"):
                options["poolclass"] = StaticPool
        else:
            options |= {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
            options["connect_args"] = _postgres_options(parsed, application_name)
        self.engine: Engine = create_engine(parsed, **options)
        if self.is_sqlite:
            # Of the pool: a listener of the engine itself would cost every statement a few per cent.
            event.listen(self.engine.pool, "connect", _prepare_sqlite)

    @contextmanager
    def beginning(self, *, writes: bool) -> Iterator[Connection]:
        """A connection in one transaction, for what is no command. Commits at the end of the block.

        Raises CommitUnknown when the connection was lost in the commit.
        """
        with self.engine.connect() as connection, connection.begin() as transaction:
            if self.is_sqlite:
                # The driver opens no transaction by itself: see _prepare_sqlite.
                connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
            yield connection
            try:
                transaction.commit()
            except DBAPIError as problem:
                if not is_lost_connection(problem):
                    raise
                if writes:
                    raise CommitUnknown from problem
                # Else what was read has been read.

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that writes: commits at the end of the block, or leaves no trace.

        Raises CommitUnknown, the only case in which it cannot say which of the two.
        """
        with (
            self.beginning(writes=True) as connection,
            Session(connection, expire_on_commit=False, autoflush=False) as session,
        ):
            yield session
            session.flush()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with (
            self.beginning(writes=False) as connection,
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


def _postgres_options(url: URL, application_name: str) -> dict[str, Any]:
    """What the URL says itself wins."""
    options = _POSTGRES | {"application_name": application_name}
    return {name: value for name, value in options.items() if name not in url.query}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions on its own: the store does, with the lock that the block needs.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # An acknowledged step survives a power cut too: the log is synced at each commit.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()
