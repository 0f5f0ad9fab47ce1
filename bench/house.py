"""A settled engine: one organisation, and one person for each role of the register. Over a SQLite file, or PostgreSQL."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import HandlerTable
from engine.commands.people.people_commands import add_organisation, add_person, grant_role, set_head
from engine.commands.people.sign_in import load_actor
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import read_families
from engine.commands.releases.installed import InstalledRelease
from engine.model import VirtualClock, WallClock
from engine.people import SYSTEM, Actor
from engine.store import Store, upgrade_schema
from handlers import HANDLERS
from web.wiring.build import build_engine
from web.wiring.settings import Settings

ROOT = Path(__file__).parents[1]
PROCESSES = ROOT / "processes"
DIAGRAMS = Path(__file__).parent / "diagrams"
BANK = "bank"
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def complaint_profiles(release: InstalledRelease) -> list[str]:
    """Those of the shared process: the family holds procedures of their own besides."""
    return sorted(one.id for one in release.profiles.values() if one.process == "complaint")


class House:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._actors: dict[str, Actor] = {}

    def settle(self, families: Iterable[Path]) -> None:
        add_organisation(self.engine, SYSTEM, key=BANK, name={"zh": "支行", "en": "Branch"})
        for role in [*sorted(self.engine.register.roles), "head", "accused", "supervisor"]:
            add_person(
                self.engine,
                SYSTEM,
                username=f"p_{role}",
                organisation_key=BANK,
                name={"zh": role, "en": role},
                email=f"{role}@bank.example",
            )
            held = role if role in self.engine.register.roles or role == "supervisor" else "staff"
            grant_role(self.engine, SYSTEM, username=f"p_{role}", unit_key=BANK, role_key=held)
        set_head(self.engine, SYSTEM, unit_key=BANK, username="p_head")
        deploy(self.engine, SYSTEM, read_families(list(families)), name="bench")

    def actor(self, username: str) -> Actor:
        if username not in self._actors:
            found = load_actor(self.engine, username)
            assert found is not None, username
            self._actors[username] = found
        return self._actors[username]

    @cached_property
    def release(self) -> InstalledRelease:
        with self.engine.store.reading() as session:
            (only,) = self.engine.releases.newest_of_families(session)
        return only

    def values(self, form_ref: str | None) -> dict[str, Any]:
        """The happy path of a form, with people who are here."""
        form = self.release.forms.get(form_ref) if form_ref else None
        if form is None:
            return {}
        values = form.example
        for field in form.fields:
            if field.widget == "user" and field.name in values:
                there = "p_accused" if field.name == "complained_about" else "p_head"
                values[field.name] = [there] if isinstance(values[field.name], list) else there
            if field.widget == "unit" and field.name in values:
                values[field.name] = [BANK] if isinstance(values[field.name], list) else BANK
        return values


@contextmanager
def house(*families: Path) -> Iterator[House]:
    """Over a SQLite file, on a clock that stands still."""
    with TemporaryDirectory(prefix="huiyin-bench-") as folder:
        store = Store(f"sqlite:///{folder}/huiyin.db")
        upgrade_schema(store)
        made = House(_engine(store, VirtualClock(MONDAY)))
        made.settle(families)
        yield made
        store.close()


@contextmanager
def distributed_house(url: str, *families: Path) -> Iterator[House]:
    """As one process of several sees it, on the real clock, over the PostgreSQL of `url`.

    With `families` the database is empty and gets our tables, the people and the families; without, it has them.
    """
    engine = build_engine(Settings(database_url=url))
    if families:
        upgrade_schema(engine.store)
    made = House(engine)
    if families:
        made.settle(families)
    yield made
    engine.store.close()


def _engine(store: Store, clock: WallClock) -> Engine:
    return Engine(
        store, clock, HandlerTable(HANDLERS), EngineSettings(PROCESSES), Calendars(PROCESSES / "calendars")
    )
