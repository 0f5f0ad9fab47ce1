"""What the owners of a family change together before it is handed in as a numbered version: files, and who is at them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class WorkingCopy(Base):
    """One open copy a family; closed ones stay as the record. Its files lie over those of the release it was begun from."""

    __tablename__ = "working_copy"
    copy_key: Mapped[str] = mapped_column(primary_key=True)
    family: Mapped[str]
    open_family: Mapped[
        str | None
    ]  # the family while it is open, then empty: so that there is one open copy at most
    base_release_key: Mapped[str] = mapped_column(ForeignKey("release.release_key"))
    state: Mapped[str]  # open | handed_in | discarded
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    editors: Mapped[list[str]]  # usernames of all who changed a file: none of them may review it
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    close_reason: Mapped[str | None]
    number: Mapped[int | None]  # of the version that it was handed in as

    __table_args__ = (UniqueConstraint("open_family"),)


class WorkingFile(Base):
    """A file that differs, or once differed, from the base. Each save is the next revision; the base's file is 0."""

    __tablename__ = "working_file"
    copy_key: Mapped[str] = mapped_column(ForeignKey("working_copy.copy_key"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)  # inside the family's folder: forms/judge.json
    content: Mapped[bytes | None] = mapped_column(LargeBinary)  # None: removed
    revision: Mapped[int]
    edited_at: Mapped[datetime]
    edited_by: Mapped[str]


class WorkingPresence(Base):
    """Who has which file of a copy on the screen, as their page last said."""

    __tablename__ = "working_presence"
    copy_key: Mapped[str] = mapped_column(ForeignKey("working_copy.copy_key"), primary_key=True)
    username: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    seen_at: Mapped[datetime]
