"""Saves the files of a family as the next numbered version. Errors are allowed and kept; no case can start on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.check_family import CheckedFamily, check_family
from engine.commands.releases.drafts import required_reason
from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.commands.releases.laid_over import laid_over
from engine.commands.releases.store_release import digest_of, hold_numbers, next_number
from engine.commands.tried_again import tried_again
from engine.diagrams import Finding
from engine.model import InvalidInput, ReleaseDraft, ReleaseDraftFile, new_key
from engine.people import Actor, require


@dataclass(frozen=True)
class Drafted:
    """`is_new` is false when these files are the family's newest open draft already."""

    family: str
    number: int
    findings: tuple[Finding, ...]
    is_new: bool


@tried_again
def draft_release(engine: Engine, actor: Actor, files: FamilyFiles, *, reason: str) -> Drafted:
    """`files` may be single ones: they are laid over what is live. Raises Forbidden, InvalidInput."""
    require(actor, "release.draft")
    reason, now = required_reason(reason), engine.clock.now()
    with engine.store.reading() as session:
        whole = laid_over(session, files, now)
    # Only what is read goes on; so a release made of the draft has the same files, and the same digest.
    kept = {path: content for path, content in whole.files.items() if kind_of_file(path) is not None}
    if not kept:
        raise InvalidInput("Expected files of a family, but there are none.", "没有可保存的文件。")
    checked = check_family(FamilyFiles(whole.family, kept), engine.register, engine.handlers.topics())
    with engine.store.transaction() as session:
        return store_draft(session, actor, checked, reason=reason, now=now)


def store_draft(
    session: Session,
    actor: Actor,
    checked: CheckedFamily,
    *,
    reason: str,
    now: datetime,
    editors: list[str] | None = None,
) -> Drafted:
    """The rows of the next draft. `editors`: who changed the working copy that it is handed in from."""
    family, kept = checked.files.family, checked.files.files
    digest = digest_of(kept)
    hold_numbers(session)
    newest = session.execute(
        select(ReleaseDraft)
        .where(ReleaseDraft.family == family)
        .order_by(ReleaseDraft.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    if newest is not None and newest.state == "draft" and newest.digest == digest:
        newest.editors = sorted({*(newest.editors or ()), *(editors or ())}) or None
        return Drafted(family, newest.number, tuple(checked.findings), is_new=False)
    number, release_key = next_number(session, family), new_key()
    session.execute(
        insert(ReleaseDraft).values(
            release_key=release_key,
            family=family,
            number=number,
            digest=digest,
            state="draft",
            drafted_at=now,
            drafted_by=actor.username,
            draft_reason=reason,
            findings=[one.to_data() for one in checked.findings],
            editors=editors,
        )
    )
    session.execute(
        insert(ReleaseDraftFile),
        [
            {"release_key": release_key, "path": path, "kind": kind_of_file(path), "content": content}
            for path, content in kept.items()
        ],
    )
    append_administration(
        session,
        AuditEntry(
            now, actor.username, "release.drafted", f"{family} {number}",
            {"reason": reason, "digest": digest, "errors": len(checked.errors)},
        ),
    )  # fmt: skip
    return Drafted(family, number, tuple(checked.findings), is_new=True)
