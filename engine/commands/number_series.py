"""Dossier numbers without gaps or doubles: the next one is taken in the transaction that uses it."""

from sqlalchemy import literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.model import NumberSeries


def next_number(session: Session, organisation_key: str, series: str, period: str) -> int:
    """Counts `series` of one organisation up by one; `period` is the year of a yearly series, or empty."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = {
        "organisation_key": organisation_key,
        "series": series,
        "period": period,
        "last_number": literal(1),
    }
    statement = (
        dialect.insert(NumberSeries)
        .values(**first)
        .on_conflict_do_update(
            index_elements=["organisation_key", "series", "period"],
            set_={"last_number": NumberSeries.last_number + 1},
        )
        .returning(NumberSeries.last_number)
    )
    return int(session.execute(statement).scalar_one())
