"""The demo: four invented organisations and a register of 300 complaints, so that a newcomer sees something true.

Loaded once. What people change afterwards stays as they changed it, whatever the files say.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.commands.engine import Engine
from engine.commands.imports import (
    ImportReport,
    Register,
    RegisterRow,
    import_rows,
    labels_of_forms,
    read_register,
)
from engine.commands.people.people_commands import (
    add_organisation,
    add_person,
    add_unit,
    grant_role,
    set_head,
)
from engine.model import Organisation, Person, Unit
from engine.people import SYSTEM
from engine.worktime import Calendar
from web.wiring.demo_moments import read_demo_moment
from web.wiring.settings import HOUSE, Settings

FOLDER = "demo"
FAMILY = "complaint"
_STARTED, _LOADED = "demo_started_at", "demo_loaded_at"


@dataclass(frozen=True)
class DemoReport:
    """`register` None: the demo was loaded before, and nothing was touched."""

    organisations: int = 0
    people: int = 0
    register: ImportReport | None = None


@dataclass(frozen=True)
class DemoSignIn:
    username: str
    name: str
    sees: str


def load_demo(
    engine: Engine, settings: Settings, on_progress: Callable[[int, int], None] | None = None
) -> DemoReport:
    """Idempotent; after a crash it takes up where it stopped, with the moments of the first start.

    Needs the complaint family to be deployed: see `first_start`.
    """
    with engine.store.alone("demo"):
        return _load(engine, settings, on_progress)


def _load(engine: Engine, settings: Settings, on_progress: Callable[[int, int], None] | None) -> DemoReport:
    folder = settings.processes_folder / FOLDER
    organisations = _organisations(folder)
    first = organisations[0]["key"]
    if _mark(engine, first, _LOADED) is not None:
        return DemoReport()
    people = sum(_make(engine, one, settings.demo_password) for one in organisations)
    started_at = _started_at(engine, first)
    register = read_register(folder / "complaints.csv", labels_of_forms(engine, FAMILY))
    calendars = {one["key"]: engine.calendars.get(one["calendar"]) for one in organisations}
    names = {name: one["key"] for one in organisations for name in (one["key"], *one["name"].values())}
    register = _dated(
        register, started_at, lambda row: calendars.get(names.get(str(row.facts.get("organisation")), ""))
    )
    report = import_rows(engine, SYSTEM, register, family=FAMILY, on_progress=on_progress)
    _set_mark(engine, first, _LOADED, engine.clock.now())
    return DemoReport(len(organisations), people, report)


def demo_sign_ins(processes_folder: Path = HOUSE / "processes", locale: str = "zh") -> list[DemoSignIn]:
    """Whom a newcomer may sign in as, and what each of them sees. The password is `Settings.demo_password`."""
    language = "zh" if locale.startswith("zh") else "en"
    return [
        DemoSignIn(person["username"], person["name"][language], person["shown"][language])
        for organisation in _organisations(processes_folder / FOLDER)
        for person in organisation["person"]
        if "shown" in person
    ]


def _organisations(folder: Path) -> list[dict[str, Any]]:
    with (folder / "organisations.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["organisation"]
    return found


def _make(engine: Engine, one: dict[str, Any], password: str) -> int:
    """Makes what is missing of one organisation. How many people were added."""
    with engine.store.reading() as session:
        known = {
            *session.execute(select(Organisation.organisation_key)).scalars(),
            *session.execute(select(Unit.unit_key)).scalars(),
        }
        known_people = set(session.execute(select(Person.username)).scalars())
    if one["key"] not in known:
        add_organisation(
            engine,
            SYSTEM,
            key=one["key"],
            name=one["name"],
            calendar=one["calendar"],
            profiles=one["profiles"],
        )
    for unit in one["unit"]:
        if unit["key"] not in known:
            add_unit(
                engine,
                SYSTEM,
                organisation_key=one["key"],
                unit_key=unit["key"],
                parent_key=unit["parent"],
                name=unit["name"],
            )
    fresh = [person for person in one["person"] if person["username"] not in known_people]
    for person in fresh:
        add_person(
            engine,
            SYSTEM,
            username=person["username"],
            organisation_key=one["key"],
            name=person["name"],
            email=f"{person['username']}@example.com",
            locale=person.get("locale", "zh"),
            password=password,
        )
    for person in one["person"]:
        for unit_key, role_key in person["roles"]:
            grant_role(engine, SYSTEM, username=person["username"], unit_key=unit_key, role_key=role_key)
    for unit_key, head in ((one["key"], one["head"]), *((unit["key"], unit["head"]) for unit in one["unit"])):
        set_head(engine, SYSTEM, unit_key=unit_key, username=head)
    return len(fresh)


def _dated(
    register: Register, at: datetime, calendar_of: Callable[[RegisterRow], Calendar | None]
) -> Register:
    """The register with its relative moments, and the years in its numbers, made plain.

    A row that somebody has spoilt stays as it is: the import says what is wrong with it.
    """
    rows = []
    for row in register.rows:
        calendar = calendar_of(row)
        if calendar is not None and {"number", "received_at"} <= row.facts.keys():
            year = str(at.astimezone(calendar.zone).year)
            number = str(row.facts["number"]).replace("{year}", year)
            received_at = read_demo_moment(str(row.facts["received_at"]), at, calendar)
            row = replace(row, facts={**row.facts, "number": number, "received_at": received_at})
        rows.append(row)
    return replace(register, rows=tuple(rows))


def _started_at(engine: Engine, organisation_key: str) -> datetime:
    noted = _mark(engine, organisation_key, _STARTED)
    if noted is not None:
        return datetime.fromisoformat(noted)
    now = engine.clock.now()
    _set_mark(engine, organisation_key, _STARTED, now)
    return now


def _mark(engine: Engine, organisation_key: str, name: str) -> str | None:
    with engine.store.reading() as session:
        found = session.get(Organisation, organisation_key)
        return None if found is None else found.settings.get(name)


def _set_mark(engine: Engine, organisation_key: str, name: str, at: datetime) -> None:
    with engine.store.transaction() as session:
        found = session.get_one(Organisation, organisation_key)
        found.settings = found.settings | {name: at.isoformat()}
