"""Begins to change a family: from what is live now. The owners of a family share its one open copy."""

from sqlalchemy import select

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.store_release import hold_numbers
from engine.commands.tried_again import tried_again
from engine.commands.working_copies.copies import live_release_of
from engine.model import WorkingCopy, new_key
from engine.people import Actor, require


@tried_again
def open_working_copy(engine: Engine, actor: Actor, *, family: str) -> str:
    """The key of the open copy, whoever opened it. Raises Forbidden, NotFound."""
    require(actor, "release.draft")
    now = engine.clock.now()
    with engine.store.transaction() as session:
        hold_numbers(session)  # Two who begin at once would both find none.
        found = session.execute(
            select(WorkingCopy.copy_key).where(WorkingCopy.open_family == family)
        ).scalar_one_or_none()
        if found is not None:
            return found
        base = live_release_of(session, family, now)
        copy = WorkingCopy(
            copy_key=new_key(),
            family=family,
            open_family=family,
            base_release_key=base,
            state="open",
            opened_at=now,
            opened_by=actor.username,
            editors=[],
        )
        session.add(copy)
        append_administration(
            session,
            AuditEntry(now, actor.username, "working_copy.opened", family, {"base": base}),
        )
        return copy.copy_key
