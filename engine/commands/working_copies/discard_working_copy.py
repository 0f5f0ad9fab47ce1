"""Gives a working copy up. Its files are kept as the record, and another copy can be opened."""

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.drafts import required_reason
from engine.commands.tried_again import tried_again
from engine.commands.working_copies.copies import hold_copy
from engine.people import Actor, require


@tried_again
def discard_working_copy(engine: Engine, actor: Actor, *, copy_key: str, reason: str) -> None:
    """Raises Forbidden, NotFound, InvalidInput; Conflict for one that is closed already."""
    require(actor, "release.draft")
    reason, now = required_reason(reason), engine.clock.now()
    with engine.store.transaction() as session:
        copy = hold_copy(session, copy_key)
        copy.state, copy.open_family = "discarded", None
        copy.closed_at, copy.closed_by, copy.close_reason = now, actor.username, reason
        append_administration(
            session,
            AuditEntry(
                now,
                actor.username,
                "working_copy.discarded",
                copy.family,
                {"reason": reason, "copy": copy_key},
            ),
        )
