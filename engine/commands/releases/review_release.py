"""A second person agrees to a checked draft: four eyes, before anything is promised to customers by it."""

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.drafts import find_draft, not_in_state, required_reason
from engine.commands.releases.store_release import hold_numbers
from engine.commands.tried_again import tried_again
from engine.model import Forbidden
from engine.people import Actor, require


@tried_again
def review_release(engine: Engine, actor: Actor, *, family: str, number: int, reason: str) -> None:
    """Who does not agree withdraws it. Raises NotFound, Forbidden (also to who drafted it or changed a
    file of it), InvalidInput; WrongState before it is checked, Conflict when another was first."""
    require(actor, "release.review")
    reason, now = required_reason(reason), engine.clock.now()
    with engine.store.transaction() as session:
        hold_numbers(session)
        draft = find_draft(session, family, number)
        if draft.state != "checked":
            raise not_in_state(draft, "checked")
        if actor.username in draft.authors:
            act, act_zh = (
                ("drafted", "起草") if draft.drafted_by == actor.username else ("edited", "参与编辑")
            )
            raise Forbidden(
                f"Expected another person than {actor.username}, who {act} {family} {number}, to review it.",
                f"“{family}”版本 {number} 由您{act_zh}，须由未参与编辑的另一人复核。",
            )
        draft.state = "reviewed"
        draft.reviewed_at, draft.reviewed_by, draft.review_reason = now, actor.username, reason
        append_administration(
            session,
            AuditEntry(now, actor.username, "release.reviewed", f"{family} {number}", {"reason": reason}),
        )
