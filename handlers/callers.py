"""Who calls the customer back: somebody outside of the department complained about, where there is one (COI-11)."""

from engine.commands.handler import HandlerContext
from engine.people import Directory, holders
from handlers.inputs import accused_of, names_of


def choose_caller_back(context: HandlerContext) -> dict[str, object]:
    """Inputs: `roles`; `is_outside_department`, whether the profile asks for it.

    Outputs: `users`, who may call when somebody had to be left out; else empty, and `roles` decides as usual.
    When nobody outside holds the roles, whoever else holds them may call, never the person complained about.
    """
    roles = names_of(context.inputs.get("roles"))
    accused = accused_of(context.variables)
    users: list[str] = []
    if context.inputs.get("is_outside_department") and accused is not None:
        department = _departments_of(context.people, accused)
        found = [
            name for role in roles for name in holders(context.people, role, context.unit_key, (accused,))[1]
        ]
        outside = [
            name for name in dict.fromkeys(found) if not _departments_of(context.people, name) & department
        ]
        users = outside if len(outside) < len(set(found)) else []
    return {"users": users, "roles": "" if users else ",".join(roles)}


def _departments_of(people: Directory, username: str) -> set[str]:
    """Units of a person; the organisation itself is no department."""
    return {held.unit_key for held in people.held_by(username) if held.unit_key != people.root_key}
