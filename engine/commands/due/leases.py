"""The jobs that this process has in hand. While it lives it renews its claim on them; when it dies others take over."""

import threading
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from engine.model import Job, table_of

# A job whose process vanished is taken over when this has run out.
LEASE = timedelta(seconds=20)
RENEW_EVERY = timedelta(seconds=5)

_jobs = table_of(Job)
_OWN = _jobs.update().where(
    _jobs.c.job_key == bindparam("of_job"),
    _jobs.c.worker == bindparam("of_worker"),
    _jobs.c.state == "running",
)


class Leases:
    """(job key, worker) of each job that a thread of this process works on."""

    def __init__(self) -> None:
        self._held: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    @property
    def is_holding(self) -> bool:
        return bool(self._held)

    def take(self, job_key: str, worker: str) -> None:
        with self._lock:
            self._held.add((job_key, worker))

    def release(self, job_key: str, worker: str) -> None:
        with self._lock:
            self._held.discard((job_key, worker))

    def renew(self, session: Session, now: datetime) -> int:
        """How many are held. A claim that was taken over meanwhile stays with who has it."""
        return self._set(session, lease_until=now + LEASE)

    def give_back(self, session: Session, now: datetime) -> int:
        """For a process that must stop in the middle of jobs: others may have them at once, with no try used up."""
        return self._set(session, state="waiting", due_at=now, lease_until=None, worker=None)

    def _set(self, session: Session, **values: Any) -> int:
        with self._lock:
            held = sorted(self._held)
        if held:
            wanted = _OWN.values(**values)
            session.connection().execute(
                wanted, [{"of_job": job, "of_worker": worker} for job, worker in held]
            )
        return len(held)
