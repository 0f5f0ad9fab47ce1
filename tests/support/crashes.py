"""A store that loses its process in the middle of a transaction: nothing of it is kept, nobody is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from engine.store import Store


class Killed(BaseException):
    """Like `kill -9`: nothing of ours catches it."""


class CrashingStore:
    """Any store; `crash_at(n)` kills the process just before the n-th commit from now."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._left: int | None = None

    def crash_at(self, number: int) -> None:
        self._left = number

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self._store.transaction() as session:
            yield session
            session.flush()
            if self._left is not None:
                self._left -= 1
                if self._left == 0:
                    self._left = None
                    raise Killed

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)
