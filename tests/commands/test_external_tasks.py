"""Workers outside: each job goes to one of them, comes back when it is silent, and stops for a person when it fails."""

from datetime import timedelta

import pytest
from cases import complete, jobs, open_tasks, start, state, variables, visits
from engines import person
from families import boundary, caught, install, process, script, service, user
from promises import incidents, open_incident
from sqlalchemy import select, update

from engine.commands import external_tasks
from engine.commands.due.due_work import do_due_work
from engine.commands.external_tasks import (
    LONGEST_LOCK,
    Topic,
    bpmn_error_of_external_task,
    complete_external_task,
    extend_lock,
    fail_external_task,
    fetch_and_lock,
    lock_external_task,
    set_retries,
    unlock,
)
from engine.commands.incidents import resolve_incident
from engine.commands.people.people_commands import add_organisation, add_person, grant_role
from engine.commands.start_instance import start_instance
from engine.commands.terminate_instance import terminate_instance
from engine.model import Forbidden, InvalidInput, Job, NotFound, WrongState
from engine.people import SYSTEM

MINUTE = timedelta(minutes=1)
SENDING = process(
    "sending",
    "in -> send -> look -> out; refused -> call_them -> called",
    service("send", "post", retry="R3/PT10M"),
    user("look"),
    user("call_them"),
    boundary("refused", "send", caught("error", "unreachable")),
)


@pytest.fixture
def robot(engine):
    """A worker that may fetch jobs, as the administrator has set it up."""
    install(engine, SENDING)
    add_person(
        engine, SYSTEM, username="robot", organisation_key="bank", name={"zh": "机器人", "en": "Robot"}
    )
    grant_role(engine, SYSTEM, username="robot", unit_key="bank", role_key="worker")
    return person(engine, "robot")


@pytest.fixture
def case(engine, robot):
    return start(engine, "sending")


def fetch(engine, robot, worker="w1", topic="post", lock=MINUTE, at_most=10, **more):
    return fetch_and_lock(engine, robot, worker=worker, topics=[Topic(topic, lock)], at_most=at_most, **more)


@pytest.fixture
def locked(engine, robot, case):
    (task,) = fetch(engine, robot)
    return task


def finish(engine, robot, task, worker="w1", **values):
    complete_external_task(engine, robot, job_key=task.job_key, worker=worker, variables=values)


def fail(engine, robot, task, worker="w1", retries=None, wait=timedelta(0)):
    fail_external_task(
        engine, robot, job_key=task.job_key, worker=worker, message="Closed.", retries=retries, wait=wait
    )


def test_a_worker_does_a_job_and_the_case_goes_on(engine, robot, case, locked):
    assert (locked.instance_key, locked.element_id, locked.business_key) == (
        case.instance_key,
        "send",
        case.business_key,
    )
    assert locked.locked_until == engine.clock.now() + MINUTE

    finish(engine, robot, locked, receipt="R1")

    assert variables(engine, case)["receipt"] == "R1"
    assert list(open_tasks(engine, case)) == ["look"]
    assert visits(engine, case, "send") == 1


def test_two_workers_never_get_the_same_job(engine, robot, case):
    start(engine, "sending")

    first = fetch(engine, robot, "w1", at_most=1)
    second = fetch(engine, robot, "w2")

    assert len(first) == len(second) == 1
    assert first[0].job_key != second[0].job_key
    assert fetch(engine, robot, "w3") == []


def test_a_job_of_a_silent_worker_goes_to_the_next_when_its_lock_has_run_out(engine, robot, case, locked):
    engine.clock.advance(MINUTE - timedelta(milliseconds=1))
    assert fetch(engine, robot, "w2") == []
    engine.clock.advance(timedelta(milliseconds=1))
    (again,) = fetch(engine, robot, "w2")

    with pytest.raises(WrongState, match="w2"):
        finish(engine, robot, locked, "w1", receipt="too late")
    finish(engine, robot, again, "w2", receipt="R2")

    assert variables(engine, case)["receipt"] == "R2"


def test_a_late_answer_is_taken_while_nobody_else_has_the_job(engine, robot, case, locked):
    engine.clock.advance(MINUTE * 5)

    finish(engine, robot, locked, receipt="late")

    assert variables(engine, case)["receipt"] == "late"


