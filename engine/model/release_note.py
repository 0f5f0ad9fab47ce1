"""What staff are told when another version counts, and who has looked at what differs before it did."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json, JsonColumn


class ReleaseNote(Base):
    """Belongs to one pointer: it is told from that pointer's moment on, and never when the pointer is taken off before."""

    __tablename__ = "release_note"
    family: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[Json] = mapped_column(JsonColumn)  # {"zh": …, "en": …}
    written_at: Mapped[datetime]
    written_by: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(["family", "sequence"], ["release_pointer.family", "release_pointer.sequence"]),
    )


class ReleaseNoteSeen(Base):
    """One person has put the note aside; it is not shown to them again but on the page of all changes."""

    __tablename__ = "release_note_seen"
    family: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["family", "sequence"], ["release_note.family", "release_note.sequence"]),
    )


class ReleaseLook(Base):
    """One person says that they have looked at all that differs between a version on its way and another one."""

    __tablename__ = "release_look"
    release_key: Mapped[str] = mapped_column(ForeignKey("release_draft.release_key"), primary_key=True)
    username: Mapped[str] = mapped_column(primary_key=True)
    against: Mapped[int]  # number of the version that it was compared with
    looked_at: Mapped[datetime]
