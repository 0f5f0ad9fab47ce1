"""What a stage stands on: a database that only stories see, and that is set back before each of them."""

import sqlite3
from typing import Any, Protocol

from sqlalchemy import make_url

from engine.rehearsal.postgresql_floor import PostgresqlFloor
from engine.store import Store


class Floor(Protocol):
    store: Store

    def remember(self) -> None:
        """The rows of this moment are what `set_back` brings back."""

    def set_back(self) -> None: ...

    def close(self) -> None:
        """Nothing of the stories is left behind."""


def open_floor(database_url: str | None) -> Floor:
    """In memory, or beside the database that a PostgreSQL URL names; nothing in that database is read or changed.

    Raises InvalidInput when the user of the URL may make neither a database nor a schema there.
    """
    if database_url is not None and make_url(database_url).get_backend_name() == "postgresql":
        return PostgresqlFloor(database_url)
    return MemoryFloor()


class MemoryFloor:
    """`store`: one over a database in memory, such as `sqlite://`; without it, a plain one."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store or Store("sqlite://")
        self._remembered = sqlite3.connect(":memory:", check_same_thread=False)

    def remember(self) -> None:
        self._database.backup(self._remembered)

    def set_back(self) -> None:
        self._remembered.backup(self._database)

    def close(self) -> None:
        self._remembered.close()
        self.store.close()

    @property
    def _database(self) -> sqlite3.Connection:
        with self.store.engine.connect() as connection:
            database: Any = connection.connection.driver_connection
        assert isinstance(database, sqlite3.Connection)
        return database
