"""Number series: dossier numbers without gaps or doubles, assigned in the starting transaction."""

from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base


class NumberSeries(Base):
    __tablename__ = "number_series"
    organisation_key: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)  # the year, or ""
    last_number: Mapped[int]
