"""Who may hold a task. The person complained about never may, by any path (COI-1)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.people.directory import Directory

# Roles of the register that are outside the organisation: they may be told things but hold no task.
OUTSIDE = frozenset({"customer", "authority", "merchant", "dealer", "key_customer", "supplier"})
EVERYONE = "employee"


# (en, zh) for the person complained about, whatever was tried.
RECUSED = (
    "The person complained about may not take part in the case (COI-1).",
    "被投诉人不得参与本事项（回避规则 COI-1）。",
)


@dataclass(frozen=True)
class CandidateSpec:
    """By name (`username`), or by holding `role_key` in `unit_key`; the others are empty texts."""

    role_key: str = ""
    unit_key: str = ""
    username: str = ""


def holders(
    directory: Directory, role_key: str, unit_key: str, excluded: Collection[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """The unit where the role is found and who holds it there: the case's unit, then upwards.

    When no unit on the way up has a holder, the first one anywhere in the organisation is taken (a role such as
    customer_service may sit in a department beside the line). ("", ()) when nobody holds it.
    """
    if role_key in OUTSIDE:
        return "", ()
    if role_key == EVERYONE:
        everyone = tuple(
            name for name, person in directory.people.items() if person.is_active and name not in excluded
        )
        return directory.root_key, everyone
    places = [unit.unit_key for unit in directory.upwards(unit_key)]
    places += [unit.unit_key for unit in directory.units_holding(role_key) if unit.unit_key not in places]
    for place in places:
        names = tuple(name for name in directory.holders_in(role_key, place) if name not in excluded)
        if names:
            return place, names
    return "", ()


def find_candidates(
    directory: Directory,
    *,
    role_keys: Sequence[str],
    usernames: Sequence[str],
    unit_key: str,
    excluded: Collection[str],
    escalates_to: Mapping[str, str | None] | None = None,
) -> list[CandidateSpec]:
    """One spec a role that somebody holds, and one a name. Empty: nobody can hold the task.

    Where a role's only holder is excluded, the next unit upwards steps in, then whoever the role escalates to. Where
    still nobody is found, the head of the nearest unit, so that no matter is left without anyone.
    """
    found = []
    for role in role_keys:
        place, names = holders(directory, role, unit_key, excluded)
        if names:
            found.append(CandidateSpec(role_key=role, unit_key=place))
    for name in usernames:
        if directory.is_active(name) and name not in excluded:
            found.append(CandidateSpec(username=name))
    if not found and (role_keys or usernames):
        barred = [role for role in role_keys if holders(directory, role, unit_key)[1]]
        for role in (above for key in barred for above in _above(key, escalates_to or {})):
            place, names = holders(directory, role, unit_key, excluded)
            if names:
                return [CandidateSpec(role_key=role, unit_key=place)]
        for unit in directory.upwards(unit_key):
            if unit.head and directory.is_active(unit.head) and unit.head not in excluded:
                return [CandidateSpec(username=unit.head)]
    return found


def _above(role_key: str, escalates_to: Mapping[str, str | None]) -> Iterator[str]:
    """The roles that a role escalates to, rung by rung; "^role" is the same role further up, looked for already."""
    seen = {role_key}
    role = escalates_to.get(role_key)
    while role is not None and role.removeprefix("^") not in seen:
        seen.add(role)
        yield role
        role = escalates_to.get(role)


def refusal(
    directory: Directory, username: str, candidates: Collection[CandidateSpec], excluded: Collection[str]
) -> tuple[str, str] | None:
    """Why this person may not hold a task, as (en, zh); None when the person may."""
    if username in excluded:
        return RECUSED
    if not directory.is_active(username):
        return (
            f"Expected a candidate of this task, but {username} does not work here.",
            f"“{username}”不是本机构的在职人员，不在该待办的候选人之内。",
        )
    held = {(one.role_key, one.unit_key) for one in directory.held_by(username)}
    for candidate in candidates:
        if candidate.username == username or (candidate.role_key, candidate.unit_key) in held:
            return None
        if candidate.role_key == EVERYONE:
            return None
    return (
        "Expected a candidate of this task, but the person holds none of its roles.",
        "此人不在该待办的候选人之内。",
    )
