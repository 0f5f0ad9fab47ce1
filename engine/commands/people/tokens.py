"""Tokens are made, shown once, and taken back. Each stands for one person, and never gives more than that person has."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import ApiToken, InvalidInput, NotFound, Person, new_key
from engine.people import Actor, require
from engine.people.scopes import check_scopes

# What looks like one is found by programs that search published texts for secrets.
PREFIX = "huiyin_"
SHOWN_CHARACTERS = 4
LONGEST_NAME = 80


@dataclass(frozen=True)
class Issued:
    """`secret` is nowhere else, and cannot be shown again."""

    token_key: str
    secret: str


@tried_again
def issue_token(
    engine: Engine,
    actor: Actor,
    *,
    username: str,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
) -> Issued:
    """A token of `username`: one's own, or of anybody for who may change people. Raises InvalidInput, Forbidden."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InvalidInput(
            f"Expected a name of 1 to {LONGEST_NAME} characters, which says where the token is used.",
            f"请填写令牌名称（1 至 {LONGEST_NAME} 个字），说明用在哪里。",
        )
    words, now = check_scopes(scopes), engine.clock.now()
    if expires_at is not None and expires_at <= now:
        raise InvalidInput(
            "Expected a moment in the future as the end of the token.", "令牌的有效期必须在将来。"
        )
    issued = Issued(new_key(), PREFIX + secrets.token_urlsafe(32))
    with engine.store.transaction() as session:
        person = session.get(Person, username)
        if person is None or not person.is_active:
            raise NotFound("person", username, "人员")
        _require_over(actor, person)
        session.execute(
            insert(ApiToken).values(
                token_key=issued.token_key, digest=digest_of(issued.secret), ending=issued.secret[-SHOWN_CHARACTERS:],
                name=name, username=username, scopes=words, created_at=now, created_by=actor.username,
                expires_at=expires_at,
            )
        )  # fmt: skip
        until = None if expires_at is None else expires_at.isoformat()
        facts = {"username": username, "name": name, "scopes": words, "expires_at": until}
        _note(engine, session, actor, "token.issued", issued.token_key, facts)
    return issued


@tried_again
def revoke_token(engine: Engine, actor: Actor, *, token_key: str) -> None:
    """From the next request on it opens nothing. Twice is once. Raises NotFound, Forbidden."""
    with engine.store.transaction() as session:
        token = session.get(ApiToken, token_key)
        person = session.get(Person, token.username) if token is not None else None
        if token is None or person is None:
            raise NotFound("token", token_key, "访问令牌")
        _require_over(actor, person)
        if token.revoked_at is not None:
            return
        session.execute(
            update(ApiToken)
            .where(ApiToken.token_key == token_key)
            .values(revoked_at=engine.clock.now(), revoked_by=actor.username)
        )
        facts = {"username": token.username, "name": token.name}
        _note(engine, session, actor, "token.revoked", token_key, facts)


def digest_of(secret: str) -> str:
    """Enough for 256 random bits, which nobody can guess, unlike a password."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _require_over(actor: Actor, person: Person) -> None:
    """Raises Forbidden. A token cannot make tokens: no scope has these acts."""
    if person.username == actor.username:
        require(actor, "token.change", organisation_key=person.organisation_key, is_own=True)
    else:
        require(actor, "people.change", organisation_key=person.organisation_key)


def _note(
    engine: Engine, session: Session, actor: Actor, act: str, subject: str, facts: Mapping[str, Any]
) -> None:
    append_administration(session, AuditEntry(engine.clock.now(), actor.username, act, subject, dict(facts)))
