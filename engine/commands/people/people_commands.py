"""Organisations, units, people and the roles they hold. Each change is audited and seen by the next command."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import Conflict, InvalidInput, Membership, NotFound, Organisation, Person, Unit
from engine.people import SYSTEM_ROLES, Actor, hash_password, require

SHORTEST_PASSWORD = 8
_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
Names = Mapping[str, str]  # {"zh": …, "en": …}


@tried_again
def add_organisation(
    engine: Engine,
    actor: Actor,
    *,
    key: str,
    name: Names,
    calendar: str = "cn",
    profiles: Mapping[str, str | list[str]] | None = None,
) -> None:
    """A new organisation with its root unit of the same key. Raises Conflict, InvalidInput, Forbidden."""
    require(actor, "people.change")
    _check_key(key)
    engine.calendars.get(calendar)  # raises for a calendar that does not exist
    with engine.store.transaction() as session:
        if session.get(Organisation, key) is not None:
            raise Conflict(f"Expected a new organisation, but {key} exists.", f"机构“{key}”已存在。")
        session.execute(
            insert(Organisation).values(
                organisation_key=key, name=dict(name), profiles=dict(profiles or {}), calendar=calendar, settings={},
                directory_version=1,
            )
        )  # fmt: skip
        session.execute(
            insert(Unit).values(
                unit_key=key,
                organisation_key=key,
                parent_key=None,
                path=f"/{key}/",
                name=dict(name),
                head=None,
            )
        )
        _note(engine, session, actor, "organisation.added", key, {"name": dict(name), "calendar": calendar})


@tried_again
def add_unit(
    engine: Engine,
    actor: Actor,
    *,
    organisation_key: str,
    unit_key: str,
    parent_key: str | None = None,
    name: Names,
    head: str | None = None,
) -> None:
    """A unit below `parent_key`, or below the organisation's root."""
    require(actor, "people.change", organisation_key=organisation_key)
    _check_key(unit_key)
    with engine.store.transaction() as session:
        parent = session.get(Unit, parent_key or organisation_key)
        if parent is None or parent.organisation_key != organisation_key:
            raise NotFound("unit", parent_key or organisation_key, "单位")
        if session.get(Unit, unit_key) is not None:
            raise Conflict(f"Expected a new unit, but {unit_key} exists.", f"单位“{unit_key}”已存在。")
        if head is not None:
            _require_of(session, head, organisation_key)
        session.execute(
            insert(Unit).values(
                unit_key=unit_key,
                organisation_key=organisation_key,
                parent_key=parent.unit_key,
                path=f"{parent.path}{unit_key}/",
                name=dict(name),
                head=head,
            )
        )
        _changed(session, organisation_key)
        _note(engine, session, actor, "unit.added", unit_key, {"name": dict(name), "head": head})


@tried_again
def set_head(engine: Engine, actor: Actor, *, unit_key: str, username: str | None) -> None:
    with engine.store.transaction() as session:
        unit = _unit(session, unit_key)
        require(actor, "people.change", organisation_key=unit.organisation_key)
        if username is not None:
            _require_of(session, username, unit.organisation_key)
        session.execute(update(Unit).where(Unit.unit_key == unit_key).values(head=username))
        _changed(session, unit.organisation_key)
        _note(engine, session, actor, "unit.head", unit_key, {"head": username})


@tried_again
def add_person(
    engine: Engine,
    actor: Actor,
    *,
    username: str,
    organisation_key: str | None,
    name: Names,
    email: str | None = None,
    locale: str = "zh",
    password: str | None = None,
) -> None:
    """A person without roles. Without a password nobody can sign in by that name."""
    require(actor, "people.change", organisation_key=organisation_key)
    _check_key(username)
    if username in ("system", "customer"):
        raise InvalidInput(f"{username!r} is kept for the engine.", f"“{username}”为系统保留。")
    hashed = None if password is None else _hashed(password)
    with engine.store.transaction() as session:
        if session.get(Person, username) is not None:
            raise Conflict(f"Expected a new person, but {username} exists.", f"用户“{username}”已存在。")
        if organisation_key is not None and session.get(Organisation, organisation_key) is None:
            raise NotFound("organisation", organisation_key, "机构")
        session.execute(
            insert(Person).values(
                username=username,
                organisation_key=organisation_key,
                name=dict(name),
                email=email,
                locale=locale,
                password_hash=hashed,
                is_active=True,
                created_at=engine.clock.now(),
            )
        )
        _changed(session, organisation_key)
        _note(engine, session, actor, "person.added", username, {"organisation": organisation_key})


