"""What all tables share: the declarative base, moments as whole milliseconds, JSON, and keys."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

from sqlalchemy import JSON, BigInteger, MetaData, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

Json: TypeAlias = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Moment(TypeDecorator[datetime]):
    """A zone-aware UTC moment, kept as whole milliseconds since 1970.

    Integers sort, compare and index alike on SQLite and PostgreSQL; SQLite has no type for moments.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


# The text as it was written, on PostgreSQL too: JSONB would turn 1e16 and -0.0 into other numbers, and then the
# digest of an audit payload would no longer fit.
JsonColumn = JSON()


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment(), Json: JsonColumn, list[str]: JsonColumn}


def table_of(model: type[Base]) -> Table:
    """The table behind a model, for statements that are built once and executed over the connection.

    The commands write thousands of rows a second; the session's own way would build each statement anew.
    """
    return cast(Table, model.__table__)


def new_key() -> str:
    """A new row key: 32 hexadecimal digits, in order of creation (UUID version 7), so indexes grow at one end."""
    # Only the order of keys comes from this reading; no rule ever looks at it, so it need not be the WallClock.
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = (
        (milliseconds << 80) | (0x7 << 76) | ((random >> 62) << 64) | (0b10 << 62) | (random & (2**62 - 1))
    )
    return f"{value:032x}"
