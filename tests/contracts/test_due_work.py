"""Due moments and jobs: several servers look at once, each is done once, and none is lost."""

from datetime import timedelta

import pytest
from at_once import at_once, failures
from cases import complete, jobs, open_tasks, start, state, timers, variables, visits
from engines import make_engine, person
from sqlalchemy import select

from engine.commands.due.due_moments import MomentsReport, do_due_moments
from engine.commands.due.due_work import do_due_work, next_due_at
from engine.commands.due.leases import LEASE
from engine.commands.due.run_jobs import run_due_jobs, take_over_jobs
from engine.commands.handler import Handler
from engine.commands.incidents import resolve_incident
from engine.model import HandlerFailed, Incident, Notice
from engine.store import Store

LATE = timedelta(days=2)  # well after the eight working hours of the tiny family


@pytest.fixture
def servers(stored_engine, another_server):
    return [stored_engine, another_server()]


def test_a_due_moment_is_a_row_from_the_first_step(stored_engine):
    case = start(stored_engine)

    (timer,) = timers(stored_engine, case)

    assert (timer.state, timer.element_id) == ("waiting", "answer_overdue")
    assert next_due_at(stored_engine) < timer.fires_at  # the warnings of the ladder come before


def test_servers_that_look_at_once_fire_each_timer_once(servers, clock):
    cases = [start(servers[0]) for _ in range(6)]
    clock.advance(LATE)

    outcomes = at_once([lambda server=server: do_due_moments(server) for server in servers * 2])

    assert failures(outcomes) == []
    assert sum(len(done.timers) for done in outcomes) == len(cases)
    for case in cases:
        assert set(open_tasks(servers[0], case)) == {"answer", "press"}
        assert visits(servers[0], case, "answer_overdue") == 1
        assert [timer.state for timer in timers(servers[0], case)] == ["fired"]
    assert [do_due_moments(server) for server in servers] == [MomentsReport(), MomentsReport()]


def test_servers_that_look_at_once_send_each_rung_once(servers, clock):
    case = start(servers[0])
    clock.advance(LATE)

    outcomes = at_once([lambda server=server: do_due_moments(server) for server in servers * 2])

    assert failures(outcomes) == []
    with servers[0].store.reading() as session:
        sent = session.execute(
            select(Notice.kind, Notice.recipient, Notice.once).where(
                Notice.instance_key == case.instance_key, Notice.kind != "task_assigned"
            )
        ).all()
    assert len(sent) == len(set(sent))
    assert ("deadline_breached", "wang_wei") in {(one.kind, one.recipient) for one in sent}


def test_a_task_completed_while_its_timer_fires_is_done_once(servers, clock):
    for _ in range(6):
        case = start(servers[0])
        task_key = open_tasks(servers[0], case)["answer"]
        clock.advance(LATE)

        outcomes = at_once(
            [
                lambda: do_due_moments(servers[0]),
                lambda task_key=task_key: complete(servers[1], "li_na", task_key),
            ]
        )

        assert failures(outcomes) == []
        assert visits(servers[0], case, "answer") == 1
        (timer,) = timers(servers[0], case)
        fired = len(outcomes[0].timers)
        assert timer.state == ("fired" if fired else "cancelled")
        assert set(open_tasks(servers[0], case)) == ({"press"} if fired else set())


def test_a_timer_that_fell_due_while_no_server_ran_fires_once_after_the_restart(
    database_url, stored_engine, clock
):
    case = start(stored_engine)
    stored_engine.store.close()
    clock.advance(timedelta(days=30))

    restarted = make_engine(Store(database_url), clock)
    first, second = do_due_work(restarted), do_due_work(restarted)

    assert [fired.element_id for fired in first.timers] == ["answer_overdue"]
    assert first.timers[0].late_by > timedelta(days=20)
    assert not second
    assert set(open_tasks(restarted, case)) == {"answer", "press"}
    restarted.store.close()


