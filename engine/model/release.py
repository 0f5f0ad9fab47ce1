"""What is installed: deployments, the releases they made, their files and process definitions."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.model.base import Base, Json, JsonColumn


class Deployment(Base):
    __tablename__ = "deployment"
    deployment_key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    source: Mapped[str | None]
    deployed_at: Mapped[datetime] = mapped_column(index=True)
    deployed_by: Mapped[str]


class Release(Base):
    """An immutable, numbered set of diagrams, tables, forms, texts, labels and profiles of one family."""

    __tablename__ = "release"
    release_key: Mapped[str] = mapped_column(primary_key=True)
    deployment_key: Mapped[str] = mapped_column(ForeignKey("deployment.deployment_key"))
    family: Mapped[str]
    number: Mapped[int]
    digest: Mapped[str]  # of all files; the same files are not released twice
    live_from: Mapped[datetime]

    __table_args__ = (UniqueConstraint("family", "number"),)


class ReleaseFile(Base):
    __tablename__ = "release_file"
    release_key: Mapped[str] = mapped_column(ForeignKey("release.release_key"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)  # inside the family's folder: forms/judge.json
    kind: Mapped[str]  # bpmn | dmn | form | text | labels | profile | scenario | readme
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ProcessDefinition(Base):
    """One process of one release. `spec` is what the runner restores, `model` what the diagram says."""

    __tablename__ = "process_definition"
    definition_key: Mapped[str] = mapped_column(primary_key=True)  # process_key:version:digest
    release_key: Mapped[str] = mapped_column(ForeignKey("release.release_key"), index=True)
    process_key: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    name: Mapped[str | None]
    version_tag: Mapped[str | None]
    path: Mapped[str]  # of its diagram in the release
    is_startable: Mapped[bool]
    spec_format: Mapped[int]
    # `deferred` hides the annotation from the column: type and NOT NULL are said outright.
    spec: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    model: Mapped[Json] = deferred(mapped_column(JsonColumn, nullable=False))

    __table_args__ = (UniqueConstraint("process_key", "version"),)
