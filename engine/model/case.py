"""A case: its state, its variables, and the visits to elements that it has made."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json


class ProcessInstance(Base):
    """One case. Pinned to one release; `row_version` grows with every command, the optimistic lock."""

    __tablename__ = "process_instance"
    instance_key: Mapped[str] = mapped_column(primary_key=True)
    organisation_key: Mapped[str] = mapped_column(ForeignKey("organisation.organisation_key"))
    unit_key: Mapped[str]
    release_key: Mapped[str]
    definition_key: Mapped[str]
    process_key: Mapped[str]
    profile_id: Mapped[str]
    business_key: Mapped[str]  # the dossier number
    subject: Mapped[str]
    state: Mapped[str]  # running | completed | terminated
    row_version: Mapped[int]
    state_format: Mapped[int]
    state_blob: Mapped[bytes] = mapped_column(LargeBinary)
    variables: Mapped[Json]  # the case scope; inner scopes are VariableScope rows
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    end_element_id: Mapped[str | None]
    complained_about: Mapped[str | None]  # may never hold a task of this case (COI-1)
    is_safety: Mapped[bool] = mapped_column(default=False)  # overrides quiet hours
    is_imported: Mapped[bool] = mapped_column(default=False)
    audit_sequence: Mapped[int] = mapped_column(default=0)
    audit_head: Mapped[str] = mapped_column(default="")
    element_sequence: Mapped[int] = mapped_column(default=0)
    suspended_at: Mapped[datetime | None]  # nothing moves until it is resumed; its clocks go on
    suspended_by: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("organisation_key", "process_key", "business_key"),
        Index("ix_process_instance_list", "organisation_key", "state", "started_at"),
    )


class VariableScope(Base):
    """Variables of a called process or of one multi-instance iteration; the inner scope shadows the outer."""

    __tablename__ = "variable_scope"
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"), primary_key=True)
    scope_key: Mapped[str] = mapped_column(primary_key=True)  # the element instance that opened it
    kind: Mapped[str]  # called | iteration
    variables: Mapped[Json]


class ElementInstance(Base):
    """One finished visit to one element. The history: written once, never changed."""

    __tablename__ = "element_instance"
    element_instance_key: Mapped[str] = mapped_column(primary_key=True)
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"))
    sequence: Mapped[int]
    process_key: Mapped[str]
    element_id: Mapped[str]
    kind: Mapped[str]  # the BPMN tag
    outcome: Mapped[str]  # completed | cancelled
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime]
    done_by: Mapped[str | None]

    __table_args__ = (Index("ix_element_instance_case", "instance_key", "sequence"),)