@pytest.mark.parametrize(
    "act",
    [
        lambda e, r, t: finish(e, r, t, "w2"),
        lambda e, r, t: fail(e, r, t, "w2"),
        lambda e, r, t: extend_lock(e, r, job_key=t.job_key, worker="w2", lock=MINUTE),
        lambda e, r, t: lock_external_task(e, r, job_key=t.job_key, worker="w2", lock=MINUTE),
        lambda e, r, t: bpmn_error_of_external_task(
            e, r, job_key=t.job_key, worker="w2", error_code="unreachable", variables={}
        ),
    ],
    ids=["complete", "fail", "extend", "lock", "error"],
)
def test_a_worker_touches_no_job_of_another(engine, robot, case, locked, act):
    with pytest.raises(WrongState):
        act(engine, robot, locked)

    (job,) = jobs(engine, case)
    assert (job.state, job.worker, job.retries_left) == ("running", "w1", 3)


def test_a_lock_may_be_lengthened_but_not_for_ever(engine, robot, case, locked):
    extend_lock(engine, robot, job_key=locked.job_key, worker="w1", lock=timedelta(days=99))

    assert jobs(engine, case)[0].lease_until == engine.clock.now() + LONGEST_LOCK


def test_a_lock_that_ran_out_is_lengthened_for_nobody(engine, robot, case, locked):
    engine.clock.advance(MINUTE)

    with pytest.raises(WrongState):
        extend_lock(engine, robot, job_key=locked.job_key, worker="w1", lock=MINUTE)


def test_nobody_believes_in_a_lock_that_another_took_in_that_very_moment(
    engine, robot, case, locked, monkeypatch
):
    look = external_tasks._held

    def look_and_lose(*asked):
        row = look(*asked)
        engine.clock.advance(MINUTE)
        fetch(engine, robot, "w2")
        return row

    monkeypatch.setattr(external_tasks, "_held", look_and_lose)
    with pytest.raises(WrongState):
        extend_lock(engine, robot, job_key=locked.job_key, worker="w1", lock=MINUTE)

    assert jobs(engine, case)[0].worker == "w2"


def test_a_job_that_is_given_back_goes_to_the_next(engine, robot, case, locked):
    unlock(engine, robot, job_key=locked.job_key)

    assert [one.worker for one in fetch(engine, robot, "w2")] == ["w2"]


def test_a_failed_job_rests_as_long_as_its_worker_says(engine, robot, case, locked):
    fail(engine, robot, locked, retries=5, wait=MINUTE * 3)

    (job,) = jobs(engine, case)
    assert (job.state, job.retries_left, job.error) == ("waiting", 5, "Closed.")
    assert fetch(engine, robot) == []
    engine.clock.advance(MINUTE * 3)
    assert [one.error for one in fetch(engine, robot)] == ["Closed."]


def test_a_failed_job_that_names_no_retries_has_one_less(engine, robot, case, locked):
    fail(engine, robot, locked)

    assert jobs(engine, case)[0].retries_left == 2


def test_without_retries_it_is_an_incident_until_a_person_gives_more(engine, robot, case, locked):
    fail(engine, robot, locked, retries=0)
    assert fetch(engine, robot, lock=MINUTE) == []
    assert open_incident(engine, case).message["en"] == "Closed."

    set_retries(engine, robot, job_key=locked.job_key, retries=1)

    (again,) = fetch(engine, robot)
    assert [one.resolved_by for one in incidents(engine, case)] == ["robot"]
    finish(engine, robot, again)
    assert list(open_tasks(engine, case)) == ["look"]


def test_an_incident_of_a_worker_is_mended_like_any_other(engine, robot, case, locked):
    fail(engine, robot, locked, retries=0)

    resolve_incident(
        engine, person(engine, "wang_wei"), incident_key=open_incident(engine, case).incident_key
    )

    assert len(fetch(engine, robot)) == 1


def test_taking_all_retries_away_stops_the_job_with_an_incident(engine, robot, case):
    (job,) = jobs(engine, case)

    set_retries(engine, robot, job_key=job.job_key, retries=0)
    set_retries(engine, robot, job_key=job.job_key, retries=0)

    assert fetch(engine, robot) == []
    assert open_incident(engine, case).job_key == job.job_key
    with pytest.raises(InvalidInput):
        set_retries(engine, robot, job_key=job.job_key, retries=-1)


def test_a_business_error_takes_its_way(engine, robot, case, locked):
    bpmn_error_of_external_task(
        engine, robot, job_key=locked.job_key, worker="w1", error_code="unreachable", variables={}
    )

    assert list(open_tasks(engine, case)) == ["call_them"]


def test_a_business_error_that_nobody_drew_is_taken_and_is_an_incident(engine, robot, case, locked):
    bpmn_error_of_external_task(
        engine, robot, job_key=locked.job_key, worker="w1", error_code="lightning", variables={}
    )

    assert "lightning" in open_incident(engine, case).message["en"]
    assert jobs(engine, case)[0].state == "failed"


