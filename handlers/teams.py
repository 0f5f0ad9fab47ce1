"""An investigation team holds nobody of the unit at fault (CAP-02)."""

from engine.commands.handler import HandlerContext
from handlers.inputs import names_of


def keep_out_unit(context: HandlerContext) -> dict[str, object]:
    """Inputs: `users` that were named; `unit` at fault, or empty.

    Outputs: `users`, those who work here and do not belong to that unit or to one below it; `kept_out`, the others.
    """
    named = names_of(context.inputs.get("users"))
    at_fault = context.people.units.get(str(context.inputs.get("unit") or ""))
    users = [name for name in named if context.people.is_active(name)]
    if at_fault is not None:
        members = {
            username
            for username, unit_key, _ in context.people.memberships
            if at_fault in context.people.upwards(unit_key)
        }
        users = [name for name in users if name not in members]
    return {"users": users, "kept_out": [name for name in named if name not in users]}
