"""A program is at the door: looks its token up, and loads what its owner may do now, less what the token leaves out."""

import hmac
import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.people.sign_in import load_actor
from engine.commands.people.sign_in_tries import (
    TooManyTries,
    counters_of_address,
    note_failure,
    shut_until,
)
from engine.commands.people.tokens import digest_of
from engine.model import ApiToken, Forbidden
from engine.people import Actor
from engine.people.scopes import acts_of

NOBODY = "unknown"
USED_EVERY = timedelta(minutes=1)  # the moment of last use is written at most this often


def sign_in_by_token(engine: Engine, secret: str, *, address: str | None = None) -> Actor:
    """Raises Forbidden, with the same words whether it is unknown, over, revoked, or of a person who has left.

    Raises TooManyTries after too many of these from that network address: a token has no name to count by.
    """
    now = engine.clock.now()
    digest, counters = digest_of(secret), counters_of_address(address)
    with engine.store.reading() as session:
        row = session.execute(select(ApiToken.__table__).where(ApiToken.digest == digest)).one_or_none()
        shut = session.execute(select(shut_until(counters, now))).scalar_one() if counters else None
    if shut is not None:
        raise TooManyTries(math.ceil((shut - now).total_seconds()))
    actor = load_actor(engine, row.username) if row is not None and _holds(row, digest, now) else None
    if row is None or actor is None:
        who, subject = (NOBODY, NOBODY) if row is None else (row.username, row.token_key)
        with engine.store.transaction() as session:
            append_administration(session, AuditEntry(now, who, "token.refused", subject))
            note_failure(session, counters, now)
        raise Forbidden(
            "The token is unknown, no longer valid, or revoked.", "访问令牌不存在、已过期或已撤销。"
        )
    _note_use(engine, row, now)
    return replace(actor, acts=acts_of(row.scopes))


def _holds(row: Any, digest: str, now: datetime) -> bool:
    is_over = row.expires_at is not None and row.expires_at <= now
    return hmac.compare_digest(row.digest, digest) and row.revoked_at is None and not is_over


def _note_use(engine: Engine, row: Any, now: datetime) -> None:
    if row.last_used_at is not None and now - row.last_used_at < USED_EVERY:
        return
    is_older = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < now)
    with engine.store.transaction() as session:
        session.execute(
            update(ApiToken).where(ApiToken.token_key == row.token_key, is_older).values(last_used_at=now)
        )
