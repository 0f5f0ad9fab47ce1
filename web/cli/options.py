"""Options that every command shares."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(command: Command) -> Command:
    """`--database URL`; without it HUIYIN_DATABASE_URL or the settings file decides."""
    return click.option(
        "--database",
        metavar="URL",
        default=None,
        help="The database, such as sqlite:///huiyin.db or postgresql+psycopg://host/name.",
    )(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="One JSON document for machines.")(command)


def actor_option(command: Command) -> Command:
    """`--as NAME`: whose rights are used and who is written into the record."""
    return click.option(
        "--as",
        "acting",
        metavar="NAME",
        default=None,
        help="Act as this person (default: the administrator).",
    )(command)


def act_options(command: Command) -> Command:
    """What every act takes: `--reason`, which stands in the record, `--as`, `--json`, `--database`."""
    reason = click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the record.")
    return reason(actor_option(json_option(database_option(command))))
