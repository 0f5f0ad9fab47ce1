"""Two web servers over one PostgreSQL: a notice that one writes is heard by a page that is open at the other."""

import queue
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from databases import Postgres
from engines import make_engine, person
from pages import Browser, PageSettings, new_case, settle_pages, task_of
from sqlalchemy import text

from engine.commands.assign_user_task import assign_user_task
from engine.commands.engine import Engine
from engine.model import VirtualClock
from engine.store import Store
from web.app import create_app
from web.live import stream
from web.live.hub import hub_of
from web.wiring.live import live_pages
from web.wiring.settings import Settings

pytestmark = pytest.mark.postgresql
PATIENCE_SECONDS = 30


@pytest.fixture
def database(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    # Else a ping would find the notice too, though nobody was told.
    monkeypatch.setattr(stream, "PING_SECONDS", 3_600.0)
    with postgres.database() as url:
        yield url


@pytest.fixture
def servers(database: str, clock: VirtualClock) -> Iterator[list[Engine]]:
    stores = [Store(database), Store(database)]
    engines = [make_engine(store, clock) for store in stores]
    settle_pages(engines[0])
    yield engines
    for store in stores:
        store.close()


@pytest.fixture
def heard(database: str, servers: list[Engine]) -> Iterator["queue.Queue[str]"]:
    """What an open page of Li Na hears, event by event; her server is the second one."""
    app = create_app(servers[1], PageSettings())
    browser = Browser(app.test_client())
    browser.sign_in("li_na")
    events: queue.Queue[str] = queue.Queue()
    with ExitStack() as stack:
        stack.enter_context(live_pages(servers[1], Settings(database_url=database), hub_of(app)))
        response = browser.client.get("/live", buffered=False)

        def read() -> None:
            for chunk in response.response:
                events.put(chunk.decode())

        reader = threading.Thread(target=read)
        reader.start()
        # The first one is the page's own look. Being told by the listener that it listens leads to another.
        assert events.get(timeout=PATIENCE_SECONDS).startswith("event: counts")
        yield events
    reader.join(PATIENCE_SECONDS)
    assert not reader.is_alive()


def next_notice(heard: "queue.Queue[str]") -> str:
    while True:
        event = heard.get(timeout=PATIENCE_SECONDS)
        if event.startswith("event: notice"):
            return event


def hand_to_li_na(engine: Engine) -> None:
    task = task_of(engine, new_case(engine))
    assign_user_task(engine, person(engine, "wang_wei"), user_task_key=task, to="li_na", reason="请尽快答复")


def test_a_notice_of_one_server_is_heard_at_the_other(
    servers: list[Engine], heard: "queue.Queue[str]"
) -> None:
    hand_to_li_na(servers[0])

    assert "M-2026-0001" in next_notice(heard)


def test_what_was_told_while_the_listener_was_cut_off_is_found_when_it_is_back(
    servers: list[Engine], heard: "queue.Queue[str]"
) -> None:
    hand_to_li_na(servers[0])
    next_notice(heard)

    with servers[0].store.transaction() as session:
        cut = text(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'huiyin listener' AND datname = current_database()"
        )
        assert session.execute(cut).scalar_one() == 1
    hand_to_li_na(servers[0])

    assert "M-2026-0002" in next_notice(heard)
