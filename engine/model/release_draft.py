"""A numbered version of a family before it is a release: who drafted, checked and reviewed it, and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json, JsonColumn


class ReleaseDraft(Base):
    """Its files never change: what is drafted anew is another number. Kept as the record when it has become a release."""

    __tablename__ = "release_draft"
    release_key: Mapped[str] = mapped_column(primary_key=True)  # the release will have the same
    family: Mapped[str]
    number: Mapped[int]  # counted with the numbers of the family's releases
    digest: Mapped[str]  # of all files
    state: Mapped[str]  # draft | checked | reviewed | released | withdrawn
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    draft_reason: Mapped[str]
    findings: Mapped[list[Json]] = mapped_column(JsonColumn)  # of the last check
    stories: Mapped[Json | None]  # {"passed": 12, "failed": ["title", …]}; None: none were told
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]
    review_reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdraw_reason: Mapped[str | None]
    # All who changed a file of the working copy that it was handed in from; None when it came over another door.
    editors: Mapped[list[str] | None]

    __table_args__ = (UniqueConstraint("family", "number"),)

    @property
    def authors(self) -> frozenset[str]:
        """Who handed it in and all who changed a file of it: none of them may review it."""
        return frozenset((self.drafted_by, *(self.editors or ())))


class ReleaseDraftFile(Base):
    """A file of a draft. It moves to the files of the release when the draft becomes one."""

    __tablename__ = "release_draft_file"
    release_key: Mapped[str] = mapped_column(ForeignKey("release_draft.release_key"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
