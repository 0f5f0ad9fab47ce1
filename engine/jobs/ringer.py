"""APScheduler as an alarm clock: it wakes each lane at its next due moment, when something rings, and now and then."""

import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine.jobs.lane import Lane
from engine.model import WallClock

# A row that another process wrote may ring nobody here; the sweep finds it, and what a crash left behind.
SWEEP = timedelta(seconds=30)
# After a failure of the database itself: not at once again, or the log would fill.
AFTER_FAILURE = timedelta(seconds=5)
# How long a stop waits for what is in hand.
PATIENCE_SECONDS = 20.0

_log = logging.getLogger(__name__)


class Ringer:
    def __init__(
        self,
        lanes: Sequence[Lane],
        clock: WallClock,
        *,
        sweep: timedelta = SWEEP,
        after_failure: timedelta = AFTER_FAILURE,
    ) -> None:
        self._sweep, self._after_failure = sweep, after_failure
        self._lanes = {lane.name: lane for lane in lanes}
        self._clock = clock
        self._ringing: set[str] = set()
        # The earliest moment that was rung for since the last look of a lane.
        self._rung_for: dict[str, datetime] = {}
        self._caught_up: set[str] = set()
        self._failing: dict[str, str] = {}
        self._lock = threading.Lock()
        self._is_stopping = False
        self._busy = {lane.name: threading.Lock() for lane in lanes}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(2 * max(len(lanes), 1))},
            # Two at once, so that a ring during a run is not dropped; the second one finds the lane busy and leaves.
            job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": None},
        )

    @property
    def is_caught_up(self) -> bool:
        """Whether every lane has once done all that was due since the process started."""
        return self._caught_up == set(self._lanes)

    def start(self) -> None:
        for name in self._lanes:
            self._scheduler.add_job(
                self._run,
                "interval",
                seconds=self._sweep.total_seconds(),
                args=[name],
                id=name,
                next_run_time=self._clock.now(),
            )
        self._scheduler.start()

    def ring(self, at: datetime | None = None) -> None:
        """Something is due at `at`, or now. Cheap enough to be called after every commit.

        A lane that is about to run anyway is left alone.
        """
        now = self._clock.now()
        with self._lock:
            for name, lane in self._lanes.items():
                if not lane.is_rung or name in self._ringing:
                    continue
                if at is None or at <= now:
                    self._ringing.add(name)
                    self._wake(name, now)
                elif at < self._rung_for.get(name, now + self._sweep):
                    self._rung_for[name] = at
                    self._wake_by(name, at)

    @property
    def is_stopping(self) -> bool:
        return self._is_stopping

    def stop(self, patience_seconds: float = PATIENCE_SECONDS) -> bool:
        """Finishes the work in hand; what is due stays in its rows. False when the patience was not enough."""
        with self._lock:
            # A run that ends now must not ask the scheduler for anything: it waits for that run, holding its locks.
            self._is_stopping = True
        if not self._scheduler.running:
            return True
        stopping = threading.Thread(target=self._scheduler.shutdown, daemon=True)
        stopping.start()
        stopping.join(patience_seconds)
        return not stopping.is_alive()

    def _run(self, name: str) -> None:
        if not self._busy[name].acquire(blocking=False):
            return  # Its ring stays noted, and the run in hand looks again when it is done.
        try:
            due = self._work(name)
        finally:
            self._busy[name].release()
        with self._lock:
            # In one step with the look: a ring in between would be put off to the next due moment.
            self._wake(
                name, self._clock.now() if name in self._ringing else min(due, self._rung_for.get(name, due))
            )

    def _work(self, name: str) -> datetime:
        lane = self._lanes[name]
        with self._lock:
            self._ringing.discard(name)
            self._rung_for.pop(name, None)
        try:
            lane.work()
            self._caught_up.add(name)
            due = lane.next_due_at()
        except Exception as problem:
            # The lane must live on whatever happened: a lost database comes back, a bad row is an incident.
            self._tell_of_failure(name, problem)
            return self._clock.now() + self._after_failure
        self._failing.pop(name, None)
        latest = self._clock.now() + self._sweep
        return latest if due is None else min(due, latest)

    def _tell_of_failure(self, name: str, problem: Exception) -> None:
        """At length once; while it fails in the same way again, in one line."""
        how = f"{type(problem).__name__}: {problem}".splitlines()[0]
        if self._failing.get(name) == how:
            _log.warning("Lane %s still fails: %s", name, how)
        else:
            _log.error("Lane %s failed and will be tried again.", name, exc_info=problem)
        self._failing[name] = how

    def _wake_by(self, name: str, at: datetime) -> None:
        """Called with the lock held. A lane that wakes earlier anyway is left alone."""
        if self._scheduler.running and not self._is_stopping:
            job = self._scheduler.get_job(name)
            if job is not None and (job.next_run_time is None or at < job.next_run_time):
                self._wake(name, at)

    def _wake(self, name: str, at: datetime) -> None:
        """Called with the lock held."""
        if self._scheduler.running and not self._is_stopping:
            self._scheduler.modify_job(name, next_run_time=at)
