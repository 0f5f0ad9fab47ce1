"""What was done by whom, in chains that show every later change.

May import model. Read `chain.py` for how rows are linked, `verify.py` for what is found.
"""

from engine.audit.acts import recorded_acts
from engine.audit.anchors import anchor
from engine.audit.chain import (
    ADMINISTRATION,
    AuditEntry,
    append_administration,
    append_entry,
)
from engine.audit.verify import AuditProblem, AuditReport, verify

__all__ = [
    "ADMINISTRATION",
    "AuditEntry",
    "AuditProblem",
    "AuditReport",
    "anchor",
    "append_administration",
    "append_entry",
    "recorded_acts",
    "verify",
]
