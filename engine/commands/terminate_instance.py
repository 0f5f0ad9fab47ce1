"""A supervisor stops a case where it stands, with the reason; nothing of its record is lost."""

from engine.commands.case.access import require_case
from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import InvalidInput
from engine.people import Actor


def terminate_instance(engine: Engine, actor: Actor, *, instance_key: str, reason: str) -> None:
    """Open tasks, timers, jobs and clocks end with it. Raises Forbidden, WrongState, InvalidInput without reason."""
    if not reason.strip():
        raise InvalidInput("Expected a reason for stopping the case.", "终止必须填写原因。")

    def change(work: CaseWork) -> None:
        require_case(work.session, work.record, work.frame.directory, actor, "case.terminate")
        work.note("case.terminated", work.record.business_key, {"reason": reason})
        work.terminate()

    on_case(engine, actor, lambda _session: instance_key, change)
