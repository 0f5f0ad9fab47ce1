"""The demo: six invented organisations, a register of 300 complaints, and some cases of other procedures, so that a
newcomer sees something true.

Loaded once. What people change afterwards stays as they changed it, whatever the files say.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.commands.engine import Engine
from engine.commands.imports import (
    ImportReport,
    Register,
    RegisterRow,
    import_rows,
    labels_of_forms,
    read_register,
)
from engine.model import Organisation
from engine.people import SYSTEM, hash_password
from engine.worktime import Calendar
from web.wiring.demo_moments import read_demo_moment
from web.wiring.demo_people import make_organisation
from web.wiring.settings import HOUSE, Settings

FOLDER = "demo"
REGISTERS = {  # file → family
    "complaints.csv": "complaint",
    "returns.csv": "return_approval",
    "feedback.csv": "feedback",
    "measures.csv": "corrective_action",
}
_STARTED, _LOADED = "demo_started_at", "demo_loaded_at"


@dataclass(frozen=True)
class DemoReport:
    """`registers`: file → what became of its rows. Empty: the demo was loaded before, and nothing was touched."""

    organisations: int = 0
    people: int = 0
    registers: Mapping[str, ImportReport] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoSignIn:
    username: str
    name: str
    sees: str


def load_demo(
    engine: Engine, settings: Settings, on_progress: Callable[[int, int], None] | None = None
) -> DemoReport:
    """Idempotent; after a crash it takes up where it stopped, with the moments of the first start.

    Needs the families of the registers to be deployed: see `first_start`.
    """
    with engine.store.alone("demo"):
        return _load(engine, settings, on_progress)


def _load(engine: Engine, settings: Settings, on_progress: Callable[[int, int], None] | None) -> DemoReport:
    folder = settings.processes_folder / FOLDER
    organisations = _organisations(folder)
    first = organisations[0]["key"]
    if _mark(engine, first, _LOADED) is not None:
        return DemoReport()
    hashed = hash_password(settings.demo_password)
    people = sum(make_organisation(engine, one, hashed) for one in organisations)
    started_at = _started_at(engine, first)
    calendars = {one["key"]: engine.calendars.get(one["calendar"]) for one in organisations}
    names = {name: one["key"] for one in organisations for name in (one["key"], *one["name"].values())}
    reports = {}
    for name, family in REGISTERS.items():
        if not (folder / name).is_file():
            continue
        register = _dated(
            read_register(folder / name, labels_of_forms(engine, family)),
            started_at,
            lambda row: calendars.get(names.get(str(row.facts.get("organisation")), "")),
        )
        reports[name] = import_rows(engine, SYSTEM, register, family=family, on_progress=on_progress)
    _set_mark(engine, first, _LOADED, engine.clock.now())
    return DemoReport(len(organisations), people, reports)


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
            row = replace(
                row,
                facts={**row.facts, "number": number, "received_at": received_at},
                values={
                    name: read_demo_moment(cell, at, calendar) if isinstance(cell, str) else cell
                    for name, cell in row.values.items()
                },
            )
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
