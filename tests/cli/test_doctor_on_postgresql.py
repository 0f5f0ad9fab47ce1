"""What the doctor finds on PostgreSQL: the server, the workers, and what waits for them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from databases import Postgres
from engines import make_engine, person, settle
from sqlalchemy import text

from engine.commands.engine import Engine
from engine.commands.start_instance import start_instance
from engine.model import SystemClock
from engine.queries.database_server import DatabaseServer, passes_on_calls
from engine.store import Store
from web.cli import postgresql_checks

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

WORKER = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - :ago * interval '1 second')"
TICKET = "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES (:queue, 'huiyin.moment', :name)"


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A settled house on the real clock: the doctor looks at the real one, too."""
    store = Store(url)
    made = make_engine(store, SystemClock())
    settle(made)
    yield made
    store.close()


def execute(engine: Engine, statement: str, **values: Any) -> None:
    with engine.store.transaction() as session:
        session.execute(text(statement), values)


def checks(call: Any, url: str) -> dict[str, Any]:
    said = call("doctor", "--database", url, "--json")
    return {one["name"]: one for one in said.json["checks"]}


def test_it_finds_a_sound_house_sound(call: Any, engine: Engine, url: str) -> None:
    execute(engine, WORKER, ago=0)

    found = checks(call, url)

    names = ("version", "encoding", "clock", "connections", "calls", "workers", "ring")
    assert {name: found[name]["state"] for name in names} == dict.fromkeys(names, "ok")


def test_it_misses_workers_that_were_not_heard_of_for_a_while(call: Any, engine: Engine, url: str) -> None:
    execute(engine, WORKER, ago=60)

    found = checks(call, url)["workers"]

    assert found["state"] == "warning"
    assert "huiyin worker" in found["remedy"]["en"]
    assert "huiyin worker" in found["remedy"]["zh"]


def test_it_finds_due_rows_that_nobody_rang_for(call: Any, engine: Engine, url: str) -> None:
    start_instance(engine, person(engine, "li_na"), process_key="answering", variables={})
    key = due_since(engine, minutes=1)

    without_ticket = checks(call, url)["ring"]
    execute(engine, TICKET, queue="timers", name=f"step:{key}")
    with_ticket = checks(call, url)["ring"]

    assert (without_ticket["state"], with_ticket["state"]) == ("error", "ok")
    assert without_ticket["says"]["en"].startswith("1 due rows have no ticket")


def test_it_tells_how_long_tickets_wait_in_a_queue(call: Any, engine: Engine, url: str) -> None:
    execute(engine, TICKET, queue="handlers", name="job:1")
    execute(engine, "UPDATE procrastinate_events SET at = now() - interval '10 minutes'")

    found = checks(call, url)["tickets"]

    assert found["state"] == "warning"
    assert found["says"]["en"].startswith("handlers: 1 wait, 0 in hand. The oldest waits since ")
    assert "--queue handlers" in found["remedy"]["en"]


def test_it_hears_calls_of_another_connection(engine: Engine) -> None:
    assert passes_on_calls(engine) is True


def test_it_notices_where_calls_are_not_passed_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    # As behind a pooler of transactions: the server hears the words on some other connection.
    monkeypatch.setattr(psycopg.Connection, "notifies", lambda *_, **__: iter(()))

    assert passes_on_calls(engine) is False


@pytest.mark.parametrize(
    ("change", "name", "state"),
    [
        ({"version": 13}, "version", "error"),
        ({"encoding": "SQL_ASCII"}, "encoding", "error"),
        ({"clock_ahead": timedelta(seconds=-2.5)}, "clock", "warning"),
        ({"used": 70}, "connections", "warning"),
    ],
)
def test_it_says_what_to_mend(
    call: Any,
    engine: Engine,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    name: str,
    state: str,
) -> None:
    sound = {
        "version": 18,
        "encoding": "UTF8",
        "clock_ahead": timedelta(),
        "used": 5,
        "ours": 5,
        "allowed": 97,
        "most_of_a_process": 38,
    }
    monkeypatch.setattr(
        postgresql_checks, "find_database_server", lambda _: DatabaseServer(**(sound | change))
    )

    found = checks(call, url)

    bad = {
        one: check["state"]
        for one, check in found.items()
        if one in {"version", "encoding", "clock", "connections"}
    }
    assert {one for one, is_now in bad.items() if is_now != "ok"} == {name}
    assert bad[name] == state
    assert found[name]["remedy"]["en"]
    assert found[name]["remedy"]["zh"]


def due_since(engine: Engine, *, minutes: int) -> str:
    """Makes the first warning of the only case due some minutes ago; its key."""
    with engine.store.transaction() as session:
        found: str = session.execute(
            text(
                "UPDATE ladder_step SET due_at = (extract(epoch FROM now()) - :minutes * 60) * 1000 WHERE step_key ="
                " (SELECT step_key FROM ladder_step WHERE state = 'waiting' ORDER BY due_at LIMIT 1) RETURNING step_key"
            ),
            {"minutes": minutes},
        ).scalar_one()
    return found
