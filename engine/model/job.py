"""Work owed outside the command, and what stops a case until a person mends it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json


class Job(Base):
    """One handler call or one notice to deliver. Done at least once, with the same idempotency key at each try."""

    __tablename__ = "job"
    job_key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # handler | notice
    topic: Mapped[str]
    instance_key: Mapped[str | None] = mapped_column(ForeignKey("process_instance.instance_key"), index=True)
    element_instance_key: Mapped[str | None]
    process_key: Mapped[str | None]
    element_id: Mapped[str | None]
    state: Mapped[str]  # waiting | held (with its case) | running | done | failed | cancelled
    due_at: Mapped[datetime]
    priority: Mapped[int] = mapped_column(default=0)
    retries_left: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_seconds: Mapped[int] = mapped_column(default=600)
    worker: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None]
    payload: Mapped[Json]
    created_at: Mapped[datetime]
    is_external: Mapped[bool] = mapped_column(default=False)  # no handler here: waits for a worker over REST

    __table_args__ = (Index("ix_job_due", "state", "is_external", "due_at"),)


class Incident(Base):
    __tablename__ = "incident"
    incident_key: Mapped[str] = mapped_column(primary_key=True)
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"), index=True)
    kind: Mapped[str]  # handler | expression | decision | guard | timer
    element_id: Mapped[str | None]
    element_instance_key: Mapped[str | None]
    job_key: Mapped[str | None]
    message: Mapped[Json]  # {"zh": …, "en": …}
    raised_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
