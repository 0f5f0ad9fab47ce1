"""Sessions that were signed out of before their time: a signed cookie alone would go on working."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class EndedSession(Base):
    __tablename__ = "ended_session"
    session_digest: Mapped[str] = mapped_column(
        primary_key=True
    )  # not the key itself: a backup opens no door
    expires_at: Mapped[datetime]  # from then on the cookie is refused by its age, and the row may go
