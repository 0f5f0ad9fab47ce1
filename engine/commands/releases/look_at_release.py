"""A person says that they have looked at all that differs in a version: a line of its checklist."""

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.drafts import find_draft
from engine.commands.tried_again import tried_again
from engine.model import ReleaseLook
from engine.people import Actor, require


@tried_again
def look_at_release(engine: Engine, actor: Actor, *, family: str, number: int, against: int) -> None:
    """`against`: the number that it was compared with; the last look of a person counts. Raises Forbidden, NotFound;
    WrongState for a release that was deployed at once."""
    require(actor, "release.review")
    now = engine.clock.now()
    with engine.store.transaction() as session:
        draft = find_draft(session, family, number)
        session.merge(
            ReleaseLook(
                release_key=draft.release_key, username=actor.username, against=against, looked_at=now
            )
        )
        append_administration(
            session,
            AuditEntry(now, actor.username, "release.looked_at", f"{family} {number}", {"against": against}),
        )
