"""What people changed of the working calendars; calendars begin as files, and this is laid over them."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json, table_of


class CalendarChangeRow(Base):
    """Never altered. `content` is in the words of `engine.worktime.calendar_change`."""

    __tablename__ = "calendar_change"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    calendar: Mapped[str]
    year: Mapped[int | None]  # whose notice it is; None: single days, or a new site
    content: Mapped[Json]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    # When all open deadlines had been counted anew; None: a process still does, or died and another will.
    followed_at: Mapped[datetime | None]


# The number of the newest change, 0 before the first; as a column it costs no statement of its own.
NEWEST_CHANGE = select(func.coalesce(func.max(table_of(CalendarChangeRow).c.number), 0)).scalar_subquery()
