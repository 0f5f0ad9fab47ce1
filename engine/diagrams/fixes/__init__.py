"""Remedies that need no thought: which buttons a finding has, and what each does to the file.

Pure. `fixes_for` proposes, `apply_fix` carries out; a test holds that each takes its finding away and adds no error.
"""

from engine.diagrams.fixes.changes import apply_fix
from engine.diagrams.fixes.fix import Change, Fix
from engine.diagrams.fixes.propose import fixes_for

__all__ = ["Change", "Fix", "apply_fix", "fixes_for"]
