"""What a diagram would do wrong, found before it runs. One file per family of rules.

Read `rules.py` for the table of all rules; docs/diagrams.md shows it to process owners.
"""

from collections.abc import Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint import (
    beyond,
    catching,
    foreign,
    kinds,
    pace,
    references,
    rounds,
    routing,
    schema,
    soundness,
    structure,
    timing,
    values,
    work,
)
from engine.diagrams.lint.context import LintContext, ProfileNames, runs_under
from engine.diagrams.lint.rules import RULES, Rule
from engine.diagrams.model import Diagram

_CHECKS = (
    structure.check,
    kinds.check,
    references.check,
    beyond.check,
    routing.check,
    soundness.check,
    rounds.check,
    catching.check,
    work.check,
    timing.check,
    pace.check,
    values.check,
    foreign.check,
    schema.check,
)


def lint_diagrams(diagrams: Sequence[Diagram], context: LintContext) -> list[Finding]:
    """All findings, errors first, then by file and line."""
    found = [finding for check in _CHECKS for finding in check(diagrams, context)]
    order = {"error": 0, "warning": 1, "advice": 2}
    return sorted(found, key=lambda one: (order[one.severity], one.file, one.line or 0, one.rule))


__all__ = ["RULES", "LintContext", "ProfileNames", "Rule", "lint_diagrams", "runs_under"]
