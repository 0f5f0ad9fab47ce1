"""`huiyin db`: the schema of the database."""

import click

from engine.store import schema_state, upgrade_schema
from engine.store.migrations import OLDEST_PROGRAM
from web.cli.doors import open_engine
from web.cli.failure import in_language
from web.cli.options import database_option, json_option
from web.cli.output import print_json


@click.group()
def db() -> None:
    """The schema of the database."""


@db.command()
@database_option
def upgrade(database: str | None) -> None:
    """Make the tables, or bring them to what this program needs. Idempotent, in one transaction.

    Servers of the version before go on meanwhile. Tables of a newer program beside which this one may work are left
    as they are.
    """
    with open_engine(database, needs_schema=False) as engine:
        before = schema_state(engine.store).current
        state = upgrade_schema(engine.store)
    if state.is_newer:
        print(
            in_language(
                f"Revision {state.current}, newer than this program's {state.head}, which may work beside it: "
                "nothing was changed.",
                f"版本 {state.current} 比本程序的 {state.head} 新，两者可以并行：未作任何更改。",
            )
        )
        return
    print(
        in_language(f"Revision {state.current}", f"版本 {state.current}")
        + ("" if before == state.current else f" ({before or '-'} → {state.current})")
    )


@db.command()
@json_option
@database_option
def status(as_json: bool, database: str | None) -> int:
    """Whether this program may work with the tables; exit code 1 when not."""
    with open_engine(database, needs_schema=False) as engine:
        state = schema_state(engine.store)
    if as_json:
        print_json(
            {
                "current": state.current,
                "head": state.head,
                "up_to_date": state.is_up_to_date,
                "usable": state.is_usable,
                "oldest_program": OLDEST_PROGRAM,  # beside which tables of `head` a program may go on
            }
        )
    else:
        print(f"{state.current or '-'}\t{state.head}")
    return 0 if state.is_usable else 1
