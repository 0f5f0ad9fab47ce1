"""Fixtures of these tests stand in tests/support/procedures.py."""

from procedures import play

__all__ = ["play"]
