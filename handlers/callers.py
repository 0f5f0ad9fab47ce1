"""Who calls the customer back: somebody outside of the department complained about, where there is one (COI-11)."""

from engine.commands.handler import HandlerContext
from engine.people import Directory, holders
from handlers.inputs import accused_of, names_of


def choose_caller_back(context: HandlerContext) -> dict[str, object]:
    """Inputs: `roles`; `is_outside_department`, whether the profile asks for it.

    Outputs: `users`, the holders of the roles who are not of the department complained about, from the unit of the
    case upwards, else anywhere; empty when it need not be asked or there is nobody such. Then `roles` decides as
    usual, but never for the person complained about.
    """
    roles = names_of(context.inputs.get("roles"))
    accused = accused_of(context.variables)
    users: list[str] = []
    if context.inputs.get("is_outside_department") and accused is not None:
        barred = {accused} | _colleagues_of(context.people, accused)
        users = [
            name for role in roles for name in holders(context.people, role, context.unit_key, barred)[1]
        ]
    return {"users": list(dict.fromkeys(users)), "roles": "" if users else ",".join(roles)}


def _colleagues_of(people: Directory, username: str) -> set[str]:
    """Everybody in the units of a person; the organisation itself is no department."""
    units = {held.unit_key for held in people.held_by(username)} - {people.root_key}
    return {name for name, unit_key, _ in people.memberships if unit_key in units}
