"""SQL statements and commits of one completed task, over all tasks of the complaint profiles."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bench.drive import drive
from bench.house import PROCESSES, House, complaint_profiles, house
from bench.measure import Stopwatch, report
from engine.store import Store


class Counter(Stopwatch):
    """A stopwatch that counts what a command sends to the database, instead of its time."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._is_counting = False
        self._statements = self._commits = 0
        self.counted: dict[str, list[tuple[int, int]]] = {}
        event.listen(store.engine, "before_cursor_execute", self._statement)
        event.listen(store.engine, "commit", self._commit)

    @contextmanager
    def running(self, command: str) -> Iterator[None]:
        self._statements, self._commits, self._is_counting = 0, 0, True
        try:
            yield
        finally:
            self._is_counting = False
            self.counted.setdefault(command, []).append((self._statements, self._commits))

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # Beginning a transaction is no statement; a batch of rows is one, sent once.
        self._statements += self._is_counting and not statement.startswith("BEGIN")

    def _commit(self, _connection: Any) -> None:
        self._commits += self._is_counting


def measure_statements() -> None:
    with house(PROCESSES / "complaint") as settled:
        report_statements(settled)


def report_statements(settled: House, before_the_name: str = "") -> None:
    profiles = complaint_profiles(settled.release)
    drive(settled, profiles, Stopwatch())  # warm-up: directories and releases are read once
    counter = Counter(settled.engine.store)
    drive(settled, profiles, counter)
    for command in ("start", "complete"):
        statements = [one for one, _ in counter.counted[command]]
        commits = [one for _, one in counter.counted[command]]
        name = before_the_name + command
        report(f"{name}_statements", statistics.mean(statements), "statements, mean")
        report(f"{name}_statements_most", max(statements), "statements, most")
        report(f"{name}_commits", statistics.mean(commits), "commits, mean")
