"""A case moved to another release: what it was before, so that the move can be taken back."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json


class CaseMigration(Base):
    """One move of one case. It can be undone while the case still has the `row_version` that the move left."""

    __tablename__ = "case_migration"
    migration_key: Mapped[str] = mapped_column(primary_key=True)
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"))
    from_release_key: Mapped[str]
    to_release_key: Mapped[str]
    mapping: Mapped[Json]  # element id of the old diagram → of the new one
    reason: Mapped[str]
    migrated_at: Mapped[datetime]
    migrated_by: Mapped[str]
    row_version: Mapped[int]  # of the case after the move
    state_format: Mapped[int]
    state_before: Mapped[bytes] = mapped_column(LargeBinary)
    digest_before: Mapped[str]  # SHA-256 of `state_before`
    rows_before: Mapped[Json]  # what the move changed in other rows: table → key → columns
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]

    __table_args__ = (Index("ix_case_migration_case", "instance_key", "migrated_at"),)
