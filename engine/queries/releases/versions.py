"""All numbered versions of a family, drafts and releases alike, with who did what to each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.model import NotFound, ProcessInstance, Release, ReleaseDraft, ReleasePointer
from engine.people import Actor, require
from engine.queries.source import Source
from engine.queries.visible import visible_cases


@dataclass(frozen=True)
class Act:
    """`act`: drafted | checked | reviewed | withdrawn | deployed | released | rolled_back | taken_off.

    `live_from`: of the last four, the moment of the pointer.
    """

    act: str
    at: datetime
    by: str
    reason: str
    live_from: datetime | None = None


@dataclass(frozen=True)
class Version:
    """`state`: draft | checked | reviewed | withdrawn | scheduled | live | replaced | taken_off.

    `running`: cases of it that the person may see. `authors`: who handed it in or changed a file of it; empty for a
    release that was deployed at once.
    """

    family: str
    number: int
    release_key: str
    state: str
    live_from: datetime | None
    running: int
    acts: tuple[Act, ...]
    findings: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    stories: Mapping[str, Any] | None = None
    authors: frozenset[str] = frozenset()

    def act(self, name: str) -> Act | None:
        """The last act of that name, if there was one."""
        return next((one for one in reversed(self.acts) if one.act == name), None)


def list_versions(source: Source, actor: Actor, family: str | None = None) -> list[Version]:
    """By family, the newest first. Raises Forbidden."""
    require(actor, "release.read")
    with source.store.reading() as session:
        releases = session.execute(_of(select(Release), Release.family, family)).scalars().all()
        drafts = session.execute(_of(select(ReleaseDraft), ReleaseDraft.family, family)).scalars().all()
        pointers = (
            session.execute(
                _of(select(ReleasePointer), ReleasePointer.family, family).order_by(
                    ReleasePointer.live_from, ReleasePointer.sequence
                )
            )
            .scalars()
            .all()
        )
        running = _running(session, actor)
    drafted = {one.release_key: one for one in drafts}
    released = {one.release_key: one for one in releases}
    now = source.clock.now()
    live = {one.family: one.release_key for one in pointers if _counts(one, now)}
    found = []
    for key in released.keys() | drafted.keys():
        row, draft = released.get(key) or drafted[key], drafted.get(key)
        ours = [one for one in pointers if one.release_key == key]
        coming = [one.live_from for one in ours if one.taken_off_at is None and one.live_from > now]
        past = [one.live_from for one in ours if _counts(one, now)]
        found.append(
            Version(
                family=row.family,
                number=row.number,
                release_key=key,
                state=_state(draft, key in released, live.get(row.family) == key, coming, past),
                live_from=past[-1] if past else min(coming, default=None),
                running=running.get(key, 0),
                acts=tuple(sorted([*_acts(draft), *_pointed(ours)], key=lambda one: one.at)),
                findings=tuple(draft.findings) if draft else (),
                stories=draft.stories if draft else None,
                authors=draft.authors if draft else frozenset(),
            )
        )
    return sorted(found, key=lambda one: (one.family, -one.number))


def find_version(source: Source, actor: Actor, family: str, number: int) -> Version:
    """Raises NotFound, Forbidden."""
    for one in list_versions(source, actor, family):
        if one.number == number:
            return one
    raise NotFound("release", f"{family} {number}", "发布")


def _of(statement: Any, column: Any, family: str | None) -> Any:
    return statement if family is None else statement.where(column == family)


def _counts(pointer: ReleasePointer, now: datetime) -> bool:
    return pointer.taken_off_at is None and pointer.live_from <= now


def _state(
    draft: ReleaseDraft | None, is_released: bool, is_live: bool, coming: list[datetime], past: list[datetime]
) -> str:
    if not is_released:
        return draft.state if draft else "draft"
    if is_live:
        return "live"
    if past:
        return "replaced"
    return "scheduled" if coming else "taken_off"


def _acts(draft: ReleaseDraft | None) -> Iterator[Act]:
    if draft is None:
        return
    yield Act("drafted", draft.drafted_at, draft.drafted_by, draft.draft_reason)
    if draft.checked_at is not None:
        yield Act("checked", draft.checked_at, draft.checked_by or "", "")
    if draft.reviewed_at is not None:
        yield Act("reviewed", draft.reviewed_at, draft.reviewed_by or "", draft.review_reason or "")
    if draft.withdrawn_at is not None:
        yield Act("withdrawn", draft.withdrawn_at, draft.withdrawn_by or "", draft.withdraw_reason or "")


def _pointed(pointers: list[ReleasePointer]) -> Iterator[Act]:
    for one in sorted(pointers, key=lambda one: one.sequence):
        yield Act(one.act, one.set_at, one.set_by, one.reason, one.live_from)
        if one.taken_off_at is not None:
            yield Act("taken_off", one.taken_off_at, one.taken_off_by or "", "", one.live_from)


def _running(session: Session, actor: Actor) -> dict[str, int]:
    return {
        row.release_key: row.number
        for row in session.execute(
            select(ProcessInstance.release_key, func.count().label("number"))
            .where(ProcessInstance.state == "running", visible_cases(actor))
            .group_by(ProcessInstance.release_key)
        )
    }
