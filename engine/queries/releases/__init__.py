"""Versions of procedures: which there are, how two of them differ, and which running cases a change touches."""
