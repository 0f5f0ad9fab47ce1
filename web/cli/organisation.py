"""`huiyin org`: organisations, each with its calendar, profiles and units; data never crosses from one to another."""

from collections.abc import Mapping
from typing import Any

import click
from sqlalchemy import select

from engine.commands.people.choose_profiles import choose_profiles
from engine.commands.people.people_commands import add_organisation
from engine.model import Organisation, Unit
from engine.model.text_order import by_code_point
from engine.profiles import chosen_profiles
from web.cli.doors import acting_person, open_engine
from web.cli.failure import Failure, in_language
from web.cli.options import actor_option, database_option, json_option
from web.cli.output import print_json, print_table


@click.group()
def org() -> None:
    """Organisations and their units."""


@org.command("add")
@click.argument("key", metavar="KEY")
@click.option("--name-zh", default=None)
@click.option("--name-en", default=None)
@click.option("--calendar", default="cn", show_default=True, help="Name of the working calendar.")
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="FAMILY=ID",
    help="A policy profile of a family; several times for several of its procedures.",
)
@actor_option
@database_option
def add(
    key: str,
    name_zh: str | None,
    name_en: str | None,
    calendar: str,
    profiles: tuple[str, ...],
    acting: str | None,
    database: str | None,
) -> None:
    """Add an organisation."""
    chosen = _profiles(profiles)
    with open_engine(database) as engine:
        add_organisation(
            engine,
            acting_person(engine, acting),
            key=key,
            name={"zh": name_zh or name_en or key, "en": name_en or name_zh or key},
            calendar=calendar,
            profiles=chosen,
        )
    print(in_language(f"Added {key}.", f"已添加 {key}。"))


@org.command("choose")
@click.argument("key", metavar="KEY")
@click.option(
    "--profile", "profiles", multiple=True, metavar="FAMILY=ID", help="As in `add`; replaces the choice."
)
@actor_option
@database_option
def choose(key: str, profiles: tuple[str, ...], acting: str | None, database: str | None) -> None:
    """Choose the policy profiles that an organisation follows from now on."""
    with open_engine(database) as engine:
        choose_profiles(
            engine, acting_person(engine, acting), organisation_key=key, profiles=_profiles(profiles)
        )
    print(in_language(f"{key} follows the profiles named.", f"“{key}”已改用所列策略档案。"))


def _profiles(pairs: tuple[str, ...]) -> Mapping[str, str | list[str]]:
    chosen: dict[str, list[str]] = {}
    for pair in pairs:
        family, equals, profile = pair.partition("=")
        if not equals:
            raise Failure(
                f"Expected FAMILY=ID, but found {pair!r}.", f"应写成“流程族=档案编号”，但写的是“{pair}”。"
            )
        chosen.setdefault(family, []).append(profile)
    return {family: ids if len(ids) > 1 else ids[0] for family, ids in chosen.items()}


@org.command("list")
@json_option
@database_option
def list_organisations(as_json: bool, database: str | None) -> None:
    """List organisations."""
    with open_engine(database) as engine, engine.store.reading() as session:
        rows = [
            dict(row._mapping)
            for row in session.execute(
                select(
                    Organisation.organisation_key,
                    Organisation.name,
                    Organisation.calendar,
                    Organisation.profiles,
                ).order_by(by_code_point(Organisation.organisation_key))
            )
        ]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("key", "zh", "en", "calendar", "profiles"),
        (
            (
                row["organisation_key"],
                row["name"].get("zh"),
                row["name"].get("en"),
                row["calendar"],
                " ".join(
                    f"{family}={profile}"
                    for family in sorted(row["profiles"])
                    for profile in chosen_profiles(row["profiles"], family)
                ),
            )
            for row in rows
        ),
    )


@org.command()
@click.argument("key", metavar="KEY")
@json_option
@database_option
def units(key: str, as_json: bool, database: str | None) -> None:
    """List the units of an organisation as a tree."""
    with open_engine(database) as engine, engine.store.reading() as session:
        rows: list[dict[str, Any]] = [
            dict(row._mapping)
            for row in session.execute(
                select(Unit.unit_key, Unit.parent_key, Unit.path, Unit.name, Unit.head)
                .where(Unit.organisation_key == key)
                .order_by(by_code_point(Unit.path))
            )
        ]
    if not rows:
        raise Failure(f"Expected an organisation, but there is no {key!r}.", f"没有名为“{key}”的机构。")
    if as_json:
        print_json(rows)
        return
    for row in rows:
        depth = row["path"].count("/") - 2
        head = f"\t{row['head']}" if row["head"] else ""
        print(f"{'  ' * depth}{row['unit_key']}\t{row['name'].get('zh')}{head}")
