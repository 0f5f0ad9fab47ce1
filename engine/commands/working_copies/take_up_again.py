"""A version that was handed in becomes a working copy again, with all its changes: its check failed, or it is not finished."""

from sqlalchemy import select

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.called_blocks import is_block
from engine.commands.releases.drafts import files_of_draft, find_draft, not_in_state, required_reason
from engine.commands.releases.store_release import hold_numbers
from engine.commands.tried_again import tried_again
from engine.commands.working_copies.copies import live_release_of, release_files
from engine.model import Conflict, WorkingCopy, WorkingFile, new_key
from engine.people import Actor, require

OPEN_STATES = ("draft", "checked", "reviewed")


@tried_again
def take_up_again(engine: Engine, actor: Actor, *, family: str, number: int, reason: str) -> str:
    """The key of the new copy; the version is withdrawn. Whoever changed it may not review it later either.

    Raises Forbidden, NotFound, InvalidInput; Conflict when a copy of the family is open, or the version is further on.
    """
    require(actor, "release.draft")
    reason, now = required_reason(reason), engine.clock.now()
    with engine.store.transaction() as session:
        hold_numbers(session)
        draft = find_draft(session, family, number)
        if draft.state not in OPEN_STATES:
            raise not_in_state(draft, "draft")
        open_copy = session.execute(
            select(WorkingCopy.opened_by, WorkingCopy.opened_at).where(WorkingCopy.open_family == family)
        ).one_or_none()
        if open_copy is not None:
            raise Conflict(
                f"Expected no working copy of {family}, but {open_copy.opened_by} has opened one. Hand it in or give "
                "it up first.",
                f"“{family}”已有 {open_copy.opened_by} 打开的工作稿，请先送审或放弃它。",
                by=open_copy.opened_by,
                at=open_copy.opened_at,
            )
        base_key = live_release_of(session, family, now)
        base, ours = release_files(session, base_key), files_of_draft(session, draft).files
        changed = {
            path: ours.get(path)
            for path in sorted(base.keys() | ours.keys())
            if base.get(path) != ours.get(path) and not is_block(path)
        }
        copy = WorkingCopy(
            copy_key=new_key(),
            family=family,
            open_family=family,
            base_release_key=base_key,
            state="open",
            opened_at=now,
            opened_by=actor.username,
            editors=sorted({*draft.authors, actor.username}),
        )
        session.add(copy)
        session.flush()
        session.add_all(
            WorkingFile(
                copy_key=copy.copy_key,
                path=path,
                content=content,
                revision=1,
                edited_at=now,
                edited_by=actor.username,
            )
            for path, content in changed.items()
        )
        draft.state = "withdrawn"
        draft.withdrawn_at, draft.withdrawn_by, draft.withdraw_reason = now, actor.username, reason
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "working_copy.taken_up", family,
                {"reason": reason, "number": number, "copy": copy.copy_key, "base": base_key},
            ),
        )  # fmt: skip
        return copy.copy_key
