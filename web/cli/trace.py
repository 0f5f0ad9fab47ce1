"""`huiyin trace`: which ids of the policy register are modelled, and which stories exercise them."""

import click

from engine.rehearsal import trace as compare
from web.cli.doors import settings_for
from web.cli.options import database_option, json_option
from web.cli.output import print_json, print_table


@click.command()
@json_option
@database_option
def trace(as_json: bool, database: str | None) -> None:
    """Compare the register with diagrams, tables, profiles, forms and stories."""
    found = compare(settings_for(database).processes_folder)
    if as_json:
        print_json(found)
        return
    print_table(
        ("id", "kind", "class", "covered", "where", "stories"),
        (
            (
                one["id"],
                one["kind"],
                one["class"],
                "yes" if one["covered"] else "no",
                ", ".join(f"{place['file']}#{place['element']}" for place in one["where"]),
                len(one["scenarios"]),
            )
            for one in found["items"]
        ),
    )
    covered = sum(one["covered"] for one in found["items"])
    print(f"{covered} of {len(found['items'])} covered")
