"""Who may see a case, by the reason why."""

from collections.abc import Collection

from engine.people import is_allowed
from engine.people.permissions import roles_of
from engine.queries.case_header import CaseHeader

PART, SUPERVISION, OFFICE = "part", "supervision", "office"


def find_readers(header: CaseHeader, participants: Collection[str], locale: str) -> dict[str, list[str]]:
    """Names of people who take part, who supervise the unit, and whose office reaches all cases."""
    found: dict[str, list[str]] = {PART: [], SUPERVISION: [], OFFICE: []}
    unit = header.directory.units.get(header.row.unit_key)
    for username, person in header.directory.people.items():
        actor = header.directory.actor(username)
        if actor is None or username in header.excluded:
            continue
        if username in participants:
            found[PART].append(person.shown(locale))
        elif is_allowed(
            actor,
            "case.read",
            organisation_key=header.row.organisation_key,
            unit_path=unit.path if unit else None,
        ):
            reason = SUPERVISION if "supervisor" in roles_of(actor) else OFFICE
            found[reason].append(person.shown(locale))
    return found
