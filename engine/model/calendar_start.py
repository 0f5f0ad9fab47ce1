"""The next case that a calendar rule will begin: one row for each organisation, process and profile."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class CalendarStart(Base):
    """Written with the case of the period before, in one transaction, so that no period is lost or begun twice."""

    __tablename__ = "calendar_start"
    start_key: Mapped[str] = mapped_column(primary_key=True)
    organisation_key: Mapped[str] = mapped_column(ForeignKey("organisation.organisation_key"))
    process_key: Mapped[str]
    profile_id: Mapped[str]
    rule: Mapped[str]  # every week by friday
    calendar: Mapped[str]  # name and version by which the moments were counted
    former_day: Mapped[str]  # the day that names the period before: it never comes again
    former_due_at: Mapped[datetime]
    period: Mapped[str]  # the day that names the period to come
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime]
    fires_at: Mapped[datetime]  # `starts_at`, or later after a failure
    state: Mapped[str]  # waiting | off (nobody asks for it any more)
    error: Mapped[str | None]  # why the last try failed
    instance_key: Mapped[str | None]  # of the last case that it began

    __table_args__ = (
        UniqueConstraint("organisation_key", "process_key", "profile_id"),
        Index("ix_calendar_start_due", "state", "fires_at"),
    )
