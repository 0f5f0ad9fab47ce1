"""What staff are told of a version: written with its pointer, put aside by each reader for themselves."""

from collections.abc import Mapping

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.releases.pointers import Pointing
from engine.commands.tried_again import tried_again
from engine.model import InvalidInput, NotFound, ReleaseNote, ReleaseNoteSeen
from engine.people import Actor, require

LANGUAGES = ("zh", "en")
MOST_LETTERS = 2_000


def read_note(note: Mapping[str, str] | None) -> dict[str, str] | None:
    """Language → words; a language left empty takes the other's words. None when nothing is told. Raises InvalidInput."""
    words = {one: (note or {}).get(one, "").strip() for one in LANGUAGES}
    if not any(words.values()):
        return None
    longest = max(len(one) for one in words.values())
    if longest > MOST_LETTERS:
        raise InvalidInput(
            f"Expected at most {MOST_LETTERS} letters for staff to read, but there are {longest}.",
            f"变更说明不得超过 {MOST_LETTERS} 字，现为 {longest} 字。",
        )
    return {one: text or next(filter(None, words.values())) for one, text in words.items()}


def add_note(
    session: Session, family: str, sequence: int, words: Mapping[str, str] | None, pointing: Pointing
) -> None:
    """The caller records it with the pointer."""
    if words is None:
        return
    session.execute(
        insert(ReleaseNote).values(
            family=family,
            sequence=sequence,
            words=dict(words),
            written_at=pointing.at,
            written_by=pointing.by,
        )
    )


@tried_again
def put_note_aside(engine: Engine, actor: Actor, *, family: str, sequence: int) -> None:
    """Twice is once. Raises Forbidden, NotFound."""
    require(actor, "release.read")
    with engine.store.transaction() as session:
        if session.get(ReleaseNote, (family, sequence)) is None:
            raise NotFound("release note", f"{family} {sequence}", "变更说明")
        if session.get(ReleaseNoteSeen, (family, sequence, actor.username)) is None:
            session.add(
                ReleaseNoteSeen(
                    family=family, sequence=sequence, username=actor.username, seen_at=engine.clock.now()
                )
            )
