"""`huiyin token`: tokens by which programs act for a person."""

from datetime import timedelta

import click

from engine.commands.people.tokens import issue_token, revoke_token
from engine.people.scopes import BUNDLES
from engine.queries.tokens import find_tokens
from web.cli.doors import acting_person, open_engine
from web.cli.failure import in_language
from web.cli.options import actor_option, database_option, json_option
from web.cli.output import print_json, print_table


@click.group()
def token() -> None:
    """Tokens by which programs act for a person. Every change is written into the record."""


@token.command("add")
@click.argument("username", metavar="NAME")
@click.option("--for", "name", required=True, help="Where it is used: a program and a machine.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help=f"{', '.join(BUNDLES)}, or an act of the permission table; more than one may be given.",
)
@click.option(
    "--days", type=click.IntRange(1, 3650), default=None, help="Valid so long (default: until revoked)."
)
@actor_option
@json_option
@database_option
def add(
    username: str,
    name: str,
    scopes: tuple[str, ...],
    days: int | None,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """Make a token of NAME and print its secret, this once."""
    with open_engine(database) as engine:
        issued = issue_token(
            engine,
            acting_person(engine, acting),
            username=username,
            name=name,
            scopes=scopes,
            expires_at=None if days is None else engine.clock.now() + timedelta(days=days),
        )
    if as_json:
        print_json({"key": issued.token_key, "token": issued.secret})
    else:
        print(issued.secret)


@token.command("list")
@click.option("--user", "username", default=None, help="Only tokens of this person.")
@actor_option
@json_option
@database_option
def list_tokens(username: str | None, acting: str | None, as_json: bool, database: str | None) -> None:
    """List tokens, newest first; never their secrets."""
    with open_engine(database) as engine:
        found = find_tokens(engine, acting_person(engine, acting), of_everybody=True)
    found = [one for one in found if username in (None, one.username)]
    if as_json:
        print_json(
            [
                {
                    "key": one.token_key,
                    "username": one.username,
                    "name": one.name,
                    "ending": one.ending,
                    "scopes": list(one.scopes),
                    "state": one.state,
                    "created_at": one.created_at.isoformat(),
                    "expires_at": one.expires_at and one.expires_at.isoformat(),
                    "last_used_at": one.last_used_at and one.last_used_at.isoformat(),
                }
                for one in found
            ]
        )
        return
    print_table(
        ("key", "person", "for", "ends in", "scopes", "state", "last used"),
        (
            (
                one.token_key,
                one.username,
                one.name,
                one.ending,
                " ".join(one.scopes),
                one.state,
                one.last_used_at.isoformat(timespec="minutes") if one.last_used_at else "-",
            )
            for one in found
        ),
    )


@token.command()
@click.argument("token_key", metavar="KEY")
@actor_option
@database_option
def revoke(token_key: str, acting: str | None, database: str | None) -> None:
    """From now on the token opens nothing."""
    with open_engine(database) as engine:
        revoke_token(engine, acting_person(engine, acting), token_key=token_key)
    print(in_language(f"{token_key} is revoked.", f"已撤销 {token_key}。"))
