"""Finds a numbered version while it is no release yet, and says what stands in the way of its next step."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.releases.family_files import FamilyFiles
from engine.model import (
    Conflict,
    InvalidInput,
    NotFound,
    Rejected,
    Release,
    ReleaseDraft,
    ReleaseDraftFile,
    WrongState,
)

_ACTS: Mapping[str, tuple[str, str, str, str]] = {
    # state → (column of who, column of when, in English, in Chinese)
    "draft": ("drafted_by", "drafted_at", "drafted", "起草"),
    "checked": ("checked_by", "checked_at", "checked", "检查"),
    "reviewed": ("reviewed_by", "reviewed_at", "reviewed", "复核"),
    "withdrawn": ("withdrawn_by", "withdrawn_at", "withdrawn", "撤回"),
}
STATES_ZH = {
    "draft": "草案",
    "checked": "已检查",
    "reviewed": "已复核",
    "released": "已发布",
    "withdrawn": "已撤回",
}


def required_reason(reason: str) -> str:
    """Raises InvalidInput: an act on a release without a reason cannot be understood a year later."""
    if not reason.strip():
        raise InvalidInput(
            "Expected a reason for this act on a release, but there is none.", "请说明本次操作的理由。"
        )
    return reason.strip()


def find_draft(session: Session, family: str, number: int) -> ReleaseDraft:
    """Raises NotFound; WrongState for a number that `deploy` put live without a draft."""
    found = session.execute(
        select(ReleaseDraft).where(ReleaseDraft.family == family, ReleaseDraft.number == number)
    ).scalar_one_or_none()
    if found is not None:
        return found
    if find_release(session, family, number) is not None:
        raise WrongState(
            f"Expected a draft, but {family} {number} was deployed at once and is a release.",
            f"“{family}”版本 {number} 已直接发布，不是草案。",
        )
    raise NotFound("release", f"{family} {number}", "发布")


def find_release(session: Session, family: str, number: int) -> Any | None:
    """The row's `release_key`, `number` and `live_from`."""
    return session.execute(
        select(Release.release_key, Release.number, Release.live_from).where(
            Release.family == family, Release.number == number
        )
    ).one_or_none()


def not_in_state(draft: ReleaseDraft, wanted: str) -> Rejected:
    """The refusal of a step that expects the state `wanted`; a Conflict with who and when if somebody was first."""
    name = f"{draft.family} {draft.number}"
    if draft.state in _ACTS and draft.state != "draft":
        who, when, en, zh = _ACTS[draft.state]
        by, at = getattr(draft, who), getattr(draft, when)
        return Conflict(
            f"Expected {name} to be {wanted}, but {by} has {en} it at {at:%Y-%m-%d %H:%M:%S} UTC.",
            f"“{draft.family}”版本 {draft.number} 应为“{STATES_ZH[wanted]}”，"
            f"但 {by} 已于 {at:%Y-%m-%d %H:%M:%S}（UTC）{zh}。",
            by=by,
            at=at,
        )
    return WrongState(
        f"Expected {name} to be {wanted}, but it is {draft.state}.",
        f"“{draft.family}”版本 {draft.number} 应为“{STATES_ZH[wanted]}”，但目前是“{STATES_ZH[draft.state]}”。",
    )


def files_of_draft(session: Session, draft: ReleaseDraft) -> FamilyFiles:
    rows = session.execute(
        select(ReleaseDraftFile.path, ReleaseDraftFile.content)
        .where(ReleaseDraftFile.release_key == draft.release_key)
        .order_by(ReleaseDraftFile.path)
    )
    return FamilyFiles(draft.family, {row.path: row.content for row in rows})
