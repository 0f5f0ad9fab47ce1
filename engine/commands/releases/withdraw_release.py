"""Takes back a version that is not live yet: a draft for good, a scheduled release until it is scheduled again."""

from typing import Any

from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.drafts import find_draft, find_release, not_in_state, required_reason
from engine.commands.releases.pointers import Pointing, take_off
from engine.commands.releases.store_release import hold_numbers
from engine.commands.tried_again import tried_again
from engine.model import ReleasePointer, WrongState
from engine.people import Actor, require


@tried_again
def withdraw_release(engine: Engine, actor: Actor, *, family: str, number: int, reason: str) -> None:
    """Raises NotFound, Forbidden, InvalidInput; WrongState for a release whose moment has come, Conflict for one withdrawn."""
    require(actor, "release.draft")
    reason, now = required_reason(reason), engine.clock.now()
    pointing = Pointing("withdrawn", now, actor.username, reason)
    with engine.store.transaction() as session:
        hold_numbers(session)
        release = find_release(session, family, number)
        if release is not None:
            require(actor, "release.deploy")
            _unschedule(session, family, release, pointing)
        else:
            draft = find_draft(session, family, number)
            if draft.state == "withdrawn":
                raise not_in_state(draft, "draft")
            draft.state = "withdrawn"
            draft.withdrawn_at, draft.withdrawn_by, draft.withdraw_reason = now, actor.username, reason
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "release.withdrawn", f"{family} {number}",
                {"reason": reason, "was": "scheduled" if release is not None else "draft"},
            ),
        )  # fmt: skip


def _unschedule(session: Session, family: str, release: Any, pointing: Pointing) -> None:
    if not take_off(session, ReleasePointer.release_key == release.release_key, pointing.at, pointing):
        raise WrongState(
            f"Expected a version that is not live yet, but {family} {release.number} is or was live; roll back instead.",
            f"“{family}”版本 {release.number} 已经生效过，不能撤回；请用回退。",
        )
