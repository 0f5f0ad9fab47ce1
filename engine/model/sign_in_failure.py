"""Wrong passwords of the last minutes, counted for all processes of a database."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class SignInFailure(Base):
    """One name that was tried, or one address that tried."""

    __tablename__ = "sign_in_failure"
    # A digest: people type passwords into the field of the name, and a backup should not hold them.
    counter: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    counted_until: Mapped[datetime]  # from then on the row counts for nothing, and may go
