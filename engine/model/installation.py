"""What is true of the whole installation, whichever of its processes asks."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class Installation(Base):
    """One fact a row: `secret_key` signs the sessions, `oldest_program` may still work beside this schema."""

    __tablename__ = "installation"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    changed_at: Mapped[datetime]
