"""Thousands of timers fall due in the same second: each fires exactly once, and two workers are not in each other's way."""

import logging
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from house_of_processes import HouseOfProcesses
from running_server import pause
from sqlalchemy import func, select, update
from waiting_cases import ELEMENT, make_waiting_cases

from engine.audit import verify
from engine.model import AuditRow, ElementInstance, Incident, ProcessInstance, SystemClock, Timer
from engine.store import Store

LOOK_EVERY_SECONDS = 0.5
AHEAD = timedelta(seconds=4)  # so that the workers are there and have nothing to do when the moment comes

log = logging.getLogger(__name__)


@pytest.mark.slow
@pytest.mark.postgresql
def test_two_hundred_timers_of_one_second_fire_once_with_two_workers(postgres, tmp_path):
    with postgres.database() as url:
        make_waiting_cases(url, 200)
        seconds = drain(url, tmp_path, workers=2, number=200, patience_seconds=60)
    log.info("200 timers of one second: %.1f s with 2 workers", seconds)


@pytest.mark.soak
@pytest.mark.postgresql
def test_ten_thousand_timers_of_one_second_fire_once_with_one_worker_and_with_two(postgres, tmp_path):
    number = 10_000
    with postgres.database() as url:
        make_waiting_cases(url, number)
        seconds = {}
        for workers in (1, 2):
            with copied(postgres, url) as copy:
                seconds[workers] = drain(
                    copy, tmp_path / str(workers), workers=workers, number=number, patience_seconds=900
                )
    log.info(
        "%s timers of one second: %.0f s with 1 worker (%.0f/s), %.0f s with 2 (%.0f/s), ratio %.2f",
        number, seconds[1], number / seconds[1], seconds[2], number / seconds[2], seconds[1] / seconds[2],
    )  # fmt: skip


@contextmanager
def copied(postgres, url):
    copy = postgres.create(copy_of=url)
    try:
        yield copy
    finally:
        postgres.drop(copy)


def drain(url, folder, *, workers, number, patience_seconds):
    """Seconds from the due moment to the moment at which the last timer fired, by the rows."""
    house = HouseOfProcesses(url, folder, webs=0, workers=workers)
    store = Store(url)
    try:
        house.start()
        # Moved by a statement, like a clock that goes on: starting so many cases takes longer than a timer may wait.
        due_at = SystemClock().now() + AHEAD
        with store.transaction() as session:
            session.execute(update(Timer).values(due_at=due_at, fires_at=due_at))
        for _ in range(int(patience_seconds / LOOK_EVERY_SECONDS)):
            pause(LOOK_EVERY_SECONDS)
            with store.reading() as session:
                waiting = select(func.count()).where(Timer.state == "waiting")
                if session.execute(waiting).scalar_one() == 0:
                    break
        exits = house.stop()
        with store.reading() as session:
            check_each_once(session, number)
            last = session.execute(select(func.max(Timer.fired_at))).scalar_one()
    finally:
        house.stop()
        store.close()
    assert set(exits.values()) == {0}, exits
    assert last >= due_at
    return (last - due_at).total_seconds()


def check_each_once(session, number):
    states = Counter(session.execute(select(Timer.state)).scalars())
    assert states == {"fired": number}
    assert Counter(session.execute(select(ProcessInstance.state)).scalars()) == {"completed": number}
    visits = Counter(
        session.execute(
            select(ElementInstance.instance_key).where(ElementInstance.element_id == ELEMENT)
        ).scalars()
    )
    assert len(visits) == number
    assert set(visits.values()) == {1}
    fired = Counter(session.execute(select(AuditRow.chain).where(AuditRow.act == "timer.fired")).scalars())
    assert fired == visits
    assert session.execute(select(func.count()).select_from(Incident)).scalar_one() == 0
    assert verify(session).problems == []
