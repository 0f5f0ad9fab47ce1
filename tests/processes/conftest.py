"""Fixtures of these tests stand in tests/support/procedures.py."""

from procedures import carriers, play, theatre

__all__ = ["carriers", "play", "theatre"]
