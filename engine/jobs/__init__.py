"""Who wakes the engine when something is due. The rows are the promise; a keeper only rings.

May import model; what to do when it rings is handed in by the wiring. Read `lane.py`, then `embedded/`.
"""

from engine.jobs.embedded import EmbeddedKeeper
from engine.jobs.lane import Lane

__all__ = ["EmbeddedKeeper", "Lane"]
