"""Takes a case back to an element that it has passed: what is open in that scope is cancelled, the element begins anew."""

from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.repair.reason import require_reason, require_repair
from engine.model import NotFound, WrongState
from engine.people import Actor
from engine.spiff import GoBackRefused

_WORDS = {
    "not_here": (
        "Expected {element} in the same process or sub-process as {place}, but it is not there.",
        "“{element}”与“{place}”不在同一个流程或子流程中，不能退回。",
    ),
    "not_earlier": (
        "Expected {element} to be an element that the case has passed on its way to {place}, but it is not.",
        "“{element}”不是事项到达“{place}”之前经过的图元，不能退回。",
    ),
    "inside_split": (
        "Expected {element} outside of parallel branches: a join behind it would wait for ever.",
        "“{element}”位于并行分支之中，退回后汇合处将永远等待。",
    ),
}


def go_back_to(
    engine: Engine, actor: Actor, *, instance_key: str, place_key: str, element_id: str, reason: str
) -> None:
    """From the open place `place_key` to `element_id` in the same scope. All other tokens of that scope end.

    Raises NotFound, Forbidden; InvalidInput without a reason; WrongState where it could not be right; CaseSuspended.
    """
    require_reason(reason)

    def change(work: CaseWork) -> None:
        require_repair(work, actor)
        place = work.run.waiting.get(place_key)
        if place is None:
            raise NotFound("open place", place_key, "等待处")
        work.note(
            "case.went_back",
            element_id,
            {"reason": reason, "from": place.element_id, "process": place.process_key},
        )
        try:
            work.go_back(place_key, element_id)
        except GoBackRefused as refused:
            en, zh = _WORDS[refused.code]
            names = {"element": element_id, "place": place.element_id}
            raise WrongState(en.format(**names), zh.format(**names)) from refused

    on_case(engine, actor, lambda _session: instance_key, change)
