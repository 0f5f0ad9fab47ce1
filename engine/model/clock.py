"""Running measures of limits, and the rungs of their ladders."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json


class ClockRow(Base):
    """The running measure of one limit in one case. `data` is `engine.worktime.ClockState`, the whole story."""

    __tablename__ = "clock"
    clock_key: Mapped[str] = mapped_column(primary_key=True)
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"))
    organisation_key: Mapped[str]
    limit_name: Mapped[str]
    limit_id: Mapped[str]  # the register id, such as CMP-01/T2, or the name where the profile gives none
    process_key: Mapped[str]
    element_id: Mapped[str]  # the element that carries `sla`
    element_instance_key: Mapped[str]
    unit_key: Mapped[str]
    role_key: Mapped[str | None]  # who answers for it; its ladder starts here
    ladder: Mapped[str]
    warn: Mapped[list[str]]  # "75%", a limit before the end ("1 WD"), or "from 1 WD" after the start
    state: Mapped[str]  # running | paused | met | breached | cancelled
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    is_provisional: Mapped[bool]
    is_pausable: Mapped[bool]
    stopped_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    data: Mapped[Json]

    __table_args__ = (
        Index("ix_clock_case", "instance_key", "state"),
        Index("ix_clock_board", "organisation_key", "state", "due_at"),
    )


class LadderStep(Base):
    """One notice that will be due: a warning share, the breach, or a rung above it."""

    __tablename__ = "ladder_step"
    step_key: Mapped[str] = mapped_column(primary_key=True)
    clock_key: Mapped[str] = mapped_column(ForeignKey("clock.clock_key"), index=True)
    instance_key: Mapped[str]
    kind: Mapped[str]  # warning | breach | rung
    number: Mapped[int]  # 0 for the breach, 1… for rungs; the index of a warning
    label: Mapped[str]  # "75%", "1 WD", ""
    due_at: Mapped[datetime]
    state: Mapped[str]  # waiting | sent | cancelled
    sent_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_ladder_step_due", "state", "due_at"),)
