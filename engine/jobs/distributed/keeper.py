"""The keeper of one process among many: a ringer that makes tickets, workers that work them off, a listener."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from engine.jobs.distributed.ring import next_due_after, ring
from engine.jobs.distributed.workers import Workers
from engine.jobs.lane import Lane
from engine.jobs.listener import Listener
from engine.jobs.queue import HANDLERS, NOTICES, TIMERS
from engine.jobs.ringer import PATIENCE_SECONDS, Ringer
from engine.model import WallClock

CHANNEL = "huiyin_due"
SWEEP = timedelta(seconds=1)
# Timers one by one, so that one process fires them in the order of their moments; handlers and mail wait for others.
CONCURRENCY: Mapping[str, int] = {TIMERS: 1, HANDLERS: 4, NOTICES: 2}

_log = logging.getLogger(__name__)


class DistributedKeeper:
    """Any number of them may work on one database; each may vanish at any moment."""

    def __init__(
        self,
        url: str,
        clock: WallClock,
        transaction: Callable[[], AbstractContextManager[Session]],
        do_moments: Callable[[str, datetime | None], object],
        do_job: Callable[[str], object],
        house: Sequence[Lane] = (),
        queues: Sequence[str] = tuple(CONCURRENCY),
    ) -> None:
        """`url` as psycopg takes it. `do_moments(case, until)` does what fell due in a case by then, `do_job(key)` one job.

        `house`: lanes of the house itself. `queues`: which tickets this process takes; it rings for all.
        """
        self._clock, self._transaction = clock, transaction
        self._is_stopping = False
        self._ringer = Ringer(
            [Lane("tickets", self._next_due_at, self._ring), *house], clock, sweep=SWEEP, after_failure=SWEEP
        )
        self._workers = Workers(url, {name: CONCURRENCY[name] for name in queues}, do_moments, do_job)
        self._listener = Listener(url, {CHANNEL: self._hear}, self._ringer.ring)

    @property
    def is_caught_up(self) -> bool:
        """Whether each due row had its ticket once since the process started."""
        return self._ringer.is_caught_up

    def start(self) -> None:
        self._ringer.start()
        self._workers.start()
        self._listener.start()

    def ring(self, at: datetime | None = None) -> None:
        self._ringer.ring(at)

    @property
    def is_stopping(self) -> bool:
        return self._is_stopping

    def stop(self, patience_seconds: float = PATIENCE_SECONDS) -> bool:
        """Finishes the tickets in hand and leaves the rest to others. False when the patience was not enough."""
        self._is_stopping = True
        # The ringer last: it also renews the claim on what is still in hand.
        is_finished = self._workers.stop(patience_seconds)
        self._listener.stop()
        self._ringer.stop()
        return is_finished

    def _hear(self, payload: str) -> None:
        self._ringer.ring(datetime.fromtimestamp(int(payload) / 1000, UTC) if payload else None)

    def _ring(self) -> None:
        while True:
            with self._transaction() as session:
                number = ring(session, self._clock.now())
            if not number:
                return
            _log.debug("%d tickets deferred.", number)

    def _next_due_at(self) -> datetime | None:
        with self._transaction() as session:
            return next_due_after(session, self._clock.now())
