"""Eight people work over REST while web and worker processes are killed and database connections are cut: nothing
acknowledged is lost, no step is done twice, the world outside sees one key for all tries, and no timer is late.
"""

import logging
import random
import statistics
from collections import Counter
from datetime import timedelta

import pytest
from busy_client import BusyClient
from busy_family import ALWAYS_VISITED, BUSY, HASTY, PATIENT
from clerks import add_clerks
from cut_connections import CutConnections
from engines import make_engine, settle
from held_tickets import HeldTickets
from house_of_processes import HouseOfProcesses
from huiyin_with_probe import PROBE, traces
from kept_promises import check_acknowledged, check_once
from lateness import met_moments, without_any
from running_server import pause
from sqlalchemy import select

from engine.commands.releases.deploy import deploy
from engine.model import AuditRow, ElementInstance, Job, ProcessInstance, SystemClock, Timer
from engine.people import SYSTEM
from engine.store import Store

SEED = 20261125
CLERKS = tuple(f"clerk_{number}" for number in range(1, 9))
PATIENCE_SECONDS = 120
LATEST = timedelta(seconds=5)

log = logging.getLogger(__name__)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.postgresql
def test_nothing_is_lost_or_late_while_two_of_four_processes_are_killed(postgres, tmp_path):
    with postgres.empty_database() as url:
        work_while_processes_are_killed(url, tmp_path, webs=2, workers=2, kills=4, every=(2.0, 4.5))


@pytest.mark.soak
@pytest.mark.postgresql
def test_nothing_is_lost_or_late_in_five_minutes_of_kills(postgres, tmp_path):
    with postgres.empty_database() as url:
        work_while_processes_are_killed(url, tmp_path, webs=2, workers=3, kills=55, every=(3.5, 7.5))


def work_while_processes_are_killed(url, folder, *, webs, workers, kills, every):
    proxy = CutConnections(url, seed=SEED)
    proxy.start()
    house = HouseOfProcesses(proxy.url, folder, webs, workers)
    tickets = HeldTickets(url)
    try:
        HouseOfProcesses(url, folder / "before", 0, 0).upgrade()
        settle_busy(url)
        house.start()
        tickets.start()
        clients = [BusyClient(house.addresses, name, number) for number, name in enumerate(CLERKS)]
        for client in clients:
            client.start()
        house.kill_at_random(random.Random(SEED), kills=kills, every=every)
        pause(2)
        house.all_back()
        proxy.heal()
        for client in clients:
            client.finish()
        for client in clients:
            client.join(PATIENCE_SECONDS)
            stuck = set(client.record.started.values()) - client.record.finished
            assert not client.is_alive(), f"{client.username} waits for {stuck}"
        tickets.stop()
        exits = house.stop()
    finally:
        house.stop()
        tickets.stop()
        proxy.stop()

    records = [client.record for client in clients]
    assert [surprise for record in records for surprise in record.surprises] == []
    assert sum(record.unanswered for record in records) > 0, "No kill hit anybody: the test tests nothing."
    assert proxy.cut > 0, "No connection was cut: the test tests nothing."
    assert set(exits.values()) == {0}, exits
    assert house.refused_statements() == []
    store = Store(url)
    try:
        with store.reading() as session:
            check_acknowledged(session, records, CLERKS)
            check_once(session)
            check_paths(session)
            tries = check_outside(session, house.outside)
            check_fired_once(session)
            late = lateness_of(session, house, tickets)
    finally:
        store.close()
    log.info(
        "%s kills (%s of workers; back after %.1f s in the median), %s of %s connections cut, %s cases, %s tasks acknowledged, %s calls unanswered, "
        "%s service tasks in %s tries; %s",
        len(house.absences()),
        len(house.absences(house.worker)),
        statistics.median((one.until - one.since).total_seconds() for one in house.absences()),
        proxy.cut,
        proxy.opened,
        sum(len(record.started) for record in records),
        sum(len(record.completed) for record in records),
        sum(record.unanswered for record in records),
        len(tries),
        sum(tries.values()),
        late,
    )


def settle_busy(url):
    store = Store(url)
    engine = make_engine(store, SystemClock(), [PROBE])
    settle(engine)
    deploy(engine, SYSTEM, [BUSY], name="busy")
    add_clerks(engine, CLERKS)
    store.close()


def check_paths(session):
    """Each case went one of the two ways, and visited each element of it exactly once."""
    visits = {}
    for case, element, outcome in session.execute(
        select(ElementInstance.instance_key, ElementInstance.element_id, ElementInstance.outcome)
    ):
        visits.setdefault(case, []).append((element, outcome))
    cases = set(session.execute(select(ProcessInstance.instance_key)).scalars())
    assert visits.keys() == cases
    for case, visited in visits.items():
        elements = [element for element, _ in visited if element != "merge"]
        twice = {
            element: number
            for element, number in Counter(elements).items()
            if number > 1 and element != "join"
        }
        assert twice == {}, case
        assert set(elements) - ALWAYS_VISITED in (PATIENT, HASTY), case
        assert set(elements) >= ALWAYS_VISITED, case


def check_outside(session, folder):
    """Key → number of tries seen outside. One key for each service task, and none that no service task has."""
    jobs = session.execute(
        select(Job.instance_key, Job.element_instance_key, Job.attempts).where(Job.kind == "handler")
    ).all()
    tries = Counter(key for key, _ in traces(folder))
    allowed = {f"{job.instance_key}:{job.element_instance_key}": job.attempts for job in jobs}
    assert len(allowed) == len(jobs)
    assert tries.keys() == allowed.keys()
    assert [key for key, number in tries.items() if number > allowed[key]] == [], (
        "Tried more often than counted."
    )
    assert sum(tries.values()) > len(tries), "No handler was tried twice: the test tests nothing."
    return tries


def check_fired_once(session):
    fired = Counter(
        tuple(row)
        for row in session.execute(
            select(AuditRow.chain, AuditRow.subject).where(AuditRow.act == "timer.fired")
        )
    )
    timers = session.execute(select(Timer.instance_key, Timer.element_id, Timer.state)).all()
    assert {timer.state for timer in timers} == {"fired", "cancelled"}
    assert fired == {(one.instance_key, one.element_id): 1 for one in timers if one.state == "fired"}
    assert {"tick", "waited_long"} == {element for _, element in fired}


def lateness_of(session, house, tickets):
    """One line about it. Excused is only: no worker process was there at all; or the case's ticket was in the hands
    of a killed worker, from the SIGKILL to the takeover."""
    gone = [[(one.since, one.until) for one in worker.absences] for worker in house.worker]
    held = tickets.outages(one.since for one in house.absences(house.worker))
    met = met_moments(session, [*without_any(gone), *held])
    worst = max(met, key=lambda one: one.inexcusably_late)
    takeovers = [one.until - one.since for one in held]
    line = (
        f"{len(met)} due moments, latest {max(one.late for one in met).total_seconds():.2f} s, "
        f"outside of downtime {worst.inexcusably_late.total_seconds():.2f} s; {len(held)} tickets of killed workers "
        f"taken over, at the latest after {max(takeovers, default=timedelta()).total_seconds():.2f} s"
    )
    story = tickets.story(worst.case, worst.due_at, worst.met_at)
    kills = [f"{one.name} {one.since:%T.%f}" for one in house.absences() if one.since < worst.met_at][-4:]
    assert worst.inexcusably_late <= LATEST, f"{line}; {worst}; {story}; the kills before: {kills}"
    return line
