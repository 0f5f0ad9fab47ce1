"""What a person is told, in the app and by mail."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class Notice(Base):
    """One notice to one person (or, recipient "customer", to the customer of the case).

    `once` is unique: a rung of a ladder, a task's assignment; a second try after a crash changes nothing.
    """

    __tablename__ = "notice"
    notice_key: Mapped[str] = mapped_column(primary_key=True)
    organisation_key: Mapped[str]
    instance_key: Mapped[str | None] = mapped_column(index=True)
    user_task_key: Mapped[str | None]
    clock_key: Mapped[str | None]
    once: Mapped[str]
    kind: Mapped[str]  # task_assigned | deadline_warning | deadline_breached | escalation | …
    recipient: Mapped[str]  # username, or "customer"
    role_key: Mapped[str | None]  # as whom: the role that the ladder looked up
    address: Mapped[str | None]  # mail address; None: in the app only
    locale: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[str]  # in_app | queued | sent | failed | imported
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("once", "recipient"),
        Index("ix_notice_inbox", "recipient", "created_at"),
    )
