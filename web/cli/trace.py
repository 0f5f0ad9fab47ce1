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
    for class_name, counts in found["totals"]["by_class"].items():
        print(
            f"{class_name}: {counts['covered']} of {counts['ids']} covered, {counts['exercised']} exercised,"
            f" {counts['reasoned']} not modelled with a reason"
        )
