"""A person signs out: the session is over on the server too, whoever else has a copy of its cookie."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, insert, select

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import EndedSession
from engine.people import Actor


@tried_again
def sign_out(engine: Engine, actor: Actor, *, session_key: str, expires_at: datetime) -> None:
    """Twice is once. `expires_at`: when the session would have ended by itself."""
    now = engine.clock.now()
    with engine.store.transaction() as session:
        session.execute(delete(EndedSession).where(EndedSession.expires_at <= now))
        digest = session_digest(session_key)
        if session.get(EndedSession, digest) is not None:
            return
        session.execute(insert(EndedSession).values(session_digest=digest, expires_at=expires_at))
        entry = AuditEntry(now, actor.username, "person.signed_out", actor.username)
        append_administration(session, entry)


def is_session_ended(engine: Engine, session_key: str) -> bool:
    with engine.store.reading() as session:
        digest = EndedSession.session_digest
        found = select(digest).where(digest == session_digest(session_key))
        return session.execute(found).first() is not None


def session_digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()
