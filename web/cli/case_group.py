"""`huiyin case …`: what people who run the house do to cases that are under way."""

import click

from web.cli.case_migration import migrate, plan, undo_migration
from web.cli.case_repair import go_back, mend, move_due, places, resume, retry, skip, suspend


@click.group()
def case() -> None:
    """Move cases to another release; stop, mend and correct them. CASE is a case number or its key."""


for command in (
    plan,
    migrate,
    undo_migration,
    places,
    suspend,
    resume,
    move_due,
    skip,
    go_back,
    mend,
    retry,
):
    case.add_command(command)
