"""Recusal: may those who are foreseen for the work do it, or does somebody else step in (COI-1, D-06)?"""

from engine.commands.handler import HandlerContext
from engine.people import holders
from handlers.inputs import accused_of, names_of


def check_recusal(context: HandlerContext) -> dict[str, object]:
    """Looks at the roles in `foreseen` and names those who step in when only the person complained about holds them.

    Inputs: `foreseen`, `substitute`: role keys. Outputs: `is_accused`, whether the person complained about is among
    the foreseen; `is_available`, whether anybody else is; `roles`: the foreseen roles, or the substitute ones when
    nobody else is and somebody of these may. Who is complained about is kept away by the engine in any case.
    """
    accused = accused_of(context.variables)
    foreseen = names_of(context.inputs.get("foreseen"))
    substitute = names_of(context.inputs.get("substitute"))
    is_available = _is_held(context, foreseen, accused)
    steps_in = not is_available and _is_held(context, substitute, accused)
    return {
        "is_accused": accused is not None and _holds(context, accused, foreseen),
        "is_available": is_available,
        "roles": ",".join(substitute if steps_in else foreseen),
    }


def _is_held(context: HandlerContext, roles: list[str], accused: str | None) -> bool:
    barred = () if accused is None else (accused,)
    return any(holders(context.people, role, context.unit_key, barred)[1] for role in roles)


def _holds(context: HandlerContext, username: str, roles: list[str]) -> bool:
    """Whether the person is among those whom the case's unit would ask."""
    return any(username in holders(context.people, role, context.unit_key)[1] for role in roles)
