"""Decision tables as dmn-js writes them: read, evaluated, and examined for overlaps and gaps.

Pure: lxml only. Read `table.py`; docs/decision-tables.md is the page for owners.
"""

from engine.decisions.analyse import TableFinding, analyse
from engine.decisions.read import DecisionError, read_decisions
from engine.decisions.table import (
    RESULT_MAPPINGS,
    DecisionFailed,
    DecisionResult,
    DecisionTable,
    map_decision_result,
)

__all__ = [
    "RESULT_MAPPINGS",
    "DecisionError",
    "DecisionFailed",
    "DecisionResult",
    "DecisionTable",
    "TableFinding",
    "analyse",
    "map_decision_result",
    "read_decisions",
]
