"""The keeper of a single process: its ringer does the work, in threads of the same process."""

from engine.jobs.ringer import Ringer

__all__ = ["EmbeddedKeeper"]


class EmbeddedKeeper(Ringer):
    """The lanes do what is due; rows are all there is."""
