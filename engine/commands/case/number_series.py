"""Dossier numbers without gaps or doubles: the next one is taken in the transaction that uses it."""

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.model import NumberSeries, table_of


def next_number(session: Session, organisation_key: str, series: str, period: str) -> int:
    """Counts `series` of one organisation up by one; `period` is the year of a yearly series, or empty."""
    connection = session.connection()
    first = {"organisation_key": organisation_key, "series": series, "period": period, "last_number": 1}
    return int(connection.execute(_statement(connection.dialect.name), first).scalar_one())


@cache
def _statement(dialect_name: str) -> Any:
    series = table_of(NumberSeries)
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    return (
        dialect.insert(series)
        .on_conflict_do_update(
            index_elements=["organisation_key", "series", "period"],
            set_={"last_number": series.c.last_number + 1},
        )
        .returning(series.c.last_number)
    )
