"""The open working copy of a family: since when, by whom, which files differ, and who is at them now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import Person, Release, ReleaseFile, WorkingCopy, WorkingFile, WorkingPresence
from engine.model.release_pointer import live_release
from engine.people import Actor, require
from engine.queries.source import Source

# A page says every ten seconds that it is open; who has missed three of them has left.
PRESENT_FOR = timedelta(seconds=35)


@dataclass(frozen=True)
class EditedFile:
    """`is_changed`: it differs from the base now. A file that was changed back keeps its revision."""

    path: str
    revision: int
    edited_by: str
    edited_at: datetime
    is_changed: bool
    is_removed: bool


@dataclass(frozen=True)
class Presence:
    username: str
    path: str
    seen_at: datetime


@dataclass(frozen=True)
class OpenCopy:
    """`is_behind`: another version went live since it was opened. `files` in the order of paths."""

    key: str
    family: str
    base_number: int
    is_behind: bool
    opened_by: str
    opened_at: datetime
    editors: tuple[str, ...]
    files: tuple[EditedFile, ...]
    present: tuple[Presence, ...]

    @property
    def changed(self) -> tuple[EditedFile, ...]:
        return tuple(one for one in self.files if one.is_changed)

    @property
    def last_edit(self) -> EditedFile | None:
        return max(self.files, key=lambda one: one.edited_at, default=None)

    def file(self, path: str) -> EditedFile | None:
        return next((one for one in self.files if one.path == path), None)


def find_working_copy(source: Source, actor: Actor, family: str) -> OpenCopy | None:
    """None when nobody changes the family now. Raises Forbidden."""
    require(actor, "release.read")
    now = source.clock.now()
    with source.store.reading() as session:
        copy = session.execute(
            select(WorkingCopy).where(WorkingCopy.open_family == family)
        ).scalar_one_or_none()
        if copy is None:
            return None
        present = session.execute(
            select(WorkingPresence)
            .where(WorkingPresence.copy_key == copy.copy_key, WorkingPresence.seen_at > now - PRESENT_FOR)
            .order_by(WorkingPresence.username)
        ).scalars()
        return OpenCopy(
            key=copy.copy_key,
            family=family,
            base_number=session.execute(
                select(Release.number).where(Release.release_key == copy.base_release_key)
            ).scalar_one(),
            is_behind=session.execute(live_release(family, now)).scalar_one() != copy.base_release_key,
            opened_by=copy.opened_by,
            opened_at=copy.opened_at,
            editors=tuple(copy.editors),
            files=tuple(_edited(session, copy)),
            present=tuple(Presence(one.username, one.path, one.seen_at) for one in present),
        )


def find_open_copies(source: Source, actor: Actor) -> Mapping[str, tuple[str, datetime]]:
    """By family, who opened its working copy and when. Raises Forbidden."""
    require(actor, "release.read")
    with source.store.reading() as session:
        rows = session.execute(
            select(WorkingCopy.family, WorkingCopy.opened_by, WorkingCopy.opened_at).where(
                WorkingCopy.open_family.is_not(None)
            )
        )
        return {row.family: (row.opened_by, row.opened_at) for row in rows}


def _edited(session: Session, copy: WorkingCopy) -> Iterable[EditedFile]:
    rows = session.execute(
        select(WorkingFile, ReleaseFile.content)
        .outerjoin(
            ReleaseFile,
            (ReleaseFile.release_key == copy.base_release_key) & (ReleaseFile.path == WorkingFile.path),
        )
        .where(WorkingFile.copy_key == copy.copy_key)
        .order_by(WorkingFile.path)
    )
    for file, base in rows:
        yield EditedFile(
            file.path,
            file.revision,
            file.edited_by,
            file.edited_at,
            is_changed=file.content != base,
            is_removed=file.content is None,
        )


def names_of_people(source: Source, usernames: Iterable[str], locale: str) -> Mapping[str, str]:
    """Names in the reader's language, of any organisation: owners of a family may come from several."""
    wanted = sorted(set(usernames))
    with source.store.reading() as session:
        rows = session.execute(select(Person.username, Person.name).where(Person.username.in_(wanted)))
        found = {row.username: row.name.get(locale) or row.username for row in rows}
    return {one: found.get(one, one) for one in wanted}
