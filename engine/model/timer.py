"""A due moment that the engine waits for. APScheduler only rings; this row is the alarm."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json

# From here on a moment that is met says how late it was; less is the time between a moment and the wake for it.
LATE = timedelta(seconds=60)


class Timer(Base):
    __tablename__ = "timer"
    timer_key: Mapped[str] = mapped_column(primary_key=True)
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"), index=True)
    element_instance_key: Mapped[str]
    element_id: Mapped[str]
    text: Mapped[str]  # what the diagram says: ${limit("handle")}, PT48H, R3/PT1H
    due_at: Mapped[datetime]
    # Exactly due is not yet breached: a timer of a limit fires just after `due_at`, one of elapsed time at it.
    fires_at: Mapped[datetime]
    state: Mapped[
        str
    ]  # waiting | paused | held (with its case) | fired | cancelled | failed (an incident holds it)
    clock_key: Mapped[str | None]  # shares the due moment of this running clock and moves with its pauses
    cycles_left: Mapped[int | None]  # of a repeating timer, this one included; None = once, -1 = for ever
    cycle_seconds: Mapped[int | None]
    fired_at: Mapped[datetime | None]
    explanation: Mapped[Json | None]

    __table_args__ = (Index("ix_timer_due", "state", "fires_at"),)
