"""What a person does with notices: reads them."""

from collections.abc import Sequence

from sqlalchemy import update

from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import Notice
from engine.people import Actor


@tried_again
def mark_read(engine: Engine, actor: Actor, notice_keys: Sequence[str] | None = None) -> int:
    """Marks one's own notices, or all of them, as read; returns how many were not before."""
    wanted = update(Notice).where(Notice.recipient == actor.username, Notice.read_at.is_(None))
    if notice_keys is not None:
        wanted = wanted.where(Notice.notice_key.in_(notice_keys))
    with engine.store.transaction() as session:
        done = session.execute(wanted.values(read_at=engine.clock.now()))
        return int(done.rowcount)  # type: ignore[attr-defined]
