"""What staff are told of changes: all of them, and those that one person has not put aside yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.model import Organisation, Release, ReleaseFile, ReleaseNote, ReleaseNoteSeen, ReleasePointer
from engine.model.release_pointer import is_past
from engine.people import Actor, require
from engine.profiles import chosen_profiles
from engine.queries.source import Source

NEW_FOR = timedelta(days=30)  # After that a change is no news; it stays on the page of all changes.
MOST = 200


@dataclass(frozen=True)
class Told:
    """One change. `readme` is that of the version, whose first line names the family."""

    family: str
    sequence: int
    number: int
    act: str  # released | rolled_back
    live_from: datetime
    words: Mapping[str, str]
    written_by: str
    readme: bytes

    def says(self, locale: str) -> str:
        return self.words.get(locale) or self.words["zh"]


def find_told(source: Source, actor: Actor) -> list[Told]:
    """Changes that count by now, the newest first, of families that the person's organisation uses. Raises Forbidden."""
    require(actor, "release.read")
    with source.store.reading() as session:
        return _told(session, actor, _query(source.clock.now()))


def find_untold(source: Source, actor: Actor) -> list[Told]:
    """Of each family the change that counts now, unless it is old or the person has put it aside."""
    require(actor, "release.read")
    now = source.clock.now()
    with source.store.reading() as session:
        found = _told(session, actor, _query(now).where(ReleasePointer.live_from > now - NEW_FOR))
        if not found:
            return []
        current = {
            row.family: row.sequence  # the later ones overwrite those before
            for row in session.execute(
                select(ReleasePointer.family, ReleasePointer.sequence)
                .where(*is_past(now), ReleasePointer.family.in_({one.family for one in found}))
                .order_by(ReleasePointer.live_from, ReleasePointer.sequence)
            )
        }
        seen = {
            (row.family, row.sequence)
            for row in session.execute(
                select(ReleaseNoteSeen.family, ReleaseNoteSeen.sequence).where(
                    ReleaseNoteSeen.username == actor.username
                )
            )
        }
    return [
        one for one in found if current[one.family] == one.sequence and (one.family, one.sequence) not in seen
    ]


def _query(now: datetime) -> Select[ReleaseNote, ReleasePointer, int, bytes]:
    return (
        select(ReleaseNote, ReleasePointer, Release.number, ReleaseFile.content)
        .join(
            ReleasePointer,
            (ReleasePointer.family == ReleaseNote.family) & (ReleasePointer.sequence == ReleaseNote.sequence),
        )
        .join(Release, Release.release_key == ReleasePointer.release_key)
        .outerjoin(
            ReleaseFile, (ReleaseFile.release_key == Release.release_key) & (ReleaseFile.path == "README.md")
        )
        .where(*is_past(now))
        .order_by(ReleasePointer.live_from.desc(), ReleasePointer.sequence.desc())
        .limit(MOST)
    )


def _told(
    session: Session, actor: Actor, query: Select[ReleaseNote, ReleasePointer, int, bytes]
) -> list[Told]:
    rows = session.execute(query).all()
    if not rows:
        return []
    choices = session.execute(
        select(Organisation.profiles).where(Organisation.organisation_key == actor.organisation_key)
    ).scalar_one_or_none()
    return [
        Told(
            note.family,
            note.sequence,
            number,
            pointer.act,
            pointer.live_from,
            note.words,
            note.written_by,
            readme or b"",
        )
        for note, pointer, number, readme in rows
        if _uses(choices, note.family)
    ]


def _uses(choices: Mapping[str, object] | None, family: str) -> bool:
    """An organisation that has chosen nothing of a family has it switched off; one that does not name it uses it."""
    return choices is None or family not in choices or bool(chosen_profiles(choices, family))
