"""Checks a draft by the rules of today. Passed, it may be reviewed; failed, it stays a draft, and what was found is kept."""

from dataclasses import asdict, dataclass

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.check_family import check_family
from engine.commands.releases.drafts import files_of_draft, find_draft, not_in_state, required_reason
from engine.commands.releases.store_release import hold_numbers
from engine.commands.tried_again import tried_again
from engine.diagrams import Finding
from engine.people import Actor, require


@dataclass(frozen=True)
class StoriesTold:
    """What the caller saw when it told the draft's stories. `failed`: their titles."""

    passed: int
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckedRelease:
    is_passed: bool
    findings: tuple[Finding, ...]
    stories: StoriesTold | None


@tried_again
def check_release(
    engine: Engine, actor: Actor, *, family: str, number: int, reason: str, stories: StoriesTold | None = None
) -> CheckedRelease:
    """A checked draft may be checked again. Raises NotFound, Forbidden, InvalidInput; Conflict when it is further on."""
    require(actor, "release.draft")
    reason, now = required_reason(reason), engine.clock.now()
    with engine.store.reading() as session:
        files = files_of_draft(session, find_draft(session, family, number))
    checked = check_family(files, engine.register, engine.handlers.topics())
    is_passed = not checked.errors and not (stories and stories.failed)
    with engine.store.transaction() as session:
        hold_numbers(session)
        draft = find_draft(session, family, number)
        if draft.state not in ("draft", "checked"):
            raise not_in_state(draft, "draft")
        draft.state = "checked" if is_passed else "draft"
        draft.findings = [one.to_data() for one in checked.findings]
        draft.stories = asdict(stories) if stories else None
        draft.checked_at, draft.checked_by = now, actor.username
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "release.checked", f"{family} {number}",
                {
                    "reason": reason, "passed": is_passed, "errors": len(checked.errors),
                    "stories": asdict(stories) if stories else None,
                },
            ),
        )  # fmt: skip
    return CheckedRelease(is_passed, tuple(checked.findings), stories)
