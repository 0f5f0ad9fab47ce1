"""kill -9, again and again, while four people work: nothing acknowledged is lost, nothing is done twice."""

import logging
import random
from collections import Counter

import pytest
from kept_promises import check_acknowledged, check_once
from rest_client import CLERKS, RestClient
from running_server import pause
from sqlalchemy import select

from engine.model import AuditRow, LadderStep, ProcessInstance, Timer
from engine.store import Store

log = logging.getLogger(__name__)


@pytest.mark.slow
def test_nothing_is_lost_when_the_server_is_killed(server):
    crash_while_four_people_work(server, kills=3)


@pytest.mark.soak
def test_nothing_is_lost_when_the_server_is_killed_many_times(server):
    crash_while_four_people_work(server, kills=25)


def crash_while_four_people_work(server, *, kills):
    chance = random.Random(20261124)
    server.start()
    clients = [RestClient(server, name, colleague="chen_bo") for name in CLERKS]
    for client in clients:
        client.start()
    for number in range(kills):
        pause(chance.uniform(0.8, 3.5))
        server.kill()
        if number % 3 == 0:
            pause(2.5)  # long enough for timers to fall due while nobody looks
        server.start()
        log.info("kill %s of %s", number + 1, kills)
    pause(1.0)
    for client in clients:
        client.finish()
    for client in clients:
        client.join(120)
        assert not client.is_alive(), (
            f"{client.username} waits for a case that does not go on: {client.record}"
        )
    server.stop()

    assert server.kills == kills
    records = [client.record for client in clients]
    assert [surprise for record in records for surprise in record.surprises] == []
    assert sum(record.unanswered for record in records) > 0, "No kill hit anybody: the test tests nothing."
    store = Store(server.database_url)
    try:
        with store.reading() as session:
            check_acknowledged(session, records, CLERKS)
            check_once(session)
            check_due_moments(session)
    finally:
        store.close()
    log.info(
        "%s kills, %s cases, %s tasks acknowledged, %s calls unanswered",
        kills,
        sum(len(record.started) for record in records),
        sum(len(record.completed) for record in records),
        sum(record.unanswered for record in records),
    )


def check_due_moments(session):
    ended = set(
        session.execute(
            select(ProcessInstance.instance_key).where(ProcessInstance.state != "running")
        ).scalars()
    )
    fired = Counter(
        tuple(row)
        for row in session.execute(
            select(AuditRow.chain, AuditRow.subject).where(AuditRow.act == "timer.fired")
        )
    )
    timers = session.execute(
        select(Timer.instance_key, Timer.element_id, Timer.state, Timer.fires_at, Timer.fired_at)
    ).all()
    ticking = [timer for timer in timers if timer.element_id in ("tick", "waited_long")]
    assert ticking, "No timer fell due: the test tests nothing."
    for timer in ticking:
        assert timer.state == "fired", timer
        assert timer.fired_at >= timer.fires_at
        assert fired[timer.instance_key, timer.element_id] == 1
    assert any(timer.fired_at - timer.fires_at for timer in ticking)
    assert not [timer for timer in timers if timer.state == "waiting" and timer.instance_key in ended]
    waiting = session.execute(select(LadderStep.instance_key).where(LadderStep.state == "waiting")).scalars()
    assert not ended.intersection(waiting)
