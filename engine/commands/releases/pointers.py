"""Sets and takes off the pointers that say which release of a family is live from when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from engine.model import Release, ReleasePointer
from engine.model.release_pointer import live_release


@dataclass(frozen=True)
class Pointing:
    """One act of setting a pointer: who, when, why."""

    act: str  # deployed | released | rolled_back
    at: datetime
    by: str
    reason: str


def live_number(session: Session, family: str, moment: datetime) -> tuple[int, str] | None:
    """(number, release key) of what new cases of the family start with at `moment`."""
    row = session.execute(
        select(Release.number, Release.release_key).where(
            Release.release_key == live_release(family, moment).scalar_subquery()
        )
    ).one_or_none()
    return None if row is None else (row.number, row.release_key)


def set_pointer(
    session: Session, family: str, release_key: str, live_from: datetime, pointing: Pointing
) -> int:
    """Its number in the family's history. The caller holds the numbers (`hold_numbers`)."""
    last = session.execute(
        select(func.max(ReleasePointer.sequence)).where(ReleasePointer.family == family)
    ).scalar_one()
    sequence = (last or 0) + 1
    session.execute(
        insert(ReleasePointer).values(
            family=family,
            sequence=sequence,
            release_key=release_key,
            live_from=live_from,
            act=pointing.act,
            set_at=pointing.at,
            set_by=pointing.by,
            reason=pointing.reason,
        )
    )
    return sequence


def take_off_older(
    session: Session, family: str, number: int, live_from: datetime, pointing: Pointing
) -> list[int]:
    """Scheduled releases with a lower number would come after `number` and replace it: they are taken off, and named."""
    older = session.execute(
        select(ReleasePointer.release_key, Release.number)
        .join(Release, Release.release_key == ReleasePointer.release_key)
        .where(
            ReleasePointer.family == family,
            ReleasePointer.live_from > live_from,
            ReleasePointer.taken_off_at.is_(None),
            Release.number < number,
        )
    ).all()
    for row in older:
        take_off(session, ReleasePointer.release_key == row.release_key, live_from, pointing)
    return sorted({row.number for row in older})


def take_off(session: Session, which: ColumnElement[bool], after: datetime, pointing: Pointing) -> int:
    """Stops pointers whose moment is later than `after`; how many there were."""
    found = session.execute(
        update(ReleasePointer)
        .where(which, ReleasePointer.live_from > after, ReleasePointer.taken_off_at.is_(None))
        .values(taken_off_at=pointing.at, taken_off_by=pointing.by)
    )
    return int(getattr(found, "rowcount", 0))


def standing_pointer(session: Session, release_key: str) -> Any | None:
    """Who set its first pointer that was not taken off, and when (`set_by`, `set_at`)."""
    return session.execute(
        select(ReleasePointer.set_by, ReleasePointer.set_at)
        .where(ReleasePointer.release_key == release_key, ReleasePointer.taken_off_at.is_(None))
        .order_by(ReleasePointer.sequence)
        .limit(1)
    ).one_or_none()
