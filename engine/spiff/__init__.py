"""The only door to SpiffWorkflow 3.2.0: its words (workflow, task, spec) stay in this package.

May import model and the pure parts. Read `case_run.py` first, then `traps` in docs/spiff.md for why each override exists.
"""

from engine.spiff.carry_over import Carried, Obstacle, carry_over
from engine.spiff.case_run import CaseRun
from engine.spiff.changes import Changes, EndReached, ThrownMessage, ThrownSignal, Visit, WaitingPlace
from engine.spiff.codec import STATE_FORMAT, places_in_state
from engine.spiff.compile import (
    SPEC_FORMAT,
    CompiledProcess,
    DiagramNotRunnable,
    compile_process,
    restore_process,
)
from engine.spiff.go_back import GoBackRefused, go_back
from engine.spiff.guards import Guards, GuardTripped
from engine.spiff.scripts import CASE_SCOPE, ElementFailed, Host, Scope, UncaughtError

__all__ = [
    "CASE_SCOPE",
    "SPEC_FORMAT",
    "STATE_FORMAT",
    "Carried",
    "CaseRun",
    "Changes",
    "CompiledProcess",
    "DiagramNotRunnable",
    "ElementFailed",
    "EndReached",
    "GoBackRefused",
    "GuardTripped",
    "Guards",
    "Host",
    "Obstacle",
    "Scope",
    "ThrownMessage",
    "ThrownSignal",
    "UncaughtError",
    "Visit",
    "WaitingPlace",
    "carry_over",
    "compile_process",
    "go_back",
    "places_in_state",
    "restore_process",
]