def test_servers_that_look_at_once_run_each_job_once(stored_engine, another_server):
    runs = []
    handler = Handler("record", lambda context: runs.append(context.idempotency_key) or {"recorded": True})
    servers = [make_engine(one.store, one.clock, [handler]) for one in (stored_engine, another_server())]
    cases = [start(servers[0], "recording") for _ in range(8)]

    outcomes = at_once([lambda server=server: run_due_jobs(server) for server in servers * 2])

    assert failures(outcomes) == []
    assert len(runs) == len(set(runs)) == len(cases)
    assert {state(servers[0], case) for case in cases} == {"completed"}


def test_a_job_of_a_vanished_worker_is_taken_over_with_the_same_idempotency_key(stored_engine, clock):
    keys = []

    def vanish(context):
        keys.append(context.idempotency_key)
        raise SystemExit  # as if the process had been killed in the middle of the call

    case = start(stored_engine, "recording")
    vanishing = make_engine(stored_engine.store, clock, [Handler("record", vanish)])
    with pytest.raises(SystemExit):
        run_due_jobs(vanishing)
    assert run_due_jobs(stored_engine) == []  # still leased

    clock.advance(LEASE)
    done = run_due_jobs(stored_engine)

    assert [one.is_done for one in done] == [True]
    assert variables(stored_engine, case)["recorded_as"] == keys[0]
    assert visits(stored_engine, case, "record") == 1


def test_the_only_keeper_of_a_database_need_not_wait_for_the_lease_of_a_killed_one(stored_engine, clock):
    def vanish(context):
        raise SystemExit

    case = start(stored_engine, "recording")
    with pytest.raises(SystemExit):
        run_due_jobs(make_engine(stored_engine.store, clock, [Handler("record", vanish)]))

    take_over_jobs(stored_engine)
    run_due_jobs(stored_engine)

    assert state(stored_engine, case) == "completed"
    assert visits(stored_engine, case, "record") == 1


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(stored_engine, clock):
    case = start(stored_engine, "recording")

    def be_slow(context):
        clock.advance(LEASE)
        assert [one.is_done for one in run_due_jobs(stored_engine)] == [True]  # the other worker is faster
        return {"recorded_as": "too late"}

    slow = make_engine(stored_engine.store, clock, [Handler("record", be_slow)])
    done = run_due_jobs(slow)

    assert [one.is_done for one in done] == [False]
    assert variables(stored_engine, case)["recorded_as"] != "too late"
    assert visits(stored_engine, case, "record") == 1


def test_a_job_that_fails_is_tried_again_and_then_waits_for_a_person(stored_engine, clock):
    tries = []

    def fail(context):
        tries.append(clock.now())
        raise HandlerFailed("The archive is closed.", "档案室关门了。")

    case = start(stored_engine, "recording")
    failing = make_engine(stored_engine.store, clock, [Handler("record", fail)])
    for _ in range(5):
        do_due_work(failing)
        clock.advance(timedelta(minutes=10))

    assert len(tries) == 3
    assert [job.state for job in jobs(stored_engine, case)] == ["failed"]
    assert state(stored_engine, case) == "running"

    with stored_engine.store.reading() as session:
        incident = session.execute(select(Incident)).scalar_one()
    assert incident.message["zh"] == "档案室关门了。"
    resolve_incident(
        stored_engine, person(stored_engine, "wang_wei"), incident_key=incident.incident_key, retries=1
    )
    do_due_work(stored_engine)

    assert state(stored_engine, case) == "completed"


def test_outputs_that_json_does_not_know_wait_for_a_person_and_stop_no_worker(stored_engine):
    case = start(stored_engine, "recording")
    unstorable = Handler("record", lambda context: {"recorded_as": {1, 2}})

    done = run_due_jobs(make_engine(stored_engine.store, stored_engine.clock, [unstorable]))

    assert [one.is_done for one in done] == [False]
    assert [job.state for job in jobs(stored_engine, case)] == ["failed"]
    assert state(stored_engine, case) == "running"
