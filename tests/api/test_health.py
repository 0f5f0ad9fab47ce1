"""What machines ask the server about itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from engines import person
from sqlalchemy import select, text, update

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.start_instance import start_instance
from engine.model import Person, Timer, VirtualClock
from engine.people import hash_password
from web.app import create_app
from web.stopping import stopping_of


@dataclass(frozen=True)
class Settings:
    secret_key: str = "for tests"
    is_secure: bool = False
    trusted_proxies: int = 0
    locale: str = "zh"
    live_streams: int = 0


@pytest.fixture
def client(engine: Engine) -> Any:
    with engine.store.transaction() as session:
        session.execute(update(Person).values(password_hash=hash_password("eight-o-clock")))
    return create_app(engine, Settings()).test_client()


def test_it_answers_while_the_process_lives(client: Any) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_it_is_ready_only_after_overdue_timers_are_caught_up(
    client: Any, engine: Engine, clock: VirtualClock
) -> None:
    start_instance(engine, person(engine, "li_na"), process_key="answering", variables={})
    clock.advance(timedelta(days=2))

    before = client.get("/readyz")
    do_due_work(engine)
    after = client.get("/readyz")

    assert (before.status_code, before.json["status"]) == (503, "catching up")
    assert (after.status_code, after.json["status"]) == (200, "ready")


def test_it_stays_ready_while_a_moment_is_being_fired_but_not_when_nobody_fires_it(
    client: Any, engine: Engine, clock: VirtualClock
) -> None:
    start_instance(engine, person(engine, "li_na"), process_key="answering", variables={})
    first = client.get("/readyz").status_code
    clock.advance(timedelta(hours=22, seconds=1))  # the first warning of 8 WH is due

    shortly_after = client.get("/readyz").status_code
    clock.advance(timedelta(minutes=2))
    long_after = client.get("/readyz").status_code

    assert (first, shortly_after, long_after) == (200, 200, 503)


def test_it_wants_no_more_requests_while_it_stops(client: Any) -> None:
    stopping_of(client.application).set()

    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.json) == (503, {"status": "stopping"}), path


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_a_worker_it_is_ready_and_says_so_until_something_is_overdue(
    stored_engine: Engine, clock: VirtualClock
) -> None:
    client = create_app(stored_engine, Settings()).test_client()
    start_instance(stored_engine, person(stored_engine, "li_na"), process_key="answering", variables={})

    nothing_due = client.get("/readyz")
    clock.advance(timedelta(days=2))
    overdue = client.get("/readyz")
    may_be_asked = client.get("/healthz")

    assert (nothing_due.status_code, nothing_due.json) == (200, {"status": "ready", "reason": "no worker"})
    assert (overdue.status_code, overdue.json["reason"]) == (503, "no worker")
    assert overdue.json["overdue_seconds"] > 0
    assert may_be_asked.status_code == 200


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("heard", "says"), [("now()", None), ("now() - interval '1 minute'", "no worker")])
def test_a_worker_counts_while_it_is_heard_of(stored_engine: Engine, heard: str, says: str | None) -> None:
    client = create_app(stored_engine, Settings()).test_client()
    with stored_engine.store.transaction() as session:
        session.execute(text(f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES ({heard})"))

    assert client.get("/readyz").json.get("reason") == says


def test_it_tells_its_measures_to_those_who_may_see_the_system(client: Any, engine: Engine) -> None:
    start_instance(engine, person(engine, "li_na"), process_key="answering", variables={})

    stranger = client.get("/metrics")
    answer = client.get("/metrics", auth=("li_na", "eight-o-clock"))

    assert stranger.status_code == 401
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'huiyin_cases{state="running"} 1' in lines
    assert "huiyin_user_tasks_open 1" in lines
    assert "huiyin_incidents_open 0" in lines
    assert "li_na" not in answer.text


def test_timers_that_fired_late_are_counted_by_the_day(
    client: Any, engine: Engine, clock: VirtualClock
) -> None:
    start_instance(engine, person(engine, "li_na"), process_key="answering", variables={})
    with engine.store.reading() as session:
        fires_at = session.execute(select(Timer.fires_at)).scalar_one()
    clock.set(fires_at + timedelta(minutes=5))

    def measures() -> list[str]:
        return client.get("/metrics", auth=("li_na", "eight-o-clock")).text.splitlines()

    waiting = measures()
    do_due_work(engine)
    done = measures()
    clock.advance(timedelta(days=2))
    later = measures()

    assert 'huiyin_queue_due{queue="timers"} 4' in waiting  # three steps of its ladder, then the timer
    assert 'huiyin_queue_due{queue="timers"} 0' in done
    assert "huiyin_timers_late_last_day 0" in waiting
    assert "huiyin_timers_late_last_day 1" in done
    assert "huiyin_timers_late_most_seconds_last_day 300" in done
    assert "huiyin_timers_late_last_day 0" in later
