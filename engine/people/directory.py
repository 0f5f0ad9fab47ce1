"""One organisation's units and people as an immutable snapshot; kept in memory until its version grows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import Membership, Person, Unit
from engine.model.text_order import by_code_point
from engine.people.actor import Actor, Held


@dataclass(frozen=True)
class UnitInfo:
    unit_key: str
    parent_key: str | None
    path: str
    name: Mapping[str, str]
    head: str | None


@dataclass(frozen=True)
class PersonInfo:
    username: str
    name: Mapping[str, str]
    email: str | None
    locale: str
    is_active: bool

    def shown(self, locale: str) -> str:
        return self.name.get("zh" if locale.startswith("zh") else "en") or self.username


@dataclass(frozen=True)
class Directory:
    organisation_key: str
    units: Mapping[str, UnitInfo]
    people: Mapping[str, PersonInfo]
    memberships: tuple[tuple[str, str, str], ...]  # (username, unit key, role key)

    @cached_property
    def _by_role(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], list[str]] = {}
        for username, unit_key, role_key in self.memberships:
            if username in self.people and self.people[username].is_active:
                found.setdefault((role_key, unit_key), []).append(username)
        return {key: tuple(names) for key, names in found.items()}

    @cached_property
    def _by_person(self) -> Mapping[str, tuple[Held, ...]]:
        found: dict[str, list[Held]] = {}
        for username, unit_key, role_key in self.memberships:
            if unit_key in self.units:
                found.setdefault(username, []).append(Held(unit_key, self.units[unit_key].path, role_key))
        return {username: tuple(held) for username, held in found.items()}

    def holders_in(self, role_key: str, unit_key: str) -> tuple[str, ...]:
        """Active people who hold the role in exactly this unit."""
        return self._by_role.get((role_key, unit_key), ())

    def is_active(self, username: str | None) -> bool:
        """Whether somebody of this organisation bears the name and has not left."""
        person = self.people.get(username or "")
        return person is not None and person.is_active

    def held_by(self, username: str) -> tuple[Held, ...]:
        return self._by_person.get(username, ())

    def upwards(self, unit_key: str) -> Iterator[UnitInfo]:
        """The unit and its ancestors, nearest first; each once, should rows ever lead in a circle."""
        seen: set[str] = set()
        unit = self.units.get(unit_key)
        while unit is not None and unit.unit_key not in seen:
            seen.add(unit.unit_key)
            yield unit
            unit = self.units.get(unit.parent_key) if unit.parent_key else None

    @cached_property
    def root_key(self) -> str:
        # The root unit bears the key of its organisation.
        return next(
            (key for key, unit in self.units.items() if unit.parent_key is None), self.organisation_key
        )

    def units_holding(self, role_key: str) -> list[UnitInfo]:
        """Units with a holder of the role, in the order of their paths."""
        found = [self.units[unit] for role, unit in self._by_role if role == role_key and unit in self.units]
        return sorted(found, key=lambda unit: unit.path)

    def actor(self, username: str) -> Actor | None:
        person = self.people.get(username)
        if person is None or not person.is_active:
            return None
        return Actor(
            username,
            self.organisation_key,
            person.shown(person.locale),
            person.locale,
            self.held_by(username),
        )

    def shown(self, username: str | None, locale: str) -> str:
        if username is None:
            return ""
        person = self.people.get(username)
        return person.shown(locale) if person else username


def load_directory(session: Session, organisation_key: str) -> Directory:
    units = {
        row.unit_key: UnitInfo(row.unit_key, row.parent_key, row.path, row.name, row.head)
        for row in session.execute(
            select(Unit.unit_key, Unit.parent_key, Unit.path, Unit.name, Unit.head).where(
                Unit.organisation_key == organisation_key
            )
        )
    }
    people = {
        row.username: PersonInfo(row.username, row.name, row.email, row.locale, row.is_active)
        for row in session.execute(
            select(Person.username, Person.name, Person.email, Person.locale, Person.is_active)
            .where(Person.organisation_key == organisation_key)
            .order_by(by_code_point(Person.username))
        )
    }
    memberships = tuple(
        (row.username, row.unit_key, row.role_key)
        for row in session.execute(
            select(Membership.username, Membership.unit_key, Membership.role_key)
            .join(Unit, Unit.unit_key == Membership.unit_key)
            .where(Unit.organisation_key == organisation_key)
            .order_by(*map(by_code_point, (Membership.username, Membership.unit_key, Membership.role_key)))
        )
    )
    return Directory(organisation_key, units, people, memberships)