def test_a_worker_hears_when_the_step_after_its_job_fails(engine, robot):
    install(
        engine,
        process(
            "reckoning", "in -> send -> reckon -> out", service("send", "post"), script("reckon", "t = a + 1")
        ),
    )
    case = start(engine, "reckoning")
    (task,) = fetch(engine, robot)

    with pytest.raises(WrongState, match="step after it failed"):
        finish(engine, robot, task)

    assert open_incident(engine, case).element_id == "reckon"
    assert state(engine, case) == "running"


@pytest.mark.parametrize("value", [{1}, "a\0b"])
def test_what_no_database_keeps_is_refused_and_the_job_stays_the_workers(engine, robot, case, locked, value):
    with pytest.raises(InvalidInput):
        finish(engine, robot, locked, found=value)

    assert jobs(engine, case)[0].state == "running"


def test_a_job_is_done_once(engine, robot, case, locked):
    finish(engine, robot, locked)

    with pytest.raises(NotFound):
        finish(engine, robot, locked)


def test_a_job_of_a_stopped_case_is_gone(engine, robot, case, locked):
    terminate_instance(engine, SYSTEM, instance_key=case.instance_key, reason="重复登记")

    with pytest.raises(NotFound):
        finish(engine, robot, locked)
    assert fetch(engine, robot, "w2") == []


def test_only_workers_fetch(engine, robot, case):
    for username in ("li_na", "wang_wei", "chen_bo"):
        with pytest.raises(Forbidden):
            fetch(engine, person(engine, username))


@pytest.mark.parametrize("given", [{"worker": ""}, {"at_most": 0}])
def test_a_worker_says_who_it_is_and_how_much_it_wants(engine, robot, given):
    with pytest.raises(InvalidInput):
        fetch(engine, robot, **given)


def test_only_the_topics_that_were_asked_for_are_given(engine, robot, case):
    assert fetch(engine, robot, topic="other") == []


def test_jobs_of_our_own_handlers_and_mail_are_no_workers_business(engine, robot):
    install(engine, process("keeping", "in -> keep -> out", user("keep", assignee="zhao_min")))
    engine.send_mail = lambda notice: None
    start(engine, "keeping")
    recording = start(engine, "recording")
    with engine.store.reading() as session:
        ours = session.execute(select(Job.job_key).where(Job.is_external.is_(False))).scalars().all()
    assert len(ours) == 2

    for key in ours:
        for act in (
            lambda key=key: lock_external_task(engine, robot, job_key=key, worker="w1", lock=MINUTE),
            lambda key=key: unlock(engine, robot, job_key=key),
            lambda key=key: set_retries(engine, robot, job_key=key, retries=9),
            lambda key=key: complete_external_task(engine, robot, job_key=key, worker="w1", variables={}),
        ):
            with pytest.raises(NotFound):
                act()
    do_due_work(engine)
    assert state(engine, recording) == "completed"


def test_an_owner_of_procedures_changes_no_jobs_of_another_organisation(engine, robot, case):
    add_organisation(engine, SYSTEM, key="other", name={"zh": "城西", "en": "West"})
    add_person(
        engine, SYSTEM, username="zhang_san", organisation_key="other", name={"zh": "张三", "en": "Zhang San"}
    )
    grant_role(engine, SYSTEM, username="zhang_san", unit_key="other", role_key="process_owner")
    (job,) = jobs(engine, case)

    with pytest.raises(Forbidden):
        set_retries(engine, person(engine, "zhang_san"), job_key=job.job_key, retries=9, act="job.change")


def test_urgent_jobs_are_fetched_first_unless_the_worker_takes_them_in_turn(engine, robot, case):
    urgent = start_instance(
        engine, person(engine, "li_na"), process_key="sending", variables={"severity": "safety"}
    )

    in_turn = fetch(engine, robot, at_most=1, by_priority=False)
    with engine.store.transaction() as session:
        session.execute(update(Job).values(state="waiting", worker=None, lease_until=None))
    by_priority = fetch(engine, robot, at_most=1)

    assert (in_turn[0].instance_key, by_priority[0].instance_key) == (case.instance_key, urgent.instance_key)


def test_a_completed_case_leaves_no_job_behind(engine, robot, case, locked):
    finish(engine, robot, locked)
    complete(engine, "li_na", open_tasks(engine, case)["look"])

    assert [one.state for one in jobs(engine, case)] == ["done"]
