"""Tokens for programs: what stands in for a person's password, and says less than it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class ApiToken(Base):
    """One token of one person. Of its secret only a digest is kept: a backup opens no door."""

    __tablename__ = "api_token"
    token_key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    ending: Mapped[str]  # the last characters of the secret, by which a person knows it again
    name: Mapped[str]
    username: Mapped[str] = mapped_column(ForeignKey("person.username"), index=True)
    scopes: Mapped[list[str]]  # words of engine/people/scopes.py
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]  # to the minute
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
