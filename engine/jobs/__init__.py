"""Who wakes the engine when something is due, and who works it off. The rows are the promise.

May import model; what to do is handed in by the wiring. Read `queue.py` and `ringer.py`, then `embedded/` (one process)
and `distributed/` (many processes, PostgreSQL; imported only where it is used, since its libraries are optional).
"""

from engine.jobs.embedded import EmbeddedKeeper
from engine.jobs.lane import Lane
from engine.jobs.queue import QUEUES, JobQueue, QueueState
from engine.jobs.ringer import Ringer

__all__ = ["QUEUES", "EmbeddedKeeper", "JobQueue", "Lane", "QueueState", "Ringer", "queue_for"]


def queue_for(*, is_sqlite: bool) -> JobQueue:
    """Rows alone on SQLite, tickets too on PostgreSQL. Raises ImportError where the libraries for these are missing."""
    if is_sqlite:
        return JobQueue()
    from engine.jobs.distributed import TicketedQueue

    return TicketedQueue()
