"""Facts of the whole installation, in rows that all its processes share."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.model import Installation, table_of

_FACTS = table_of(Installation)


def read_fact(connection: Connection, name: str) -> str | None:
    found: str | None = connection.execute(
        select(_FACTS.c.value).where(_FACTS.c.name == name)
    ).scalar_one_or_none()
    return found


def set_fact(connection: Connection, name: str, value: str, at: datetime) -> None:
    connection.execute(
        _insert(connection, name, value, at).on_conflict_do_update(
            index_elements=["name"], set_={"value": value, "changed_at": at}
        )
    )


def settle_fact(connection: Connection, name: str, value: str, at: datetime) -> str:
    """What stands there already, else `value`: of processes that come at once the first one decides for all."""
    connection.execute(_insert(connection, name, value, at).on_conflict_do_nothing(index_elements=["name"]))
    settled = read_fact(connection, name)
    assert settled is not None
    return settled


def _insert(connection: Connection, name: str, value: str, at: datetime) -> Any:
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(_FACTS).values(name=name, value=value, changed_at=at)
