"""Work that waits for a person, and who may take it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json


class UserTask(Base):
    __tablename__ = "user_task"
    user_task_key: Mapped[str] = mapped_column(primary_key=True)  # = its element instance
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"))
    organisation_key: Mapped[str]
    unit_key: Mapped[str]
    process_key: Mapped[str]
    element_id: Mapped[str]
    name: Mapped[str]
    form_ref: Mapped[str | None]
    state: Mapped[str]  # open | completed | cancelled
    assignee: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # the nearest due moment that concerns it
    follow_up_at: Mapped[datetime | None]
    priority: Mapped[int] = mapped_column(default=50)
    ended_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]
    draft: Mapped[Json | None]
    values: Mapped[Json | None]  # the filled form, as completed

    __table_args__ = (
        Index("ix_user_task_case", "instance_key", "state"),
        Index("ix_user_task_mine", "assignee", "state", "due_at"),
        Index("ix_user_task_open", "organisation_key", "state", "due_at"),
    )


class Candidate(Base):
    """One way to be allowed to take a task: by name, or by holding a role in a unit."""

    __tablename__ = "candidate"
    user_task_key: Mapped[str] = mapped_column(ForeignKey("user_task.user_task_key"), primary_key=True)
    role_key: Mapped[str] = mapped_column(primary_key=True)  # "" when by name
    unit_key: Mapped[str] = mapped_column(primary_key=True)  # "" when by name
    username: Mapped[str] = mapped_column(primary_key=True)  # "" when by role

    __table_args__ = (
        Index("ix_candidate_role", "role_key", "unit_key"),
        Index("ix_candidate_username", "username"),
    )
