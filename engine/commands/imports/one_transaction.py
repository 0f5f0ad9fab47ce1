"""A store in which many commands are one transaction: a past case comes whole, or not at all.

Without it a running server would see a half imported case, find its deadlines of last year overdue, and ring.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from engine.store import Store


class OneTransaction(Store):
    """Commands on it write at once, and what they wrote is kept when `whole` ends without an error."""

    def __init__(self, store: Store) -> None:
        self.is_sqlite, self.engine = store.is_sqlite, store.engine
        self._connection: Connection | None = None

    @contextmanager
    def whole(self) -> Iterator[None]:
        with self.beginning(writes=True) as connection:
            self._connection = connection
            try:
                yield
            finally:
                self._connection = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A command: its own rows vanish when it fails, those of the commands before it stay."""
        with self._open.begin_nested(), self._session() as session:
            yield session
            session.flush()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._session() as session:
            yield session

    @contextmanager
    def trying(self) -> Iterator[None]:
        """What is done inside is undone when the block raises."""
        with self._open.begin_nested():
            yield

    def close(self) -> None:
        """The pool belongs to the store that was given."""

    @property
    def _open(self) -> Connection:
        assert self._connection is not None, "Commands on a past case run inside `whole`."
        return self._connection

    def _session(self) -> Session:
        # Like the store's own sessions it lets the connection decide what is kept.
        return Session(
            self._open, expire_on_commit=False, autoflush=False, join_transaction_mode="rollback_only"
        )
