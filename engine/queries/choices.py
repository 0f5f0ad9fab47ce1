"""People and units to choose from, in the reader's language."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from engine.model import Organisation, Unit
from engine.model.text_order import by_code_point
from engine.people import Actor, Directory
from engine.queries.source import Source


@dataclass(frozen=True)
class OrganisationChoice:
    organisation_key: str
    name: str
    profiles: dict[str, str]


def people_choices(
    directory: Directory, locale: str, excluded: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Active people as (username, name · unit)."""
    found = []
    for username, person in directory.people.items():
        if not person.is_active or username in excluded:
            continue
        held = directory.held_by(username)
        unit = directory.units.get(held[0].unit_key) if held else None
        place = unit.name.get(locale) if unit else None
        found.append((username, f"{person.shown(locale)} · {place}" if place else person.shown(locale)))
    return sorted(found, key=lambda one: one[1])


def unit_choices(directory: Directory, locale: str) -> list[tuple[str, str]]:
    """Units in the order of the tree; deeper ones are moved in."""
    units = sorted(directory.units.values(), key=lambda unit: unit.path)
    return [
        (unit.unit_key, "　" * (unit.path.count("/") - 2) + (unit.name.get(locale) or unit.unit_key))
        for unit in units
    ]


def load_people(source: Source, organisation_key: str) -> Directory:
    with source.store.reading() as session:
        return source.directories.get(session, organisation_key)


def organisation_choices(source: Source, actor: Actor, locale: str) -> list[OrganisationChoice]:
    """The person's own organisation; for the administrator of the installation all that have units and profiles."""
    wanted = select(Organisation.organisation_key, Organisation.name, Organisation.profiles).where(
        Organisation.organisation_key.in_(select(Unit.organisation_key))
    )
    if actor.organisation_key is not None:
        wanted = wanted.where(Organisation.organisation_key == actor.organisation_key)
    with source.store.reading() as session:
        rows = session.execute(wanted.order_by(by_code_point(Organisation.organisation_key))).all()
    return [
        OrganisationChoice(row.organisation_key, row.name.get(locale) or row.organisation_key, row.profiles)
        for row in rows
    ]
