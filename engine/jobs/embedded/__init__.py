"""The keeper of a single process: APScheduler as an alarm clock, threads of the same process as workers."""

from engine.jobs.embedded.keeper import EmbeddedKeeper

__all__ = ["EmbeddedKeeper"]
