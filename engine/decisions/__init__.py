"""Decision tables as dmn-js writes them: read, evaluated, tried on a row, and examined for overlaps and gaps.

Pure: lxml only. Read `table.py`; docs/decision-tables.md is the page for owners.
"""

from engine.decisions.analyse import TableFinding, analyse
from engine.decisions.failure import DecisionError, DecisionFailed
from engine.decisions.hit_policy import DecisionResult
from engine.decisions.mapping import RESULT_MAPPINGS, map_decision_result
from engine.decisions.read import read_decisions
from engine.decisions.table import DecisionTable
from engine.decisions.trial import Trial, TriedRule, try_decision

__all__ = [
    "RESULT_MAPPINGS",
    "DecisionError",
    "DecisionFailed",
    "DecisionResult",
    "DecisionTable",
    "TableFinding",
    "Trial",
    "TriedRule",
    "analyse",
    "map_decision_result",
    "read_decisions",
    "try_decision",
]
