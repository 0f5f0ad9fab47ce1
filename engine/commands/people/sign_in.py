"""Who is at the door: checks a name and a password, and loads what the person may do."""

import math

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.people.sign_in_tries import TooManyTries, counters_of, note_failure, shut_until
from engine.model import Forbidden, Membership, Person, Unit
from engine.model.text_order import by_code_point
from engine.people import Actor, Held


def sign_in(
    engine: Engine, username: str, password: str, *, address: str | None = None, is_audited: bool = True
) -> Actor:
    """Raises Forbidden, with the same words for an unknown name, a wrong password and a person who has left.

    Raises TooManyTries after too many of these by that name, or from that network address. `is_audited` is false for
    the API, where each call carries the password; a refusal is recorded even so.
    """
    username = name_at_the_door(username)
    now = engine.clock.now()
    counters = counters_of(username, address)
    is_known = (Person.username == username) & Person.is_active.is_(True)
    stored_hash = select(Person.password_hash).where(is_known).scalar_subquery()
    with engine.store.reading() as session:
        stored, shut = session.execute(select(stored_hash, shut_until(counters, now))).one()
    if shut is not None:
        raise TooManyTries(math.ceil((shut - now).total_seconds()))
    is_right = engine.passwords.is_right(username, password, stored, now)
    actor = load_actor(engine, username) if is_right else None
    if is_audited or actor is None:
        with engine.store.transaction() as session:
            act = "person.signed_in" if actor else "person.refused"
            append_administration(session, AuditEntry(engine.clock.now(), username, act, username))
            if actor is None:
                note_failure(session, counters, now)
    if actor is None:
        raise Forbidden("The name or the password is wrong.", "用户名或密码不对。")
    return actor


def name_at_the_door(given: str) -> str:
    """What no keyboard types is no name; PostgreSQL would not even look for it.

    Whoever counts tries by name must count by this one, else each unseen character opens a new count.
    """
    return "".join(one for one in given if one.isprintable()).strip()[:64]


def load_actor(engine: Engine, username: str) -> Actor | None:
    """The person with all roles held now; None for somebody unknown or inactive."""
    with engine.store.reading() as session:
        return _actor(session, username)


def _actor(session: Session, username: str) -> Actor | None:
    person = session.execute(
        select(Person.organisation_key, Person.name, Person.locale).where(
            Person.username == username, Person.is_active.is_(True)
        )
    ).one_or_none()
    if person is None:
        return None
    held = session.execute(
        select(Membership.unit_key, Unit.path, Membership.role_key)
        .join(Unit, Unit.unit_key == Membership.unit_key)
        .where(Membership.username == username)
        .order_by(by_code_point(Membership.unit_key), by_code_point(Membership.role_key))
    )
    language = "zh" if person.locale.startswith("zh") else "en"
    return Actor(
        username,
        person.organisation_key,
        person.name.get(language) or username,
        person.locale,
        tuple(Held(row.unit_key, row.path, row.role_key) for row in held),
    )
