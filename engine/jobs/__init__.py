"""Who wakes the engine when something is due, and who works it off. The rows are the promise.

May import model; what to do is handed in by the wiring. Read `queue.py` and `ringer.py`, then `embedded/` (one process)
and `distributed/` (many processes, PostgreSQL; imported only where it is used, since its libraries are optional).
"""

from engine.jobs.embedded import EmbeddedKeeper
from engine.jobs.lane import Lane
from engine.jobs.queue import QUEUES, JobQueue, QueueState
from engine.jobs.ringer import Ringer

__all__ = ["QUEUES", "EmbeddedKeeper", "JobQueue", "Lane", "QueueState", "Ringer"]
