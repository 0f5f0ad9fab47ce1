"""The person behind a name at the door: roles of this moment, and the stored password to check against."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import NEWEST_CHANGE, Membership, Organisation, Person, Unit
from engine.model.text_order import by_code_point
from engine.people import Actor, Held
from engine.queries.source import Source


@dataclass(frozen=True)
class KnownPerson:
    actor: Actor
    names: Mapping[str, str]  # by language
    password_hash: str | None
    calendar: str  # name of the calendar whose zone the person reads moments in


def find_known_person(source: Source, username: str) -> KnownPerson | None:
    """None for a name that does not exist or is not active. One statement while the directory is fresh."""
    with source.store.reading() as session:
        row = session.execute(
            select(
                Person.organisation_key,
                Person.password_hash,
                Person.name,
                Person.locale,
                Organisation.directory_version,
                Organisation.calendar,
                NEWEST_CHANGE.label("calendar_change"),
            )
            .outerjoin(Organisation, Organisation.organisation_key == Person.organisation_key)
            .where(Person.username == username, Person.is_active)
        ).one_or_none()
        if row is None:
            return None
        # What the pages of this request count by.
        source.calendars.look(session, row.calendar_change)
        if row.directory_version is None:
            admin = _of_installation(session, username, row.name, row.locale)
            return KnownPerson(admin, row.name, row.password_hash, "cn")
        directory = source.directories.get(session, row.organisation_key, row.directory_version)
    actor = directory.actor(username)
    return None if actor is None else KnownPerson(actor, row.name, row.password_hash, row.calendar)


def _of_installation(session: Session, username: str, name: dict[str, str], locale: str) -> Actor:
    """The administrator of the installation belongs to no organisation."""
    held = session.execute(
        select(Unit.unit_key, Unit.path, Membership.role_key)
        .join(Unit, Unit.unit_key == Membership.unit_key)
        .where(Membership.username == username)
        .order_by(by_code_point(Unit.path), by_code_point(Membership.role_key))
    )
    shown = name.get("zh" if locale.startswith("zh") else "en") or username
    return Actor(username, None, shown, locale, tuple(Held(*row) for row in held))
