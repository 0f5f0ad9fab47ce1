"""Tokens as a person sees them again: everything but the secret."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.model import ApiToken
from engine.model.text_order import by_code_point
from engine.people import ACTS, Actor, require
from engine.people.permissions import ALL, roles_for
from engine.queries.source import Source


@dataclass(frozen=True)
class Token:
    """`state`: usable | expired | revoked."""

    token_key: str
    name: str
    ending: str
    username: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    state: str


def sees_all_tokens(actor: Actor) -> bool:
    scopes = ACTS["token.change"]
    return actor.is_system or any(scopes[role] == ALL for role in roles_for(actor, "token.change"))


def find_tokens(source: Source, actor: Actor, *, of_everybody: bool = False) -> list[Token]:
    """One's own, newest first; of everybody for the administrator. Raises Forbidden."""
    require(actor, "token.change")
    now = source.clock.now()
    statement = select(ApiToken.__table__).order_by(
        ApiToken.created_at.desc(), by_code_point(ApiToken.token_key)
    )
    if not (of_everybody and sees_all_tokens(actor)):
        statement = statement.where(ApiToken.username == actor.username)
    with source.store.reading() as session:
        rows = session.execute(statement).all()
    return [
        Token(
            row.token_key, row.name, row.ending, row.username, tuple(row.scopes), row.created_at, row.created_by,
            row.expires_at, row.last_used_at, row.revoked_at, row.revoked_by,
            _state(row.revoked_at, row.expires_at, now),
        )
        for row in rows
    ]  # fmt: skip


def _state(revoked_at: datetime | None, expires_at: datetime | None, now: datetime) -> str:
    if revoked_at is not None:
        return "revoked"
    return "expired" if expires_at is not None and expires_at <= now else "usable"