@tried_again
def grant_role(engine: Engine, actor: Actor, *, username: str, unit_key: str, role_key: str) -> None:
    """Idempotent. `role_key`: a system role (staff, supervisor, …) or a role of the register."""
    _check_role(engine, role_key)
    with engine.store.transaction() as session:
        unit = _unit(session, unit_key)
        require(actor, "people.change", organisation_key=unit.organisation_key)
        person = _person(session, username)
        if person.organisation_key not in (None, unit.organisation_key):
            raise InvalidInput(
                f"Expected a person of organisation {unit.organisation_key}, but {username} belongs to another.",
                f"“{username}”不属于这个机构。",
            )
        if session.get(Membership, (username, unit_key, role_key)) is None:
            session.execute(
                insert(Membership).values(username=username, unit_key=unit_key, role_key=role_key)
            )
            _changed(session, unit.organisation_key)
            _note(engine, session, actor, "role.granted", username, {"unit": unit_key, "role": role_key})


@tried_again
def revoke_role(engine: Engine, actor: Actor, *, username: str, unit_key: str, role_key: str) -> None:
    with engine.store.transaction() as session:
        unit = _unit(session, unit_key)
        require(actor, "people.change", organisation_key=unit.organisation_key)
        done = session.execute(
            delete(Membership).where(
                Membership.username == username,
                Membership.unit_key == unit_key,
                Membership.role_key == role_key,
            )
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound("role", f"{username} {role_key} {unit_key}", "角色")
        _changed(session, unit.organisation_key)
        _note(engine, session, actor, "role.revoked", username, {"unit": unit_key, "role": role_key})


@tried_again
def set_password(engine: Engine, actor: Actor, *, username: str, password: str) -> None:
    require(actor, "people.change")
    hashed = _hashed(password)  # slow on purpose, so outside of the transaction
    with engine.store.transaction() as session:
        person = _person(session, username)
        require(actor, "people.change", organisation_key=person.organisation_key)
        session.execute(update(Person).where(Person.username == username).values(password_hash=hashed))
        _note(engine, session, actor, "person.password", username, {})


@tried_again
def deactivate_person(engine: Engine, actor: Actor, *, username: str) -> None:
    """Nobody can sign in by that name any more; what the person did stays."""
    with engine.store.transaction() as session:
        person = _person(session, username)
        require(actor, "people.change", organisation_key=person.organisation_key)
        session.execute(update(Person).where(Person.username == username).values(is_active=False))
        _changed(session, person.organisation_key)
        _note(engine, session, actor, "person.deactivated", username, {})


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            f"Expected lower-case letters, digits, _ . or -, but found {key!r}.",
            f"“{key}”只能用小写字母、数字和 _ . -。",
        )


def _check_role(engine: Engine, role_key: str) -> None:
    known = engine.register.roles
    if role_key not in SYSTEM_ROLES and known and role_key not in known:
        raise NotFound("role", role_key, "角色")


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(
            f"Expected a password of at least {SHORTEST_PASSWORD} characters.",
            f"密码至少 {SHORTEST_PASSWORD} 个字符。",
        )
    return hash_password(password)


def _unit(session: Session, unit_key: str) -> Unit:
    found = session.get(Unit, unit_key)
    if found is None:
        raise NotFound("unit", unit_key, "单位")
    return found


def _person(session: Session, username: str) -> Person:
    found = session.get(Person, username)
    if found is None:
        raise NotFound("person", username, "人员")
    return found


def _require_of(session: Session, username: str, organisation_key: str) -> None:
    """The head of a unit is told of its cases: only somebody of the same organisation may be."""
    if _person(session, username).organisation_key != organisation_key:
        raise InvalidInput(
            f"Expected a person of organisation {organisation_key}, but {username} belongs to another.",
            f"“{username}”不属于这个机构。",
        )


def _changed(session: Session, organisation_key: str | None) -> None:
    """Cached directories of this organisation are stale from now on."""
    if organisation_key is not None:
        session.execute(
            update(Organisation)
            .where(Organisation.organisation_key == organisation_key)
            .values(directory_version=Organisation.directory_version + 1)
        )


def _note(
    engine: Engine, session: Session, actor: Actor, act: str, subject: str, payload: Mapping[str, Any]
) -> None:
    append_administration(
        session, AuditEntry(engine.clock.now(), actor.username, act, subject, dict(payload))
    )
