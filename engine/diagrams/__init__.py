"""Reads BPMN diagrams as their owners drew them, and says in plain words what would go wrong.

Pure: lxml, and the other pure parts. Read `model.py`, then `read.py`; rules stand in `lint/`.
"""

from engine.diagrams.calendar_start import limit_asked_for
from engine.diagrams.finding import DiagramError, Finding
from engine.diagrams.lint import LintContext, ProfileNames, lint_diagrams, runs_under
from engine.diagrams.model import (
    Diagram,
    Element,
    Flow,
    MultiInstance,
    ProcessModel,
    TimerText,
    VariableMapping,
)
from engine.diagrams.normalise import Normalised, Rewrite, drawn_of, is_made, normalise
from engine.diagrams.read import read_diagram
from engine.diagrams.safe_xml import parse_xml

__all__ = [
    "Diagram",
    "DiagramError",
    "Element",
    "Finding",
    "Flow",
    "LintContext",
    "MultiInstance",
    "Normalised",
    "ProcessModel",
    "ProfileNames",
    "Rewrite",
    "TimerText",
    "VariableMapping",
    "drawn_of",
    "is_made",
    "limit_asked_for",
    "lint_diagrams",
    "normalise",
    "parse_xml",
    "read_diagram",
    "runs_under",
]
