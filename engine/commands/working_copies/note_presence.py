"""Remembers who has which file on the screen, so that two owners see each other."""

from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import WorkingPresence
from engine.people import Actor, require


@tried_again
def note_presence(engine: Engine, actor: Actor, *, copy_key: str, path: str) -> None:
    """Raises Forbidden."""
    require(actor, "release.draft")
    with engine.store.transaction() as session:
        session.merge(
            WorkingPresence(copy_key=copy_key, username=actor.username, path=path, seen_at=engine.clock.now())
        )
