"""An engine over any store, with one small organisation and a family of three tiny processes.

answering: a task with a deadline; recording: a job; listening: a task, then a message. Li Na 李娜 answers, Wang Wei 王伟
supervises, Chen Bo 陈波 must see nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from databases import Databases

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import Handler, HandlerContext, HandlerTable
from engine.commands.people.people_commands import add_organisation, add_person, grant_role, set_head
from engine.commands.people.sign_in import load_actor
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import read_families
from engine.jobs import queue_for
from engine.model import VirtualClock, WallClock
from engine.people import SYSTEM, Actor
from engine.store import Store

PROCESSES = Path(__file__).parents[2] / "processes"
TINY_FAMILY = Path(__file__).parent / "tiny_family"
SHANGHAI = timezone(timedelta(hours=8))
FRIDAY = datetime(2026, 2, 13, 16, tzinfo=SHANGHAI)  # the day before a make-up Saturday
CALENDARS = Calendars(PROCESSES / "calendars")  # read from files once; they hold no rows
ORGANISATION = "bank"
PEOPLE = {
    "li_na": ("李娜", "Li Na", ("first_receiver",)),
    "zhao_min": ("赵敏", "Zhao Min", ("first_receiver",)),
    "wang_wei": ("王伟", "Wang Wei", ("outlet_head", "supervisor")),
    "chen_bo": ("陈波", "Chen Bo", ()),
}


def record(context: HandlerContext) -> Mapping[str, Any]:
    """What the tiny family's job does, unless a test brings its own."""
    return {"recorded_as": context.idempotency_key}


def make_engine(store: Store, clock: WallClock, handlers: Iterable[Handler] = ()) -> Engine:
    """An engine over what the store holds. Several engines over one database are several servers."""
    table = HandlerTable([Handler("record", record), *handlers])
    settings = EngineSettings(PROCESSES)
    return Engine(store, clock, table, settings, CALENDARS, jobs=queue_for(is_sqlite=store.is_sqlite))


def settle(engine: Engine, *, families: Iterable[Path] = (TINY_FAMILY,)) -> None:
    """The organisation, its people and the families, as a first start would make them."""
    add_organisation(engine, SYSTEM, key=ORGANISATION, name={"zh": "城东支行", "en": "East branch"})
    add_people(engine, PEOPLE)
    set_head(engine, SYSTEM, unit_key=ORGANISATION, username="wang_wei")
    deploy(engine, SYSTEM, read_families(list(families)), name="tests")


def add_people(engine: Engine, people: Mapping[str, tuple[str, str, tuple[str, ...]]]) -> None:
    """`people`: username → Chinese name, English name, roles in the branch."""
    for username, (zh, en, roles) in people.items():
        add_person(
            engine,
            SYSTEM,
            username=username,
            organisation_key=ORGANISATION,
            name={"zh": zh, "en": en},
            email=f"{username}@bank.example",
        )
        for role in roles:
            grant_role(engine, SYSTEM, username=username, unit_key=ORGANISATION, role_key=role)


def person(engine: Engine, username: str) -> Actor:
    actor = load_actor(engine, username)
    assert actor is not None
    return actor


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(FRIDAY)


@pytest.fixture(scope="session")
def settled_tables(databases: Databases) -> Iterable[Store]:
    """What `settle` leaves behind, made once and copied for each test."""
    store = databases.with_tables()
    settle(make_engine(store, VirtualClock(FRIDAY)))
    yield store
    databases.throw_away(store)


@pytest.fixture
def engine(databases: Databases, settled_tables: Store, clock: VirtualClock) -> Iterable[Engine]:
    """A settled engine for one thread, over a database of the kind that the suite runs on."""
    store = databases.copy_of(settled_tables)
    yield make_engine(store, clock)
    databases.throw_away(store)


@pytest.fixture
def stored_engine(store: Store, clock: VirtualClock) -> Engine:
    """A settled engine over a database that several threads may share; once over SQLite, once over PostgreSQL."""
    made = make_engine(store, clock)
    settle(made)
    return made


@pytest.fixture
def another_server(database_url: str, stored_engine: Engine) -> Iterable[Callable[[], Engine]]:
    """Further engines over the same database, as if other processes had been started."""
    stores: list[Store] = []

    def start() -> Engine:
        stores.append(Store(database_url))
        return make_engine(stores[-1], stored_engine.clock)

    yield start
    for store in stores:
        store.close()
