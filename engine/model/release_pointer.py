"""Which release of a family new cases start with: a history of pointers, never overwritten."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class ReleasePointer(Base):
    """From `live_from` on new cases of the family start with this release, until the next pointer's moment.

    A moment in the future needs nobody to do anything then: who starts a case asks for the pointer of that moment.
    """

    __tablename__ = "release_pointer"
    family: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)  # of two with one moment the later set one counts
    release_key: Mapped[str] = mapped_column(ForeignKey("release.release_key"))
    live_from: Mapped[datetime]
    act: Mapped[str]  # deployed | released | rolled_back
    set_at: Mapped[datetime]
    set_by: Mapped[str]
    reason: Mapped[str]
    taken_off_at: Mapped[datetime | None]  # before its moment came
    taken_off_by: Mapped[str | None]

    __table_args__ = (Index("ix_release_pointer_moment", "family", "live_from", "sequence"),)


def live_release(family: Any, moment: Any) -> Select[str]:
    """The key of the release that is live at `moment`, for a family given as a value or an expression. One row or none."""
    return (
        select(ReleasePointer.release_key)
        .where(ReleasePointer.family == family, *is_past(moment))
        .order_by(ReleasePointer.live_from.desc(), ReleasePointer.sequence.desc())
        .limit(1)
    )


def is_past(moment: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a pointer that has come to count by `moment`."""
    return ReleasePointer.live_from <= moment, ReleasePointer.taken_off_at.is_(None)
