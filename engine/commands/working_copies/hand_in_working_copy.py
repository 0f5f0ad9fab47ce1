"""Makes the next numbered version of a working copy's files and closes the copy. Then another person reviews it."""

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.check_family import check_family
from engine.commands.releases.draft_release import Drafted, store_draft
from engine.commands.releases.drafts import required_reason
from engine.commands.tried_again import tried_again
from engine.commands.working_copies.copies import (
    changed_files,
    hold_copy,
    laid_together,
    live_release_of,
    release_files,
)
from engine.model import Conflict, InvalidInput, WrongState
from engine.people import Actor, require


@tried_again
def hand_in_working_copy(engine: Engine, actor: Actor, *, copy_key: str, reason: str) -> Drafted:
    """Errors are allowed: the version keeps them, and cannot be reviewed. Raises Forbidden, NotFound, Conflict;
    InvalidInput without a reason or a change; WrongState when another version went live since the copy was opened."""
    require(actor, "release.draft")
    reason, now = required_reason(reason), engine.clock.now()
    with engine.store.transaction() as session:
        copy = hold_copy(session, copy_key)
        family, base_key = copy.family, copy.base_release_key
        if live_release_of(session, family, now) != base_key:
            raise WrongState(
                f"Another version of {family} went live since this working copy was opened. Take its changes over"
                " first, else handing in would take them back.",
                f"打开工作稿之后，“{family}”已有新版本上线。请先并入其改动，否则送审会撤销它们。",
            )
        base, changes = release_files(session, base_key), changed_files(session, copy_key)
    files = laid_together(family, base, changes, engine.settings.blocks_folder)
    if files.files == base:
        raise InvalidInput(
            f"Nothing differs from the live version of {family}; there is nothing to hand in.",
            f"与“{family}”的线上版本没有差别，无需送审。",
        )
    # Outside of a transaction: reading a family takes a second, and others want to write.
    checked = check_family(files, engine.register, engine.handlers.topics())
    with engine.store.transaction() as session:
        copy = hold_copy(session, copy_key)
        if copy.base_release_key != base_key or changed_files(session, copy_key) != changes:
            raise Conflict(
                "Somebody saved a change while this working copy was handed in. Look at it, and hand in again.",
                "送审过程中有人保存了新的改动，请查看后重新送审。",
            )
        editors = sorted({*copy.editors, actor.username})
        drafted = store_draft(session, actor, checked, reason=reason, now=now, editors=editors)
        copy.state, copy.open_family, copy.number = "handed_in", None, drafted.number
        copy.closed_at, copy.closed_by, copy.close_reason = now, actor.username, reason
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "working_copy.handed_in", f"{family} {drafted.number}",
                {"reason": reason, "copy": copy_key, "editors": editors},
            ),
        )  # fmt: skip
    return drafted
