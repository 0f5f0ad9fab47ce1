"""What Alembic runs for every command: it works on the connection, and in the transaction, that it is handed."""

from typing import Any, Literal

from alembic import context

from engine.model import Base
from engine.model.base import Moment


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Revisions name plain types: what our own types are may change, what a revision did may not."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Moment) else False


def is_ours(_item: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """The tables of Procrastinate stand in the same database and are none of our models."""
    return not (kind == "table" and str(name).startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render_item,
    include_object=is_ours,
    # SQLite changes a column by building the table anew.
    render_as_batch=True,
    # SQLite can roll DDL back too, since the transaction is ours and not the driver's.
    transactional_ddl=True,
)
context.run_migrations()
