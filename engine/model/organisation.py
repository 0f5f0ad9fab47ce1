"""Organisations, their units, people, and who holds which role where."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json


class Organisation(Base):
    """A root unit with its own profile choices, calendar and people; data never crosses it."""

    __tablename__ = "organisation"
    organisation_key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[Json]  # {"zh": …, "en": …}
    profiles: Mapped[Json]  # family → profile id
    calendar: Mapped[str]
    settings: Mapped[Json] = mapped_column(default=dict)
    # Grows with every change to units, people or roles, so that a cached directory knows when it is stale.
    directory_version: Mapped[int] = mapped_column(default=1)


class Unit(Base):
    """A unit of an organisation. `path` lists its ancestors, `/bank/east/`, so that a subtree is one prefix."""

    __tablename__ = "unit"
    unit_key: Mapped[str] = mapped_column(primary_key=True)
    organisation_key: Mapped[str] = mapped_column(ForeignKey("organisation.organisation_key"), index=True)
    parent_key: Mapped[str | None]
    path: Mapped[str] = mapped_column(index=True)
    name: Mapped[Json]
    head: Mapped[str | None]  # username


class Person(Base):
    __tablename__ = "person"
    username: Mapped[str] = mapped_column(primary_key=True)
    organisation_key: Mapped[str | None] = mapped_column(
        index=True
    )  # None: the administrator of the installation
    name: Mapped[Json]
    email: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="zh")
    password_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Membership(Base):
    """One role of one person in one unit. System roles (staff, supervisor, …) stand here too."""

    __tablename__ = "membership"
    username: Mapped[str] = mapped_column(ForeignKey("person.username"), primary_key=True)
    unit_key: Mapped[str] = mapped_column(ForeignKey("unit.unit_key"), primary_key=True)
    role_key: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (Index("ix_membership_role_unit", "role_key", "unit_key"),)
