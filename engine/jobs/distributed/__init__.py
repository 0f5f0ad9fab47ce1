"""The keeper of many processes on one PostgreSQL: Procrastinate hands out tickets, rows stay the promise.

A ticket says "look at this row"; whoever has it claims the row as everywhere. A ticket that is lost, doubled or late
is therefore harmless: read `ring.py` for what makes tickets, `workers.py` for what works them off.
"""

from engine.jobs.distributed.keeper import DistributedKeeper
from engine.jobs.distributed.tickets import TicketedQueue

__all__ = ["DistributedKeeper", "TicketedQueue"]
