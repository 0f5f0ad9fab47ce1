"""Lists as the REST interface asks for them: filters and sort orders by name, and pages that never overlap."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, String, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.model import InvalidInput
from engine.model.text_order import by_code_point, fits_pattern
from engine.people import Actor

Column = InstrumentedAttribute[Any] | ColumnElement[Any]
Rows = Select[*tuple[Any, ...]]

MOST_ROWS = 10_000


@dataclass(frozen=True)
class Filter:
    """`kind`, for the reader of the request: text | texts | yes | moment | number | comparisons."""

    kind: str
    condition: Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True)
class Wanted:
    """`sort`: (name, is descending). `most` None: all of them."""

    filters: Sequence[tuple[str, Any]] = ()
    sort: Sequence[tuple[str, bool]] = ()
    first: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Listing:
    """`statement` already holds the rights of the person. `key` is unique and settles the order of equals."""

    statement: Callable[[Actor], Rows]
    filters: Mapping[str, Filter]
    sorts: Mapping[str, Column]
    key: Column
    default_sort: Sequence[tuple[str, bool]] = field(default=())


def list_rows(session: Session, listing: Listing, actor: Actor, wanted: Wanted) -> Sequence[Any]:
    statement = _filtered(listing, actor, wanted)
    for name, is_descending in wanted.sort or listing.default_sort:
        column = _sortable(listing.sorts[name], listing.key)
        # Rows without a value come last in both directions, on every database.
        statement = statement.order_by(column.is_(None), column.desc() if is_descending else column.asc())
    statement = statement.order_by(listing.key).offset(wanted.first)
    most = MOST_ROWS if wanted.most is None else min(wanted.most, MOST_ROWS)
    rows = session.execute(statement.limit(most + 1)).all()
    if len(rows) > most and (wanted.most is None or wanted.most > MOST_ROWS):
        raise too_many("rows")
    return rows[:most]


def _sortable(column: Column, key: Column) -> Any:
    """Texts by their code points; the key has no letters that a collation could move, and an index for its order."""
    return by_code_point(column) if isinstance(column.type, String) and column is not key else column


def too_many(what: str) -> InvalidInput:
    """Cut silently, a client would take a part for the whole; given whole, one question would stop the others."""
    return InvalidInput(
        f"Expected a question with at most {MOST_ROWS} {what} as answer: filter it, or ask page by page with "
        f"firstResult and maxResults.",
        f"结果超过 {MOST_ROWS} 条，请增加筛选条件，或用 firstResult 和 maxResults 分页。",
    )


def count_rows(session: Session, listing: Listing, actor: Actor, wanted: Wanted) -> int:
    inner = _filtered(listing, actor, wanted).subquery()
    return int(session.execute(select(func.count()).select_from(inner)).scalar_one())


def find_row(session: Session, listing: Listing, actor: Actor, key: str) -> Any | None:
    """The row with this key, as far as the person may see it."""
    return session.execute(listing.statement(actor).where(listing.key == key)).one_or_none()


def _filtered(listing: Listing, actor: Actor, wanted: Wanted) -> Rows:
    statement = listing.statement(actor)
    for name, value in wanted.filters:
        statement = statement.where(listing.filters[name].condition(value))
    return statement


def equals(column: Column) -> Filter:
    return Filter("text", lambda value: column == value)


def one_of(column: Column) -> Filter:
    return Filter("texts", lambda values: column.in_(values))


def like(column: Column) -> Filter:
    """`%` stands for anything, as the caller writes it."""
    return Filter("text", lambda value: fits_pattern(column, value))


def before(column: Column) -> Filter:
    return Filter("moment", lambda value: column < value)


def after(column: Column) -> Filter:
    return Filter("moment", lambda value: column > value)


def when(condition: Any) -> Filter:
    return Filter("yes", lambda _: condition)


def always() -> Filter:
    """A question whose answer is yes for every row of ours, such as `active`."""
    return Filter("yes", lambda _: ~false())


def never() -> Filter:
    return Filter("yes", lambda _: false())
