"""The procedure families that are live, as the process owner's first page lists them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from engine.model import ProcessDefinition, Release, ReleaseFile, ReleasePointer
from engine.model.release_pointer import is_past
from engine.people import Actor, require
from engine.queries.source import Source


@dataclass(frozen=True)
class LiveFamily:
    """`readme`: the file of that name, empty without one. `processes`: how many can run."""

    family: str
    number: int
    release_key: str
    readme: bytes
    processes: int


def list_families(source: Source, actor: Actor) -> list[LiveFamily]:
    """In the order of their keys. Raises Forbidden."""
    require(actor, "release.read")
    with source.store.reading() as session:
        pointers = session.execute(
            select(ReleasePointer.family, ReleasePointer.release_key)
            .where(*is_past(source.clock.now()))
            .order_by(ReleasePointer.live_from, ReleasePointer.sequence)
        )
        live: Mapping[str, str] = {row.family: row.release_key for row in pointers}
        rows = session.execute(
            select(Release.family, Release.number, Release.release_key, ReleaseFile.content)
            .outerjoin(
                ReleaseFile,
                (ReleaseFile.release_key == Release.release_key) & (ReleaseFile.path == "README.md"),
            )
            .where(Release.release_key.in_(live.values()))
        ).all()
        counted = session.execute(
            select(ProcessDefinition.release_key, func.count())
            .where(ProcessDefinition.release_key.in_(live.values()))
            .group_by(ProcessDefinition.release_key)
        )
        processes = {row.release_key: row[1] for row in counted}
    return sorted(
        (
            LiveFamily(
                row.family, row.number, row.release_key, row.content or b"", processes.get(row.release_key, 0)
            )
            for row in rows
        ),
        key=lambda one: one.family,
    )
