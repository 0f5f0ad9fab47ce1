"""`huiyin user`: people, their roles, units and passwords."""

from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.people.people_commands import (
    add_person,
    add_unit,
    deactivate_person,
    grant_role,
    revoke_role,
    set_head,
    set_password,
)
from engine.model import Membership, Organisation, Person, Unit
from engine.model.text_order import by_code_point
from engine.people import SYSTEM_ROLES
from web.cli.doors import acting_person, open_engine
from web.cli.failure import Failure, in_language
from web.cli.options import actor_option, database_option, json_option
from web.cli.output import print_json, print_table
from web.wiring.first_start import HOUSE_KEY


@click.group()
def user() -> None:
    """People, their roles, units and passwords. Every change is written into the record."""


@user.command("add")
@click.argument("username", metavar="NAME")
@click.option("--password", default=None, help="Without one nobody can sign in by that name.")
@click.option(
    "--role", "roles", multiple=True, metavar="ROLE[@UNIT]", help="A system role or a role of the register."
)
@click.option("--unit", default=None, help="The unit of the roles (default: the whole organisation).")
@click.option("--org", "organisation", default=None, help="The organisation (default: the only one).")
@click.option("--name-zh", default=None, help="The name in Chinese.")
@click.option("--name-en", default=None, help="The name in English.")
@click.option("--email", default=None)
@click.option("--locale", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@actor_option
@database_option
def add(
    username: str,
    password: str | None,
    roles: tuple[str, ...],
    unit: str | None,
    organisation: str | None,
    name_zh: str | None,
    name_en: str | None,
    email: str | None,
    locale: str,
    acting: str | None,
    database: str | None,
) -> None:
    """Add a person, with roles."""
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        with engine.store.reading() as session:
            place = _organisation(session, organisation, unit)
            wanted = [_role(engine, session, text, unit or place) for text in roles]
        add_person(
            engine,
            actor,
            username=username,
            organisation_key=place,
            name={"zh": name_zh or name_en or username, "en": name_en or name_zh or username},
            email=email,
            locale=locale,
            password=password,
        )
        for role_key, unit_key in wanted:
            grant_role(engine, actor, username=username, unit_key=unit_key, role_key=role_key)
    print(in_language(f"Added {username} ({place}).", f"已添加 {username}（{place}）。"))


def _organisation(session: Session, given: str | None, unit: str | None) -> str:
    if given is None and unit is not None:
        found = session.get(Unit, unit)
        if found is not None:
            return found.organisation_key
    keys = (
        session.execute(
            select(Organisation.organisation_key).order_by(by_code_point(Organisation.organisation_key))
        )
        .scalars()
        .all()
    )
    if given is not None:
        if given not in keys:
            raise Failure(
                f"Expected an organisation, but there is no {given!r}.", f"没有名为“{given}”的机构。"
            )
        return given
    others = [key for key in keys if key != HOUSE_KEY]
    if len(others) != 1:
        listed = ", ".join(others) or "none"
        raise Failure(
            f"Expected --org, for there is not exactly one organisation (there are: {listed}; `huiyin org add` adds one).",
            f"请用 --org 指明机构（现有：{listed}；huiyin org add 可新建）。",
        )
    return others[0]


def _role(engine: Engine, session: Session, text: str, default_unit: str) -> tuple[str, str]:
    """(role, unit). Checked before anything is written, so that a typing error leaves no half-made person."""
    role_key, _, unit_key = text.partition("@")
    known = engine.register.roles
    if role_key not in SYSTEM_ROLES and known and role_key not in known:
        raise Failure(
            f"Expected a system role ({', '.join(SYSTEM_ROLES)}) or a role of the register, but found {role_key!r}.",
            f"“{role_key}”既不是系统角色（{'、'.join(SYSTEM_ROLES)}），也不在角色登记表中。",
        )
    unit_key = unit_key or default_unit
    if session.get(Unit, unit_key) is None:
        raise Failure(f"Expected a unit, but there is no {unit_key!r}.", f"没有名为“{unit_key}”的单位。")
    return role_key, unit_key


@user.command("list")
@click.option("--org", "organisation", default=None, help="Only people of this organisation.")
@json_option
@database_option
def list_people(organisation: str | None, as_json: bool, database: str | None) -> None:
    """List people with their roles."""
    with open_engine(database) as engine, engine.store.reading() as session:
        people = _people(session, organisation)
    if as_json:
        print_json(people)
        return
    print_table(
        ("name", "organisation", "zh", "en", "active", "roles"),
        (
            (
                one["username"],
                one["organisation_key"],
                one["name"].get("zh"),
                one["name"].get("en"),
                "yes" if one["is_active"] else "no",
                " ".join(f"{role['role']}@{role['unit']}" for role in one["roles"]),
            )
            for one in people
        ),
    )


def _people(session: Session, organisation: str | None) -> Sequence[dict[str, Any]]:
    statement = select(
        Person.username, Person.organisation_key, Person.name, Person.email, Person.locale, Person.is_active
    ).order_by(by_code_point(Person.organisation_key), by_code_point(Person.username))
    if organisation is not None:
        statement = statement.where(Person.organisation_key == organisation)
    roles: dict[str, list[dict[str, str]]] = {}
    for row in session.execute(
        select(Membership.username, Membership.unit_key, Membership.role_key).order_by(
            by_code_point(Membership.unit_key), by_code_point(Membership.role_key)
        )
    ):
        roles.setdefault(row.username, []).append({"role": row.role_key, "unit": row.unit_key})
    return [dict(row._mapping) | {"roles": roles.get(row.username, [])} for row in session.execute(statement)]


@user.command()
@click.argument("username", metavar="NAME")
@click.argument("role_key", metavar="ROLE")
@click.option("--unit", default=None, help="In which unit (default: the person's whole organisation).")
@click.option("--revoke", is_flag=True, help="Take the role away.")
@actor_option
@database_option
def role(
    username: str, role_key: str, unit: str | None, revoke: bool, acting: str | None, database: str | None
) -> None:
    """Give a person a role in a unit, or take it away."""
    with open_engine(database) as engine:
        with engine.store.reading() as session:
            person = session.get(Person, username)
            place = unit or (person.organisation_key if person else None) or HOUSE_KEY
        change = revoke_role if revoke else grant_role
        change(engine, acting_person(engine, acting), username=username, unit_key=place, role_key=role_key)
    print(f"{username}: {'-' if revoke else '+'}{role_key}@{place}")


@user.command()
@click.argument("unit_key", metavar="UNIT")
@click.option("--org", "organisation", default=None, help="The organisation (default: the only one).")
@click.option("--parent", default=None, help="The unit above (default: the organisation itself).")
@click.option("--name-zh", default=None)
@click.option("--name-en", default=None)
@click.option("--head", default=None, help="The person at its head.")
@actor_option
@database_option
def unit(
    unit_key: str,
    organisation: str | None,
    parent: str | None,
    name_zh: str | None,
    name_en: str | None,
    head: str | None,
    acting: str | None,
    database: str | None,
) -> None:
    """Add a unit."""
    with open_engine(database) as engine:
        with engine.store.reading() as session:
            place = _organisation(session, organisation, parent)
        add_unit(
            engine,
            acting_person(engine, acting),
            organisation_key=place,
            unit_key=unit_key,
            parent_key=parent,
            name={"zh": name_zh or name_en or unit_key, "en": name_en or name_zh or unit_key},
            head=head,
        )
    print(f"{parent or place}/{unit_key}")


@user.command()
@click.argument("unit_key", metavar="UNIT")
@click.argument("username", metavar="[NAME]", required=False)
@actor_option
@database_option
def head(unit_key: str, username: str | None, acting: str | None, database: str | None) -> None:
    """Put NAME at the head of UNIT; without NAME the unit has no head."""
    with open_engine(database) as engine:
        set_head(engine, acting_person(engine, acting), unit_key=unit_key, username=username)
    print(f"{unit_key}: {username or '-'}")


@user.command()
@click.argument("username", metavar="NAME")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@actor_option
@database_option
def password(username: str, password: str, acting: str | None, database: str | None) -> None:
    """Set a new password; open sessions of the person end."""
    with open_engine(database) as engine:
        set_password(engine, acting_person(engine, acting), username=username, password=password)
    print(in_language(f"New password of {username}.", f"已更改 {username} 的密码。"))


@user.command()
@click.argument("username", metavar="NAME")
@actor_option
@database_option
def off(username: str, acting: str | None, database: str | None) -> None:
    """Nobody can sign in by NAME any more; what the person did stays."""
    with open_engine(database) as engine:
        deactivate_person(engine, acting_person(engine, acting), username=username)
    print(in_language(f"{username} is off.", f"已停用 {username}。"))
