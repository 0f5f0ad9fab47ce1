"""One file as it is live, to show what a change of it differs in."""

from sqlalchemy import select

from engine.model import ReleaseFile
from engine.model.release_pointer import live_release
from engine.people import Actor, require
from engine.queries.source import Source


def find_live_file(source: Source, actor: Actor, family: str, path: str) -> bytes | None:
    """None when the live version has no such file. Raises Forbidden."""
    require(actor, "release.read")
    with source.store.reading() as session:
        release = live_release(family, source.clock.now()).scalar_subquery()
        found: bytes | None = session.execute(
            select(ReleaseFile.content).where(ReleaseFile.release_key == release, ReleaseFile.path == path)
        ).scalar_one_or_none()
    return found
