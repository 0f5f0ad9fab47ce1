"""Who settles a dispute between units: the service department of their common superior (SUP-01, COI-2)."""

from engine.commands.handler import HandlerContext
from handlers.inputs import accused_of, text_of


def find_common_superior(context: HandlerContext) -> dict[str, object]:
    """Inputs: `role` that settles disputes; `other_unit`, the other party, or empty; `unit`, the one party, where it is
    not the unit of the case.

    Outputs: `users`, the holders of the role in the lowest unit that lies above both parties, or further up, else the
    head of such a unit, none of them a member of a party; empty when there is nobody such, and then `roles` decides
    as usual.
    """
    role = text_of(context.inputs, "role")
    one = _unit(context, context.inputs.get("unit")) or [context.unit_key]
    parties = [*one, *_unit(context, context.inputs.get("other_unit"))]
    barred = {accused_of(context.variables)} | {
        username for username, unit_key, _ in context.people.memberships if unit_key in parties
    }
    above = _above(context, parties)
    heads = [[head] for unit_key in above if (head := context.people.units[unit_key].head)]
    for names in [*(context.people.holders_in(role, unit_key) for unit_key in above), *heads]:
        users = [name for name in names if name not in barred and context.people.is_active(name)]
        if users:
            return {"users": users, "roles": ""}
    return {"users": [], "roles": role}


def _unit(context: HandlerContext, unit_key: object) -> list[str]:
    return [unit_key] if isinstance(unit_key, str) and unit_key in context.people.units else []


def _above(context: HandlerContext, parties: list[str]) -> list[str]:
    """Units that lie above every party, the lowest first."""
    chains = [[unit.unit_key for unit in context.people.upwards(party)][1:] for party in parties]
    return [key for key in chains[0] if all(key in chain for chain in chains[1:])]
