"""What changed between two versions of a procedure, in words for its owner. Layout is no change. Read `compare.py`."""

from engine.diagrams.diff.change import Change, Difference
from engine.diagrams.diff.compare import compare_processes
from engine.diagrams.diff.value_text import differences_of, value_text

__all__ = ["Change", "Difference", "compare_processes", "differences_of", "value_text"]
