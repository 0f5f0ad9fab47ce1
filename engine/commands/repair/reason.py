"""No repair without a reason, and none by a person whom the case is about."""

from engine.commands.case.access import require_case
from engine.commands.case.work import CaseWork
from engine.model import InvalidInput
from engine.people import Actor


def require_reason(reason: str) -> None:
    """Raises InvalidInput."""
    if not reason.strip():
        raise InvalidInput("Expected a reason.", "必须填写原因。")


def require_repair(work: CaseWork, actor: Actor) -> None:
    """Raises Forbidden."""
    require_case(work.session, work.record, work.frame.directory, actor, "case.repair")
