"""Passes over a place where a case waits: the token goes on as if the work were done, but nothing is filled in."""

from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.repair.reason import require_reason, require_repair
from engine.model import NotFound, WrongState
from engine.people import Actor


def skip_element(engine: Engine, actor: Actor, *, instance_key: str, place_key: str, reason: str) -> None:
    """`place_key`: the element instance of a task, job or event that is waited for; a task is then cancelled, not done.

    Raises NotFound, Forbidden; InvalidInput without a reason; WrongState for a boundary event; CaseSuspended; CaseStopped when the step behind it fails.
    """
    require_reason(reason)

    def change(work: CaseWork) -> None:
        require_repair(work, actor)
        place = work.run.waiting.get(place_key)
        if place is None:
            raise NotFound("open place", place_key, "等待处")
        if place.host_key is not None:
            raise WrongState(
                f"Expected a step of the way, but {place.element_id} is an event on the edge of one.",
                f"“{place.element_id}”是附着在活动上的边界事件，不能跳过。",
            )
        work.note(
            "case.element_skipped",
            place.element_id,
            {"reason": reason, "process": place.process_key, "element_instance_key": place_key},
        )
        work.skip(place_key)

    on_case(engine, actor, lambda _session: instance_key, change)
