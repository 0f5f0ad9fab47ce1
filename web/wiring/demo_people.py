"""The organisations of the demo, their units and people."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from engine.commands.engine import Engine
from engine.commands.people.people_commands import (
    add_organisation,
    add_person,
    add_unit,
    grant_role,
    set_head,
)
from engine.model import Organisation, Person, Unit
from engine.people import SYSTEM


def make_organisation(engine: Engine, one: Mapping[str, Any], password_hash: str) -> int:
    """Makes what is missing of one organisation. How many people were added.

    A family of procedures that the organisation does not name is none of its business: switched off.
    """
    with engine.store.reading() as session:
        known = {
            *session.execute(select(Organisation.organisation_key)).scalars(),
            *session.execute(select(Unit.unit_key)).scalars(),
        }
        off: dict[str, Any] = {release.family: [] for release in engine.releases.newest_of_families(session)}
        known_people = set(session.execute(select(Person.username)).scalars())
    if one["key"] not in known:
        add_organisation(
            engine,
            SYSTEM,
            key=one["key"],
            name=one["name"],
            calendar=one["calendar"],
            profiles=off | one["profiles"],
        )
    for unit in one["unit"]:
        if unit["key"] not in known:
            add_unit(
                engine,
                SYSTEM,
                organisation_key=one["key"],
                unit_key=unit["key"],
                parent_key=unit["parent"],
                name=unit["name"],
            )
    fresh = [person for person in one["person"] if person["username"] not in known_people]
    for person in fresh:
        add_person(
            engine,
            SYSTEM,
            username=person["username"],
            organisation_key=one["key"],
            name=person["name"],
            email=f"{person['username']}@example.com",
            locale=person.get("locale", "zh"),
        )
    # Everybody has the same printed password: one hash for all, since making one is slow on purpose.
    with engine.store.transaction() as session:
        newcomers = (Person.organisation_key == one["key"], Person.password_hash.is_(None))
        session.execute(update(Person).where(*newcomers).values(password_hash=password_hash))
    for person in one["person"]:
        for unit_key, role_key in person["roles"]:
            grant_role(engine, SYSTEM, username=person["username"], unit_key=unit_key, role_key=role_key)
    for unit_key, head in ((one["key"], one["head"]), *((unit["key"], unit["head"]) for unit in one["unit"])):
        set_head(engine, SYSTEM, unit_key=unit_key, username=head)
    return len(fresh)
