"""kill -9, again and again, while four people work: nothing acknowledged is lost, nothing is done twice."""

import logging
import random
from collections import Counter

import pytest
from rest_client import CLERKS, RestClient
from running_server import pause
from sqlalchemy import select

from engine.audit import verify
from engine.model import (
    AuditRow,
    ElementInstance,
    Incident,
    Job,
    LadderStep,
    Notice,
    ProcessInstance,
    Timer,
    UserTask,
)
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
            check_acknowledged(session, records)
            check_once(session)
            check_due_moments(session)
            assert verify(session).problems == []
    finally:
        store.close()
    log.info(
        "%s kills, %s cases, %s tasks acknowledged, %s calls unanswered",
        kills,
        sum(len(record.started) for record in records),
        sum(len(record.completed) for record in records),
        sum(record.unanswered for record in records),
    )


def check_acknowledged(session, records):
    cases = {
        row.instance_key: row
        for row in session.execute(
            select(ProcessInstance.instance_key, ProcessInstance.business_key, ProcessInstance.state)
        )
    }
    tasks = {
        row.user_task_key: row
        for row in session.execute(
            select(UserTask.user_task_key, UserTask.element_id, UserTask.state, UserTask.completed_by)
        )
    }
    for record, username in zip(records, CLERKS, strict=True):
        for business_key, instance_key in record.started.items():
            assert cases[instance_key].business_key == business_key
        for instance_key in record.finished:
            assert cases[instance_key].state == "completed"
        for task_key, element_id in record.completed.items():
            found = tasks[task_key]
            assert (found.element_id, found.state, found.completed_by) == (element_id, "completed", username)
    started = [key for record in records for key in record.started]
    assert len(cases) == len(started) == len(set(started)), (
        "A case that nobody started, or one started twice."
    )


def check_once(session):
    completed = Counter(
        session.execute(select(AuditRow.subject).where(AuditRow.act == "task.completed")).scalars()
    )
    done = set(session.execute(select(UserTask.user_task_key).where(UserTask.state == "completed")).scalars())
    assert completed == dict.fromkeys(done, 1)
    steps = {}
    for case, sequence in session.execute(select(ElementInstance.instance_key, ElementInstance.sequence)):
        steps.setdefault(case, []).append(sequence)
    for case, sequences in steps.items():
        assert sorted(sequences) == list(range(1, len(sequences) + 1)), case
    told = session.execute(select(Notice.once, Notice.recipient)).all()
    assert len(told) == len(set(told))
    assert set(session.execute(select(Job.state)).scalars()) <= {"done", "cancelled"}
    finished = session.execute(
        select(AuditRow.chain, AuditRow.subject).where(AuditRow.act == "job.completed")
    ).all()
    handler_jobs = session.execute(
        select(Job.job_key).where(Job.kind == "handler", Job.state == "done")
    ).all()
    assert len(finished) == len(handler_jobs)
    assert session.execute(select(Incident.message)).all() == []


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
