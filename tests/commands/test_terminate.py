"""A case is stopped where it stands, for a reason; everything that it owed ends with it, and nothing is forgotten."""

import pytest
from cases import instance, jobs, open_tasks, start, timers, visits
from engines import person
from families import boundary, call, catch, caught, for_each, install, process, profile, service, timer, user
from promises import at, clocks, steps
from sqlalchemy import select

from engine.audit import verify
from engine.commands.start_instance import start_instance
from engine.commands.terminate_instance import terminate_instance
from engine.model import (
    AuditRow,
    Candidate,
    Forbidden,
    InvalidInput,
    MessageSubscription,
    NotFound,
    UserTask,
    VariableScope,
    WrongState,
)
from engine.people import SYSTEM

WAITING = process(
    "waiting",
    "in -> split; split -> keep -> join; split -> listen -> join; split -> send -> join; split -> ask -> join; "
    "join -> out; late -> pressed",
    "<parallelGateway id='split'/><parallelGateway id='join'/>",
    user("keep", sla="keep", inside=for_each("desks", "desk")),
    catch("listen", caught("message", "reply")),
    service("send", "post"),
    call("ask", "asked"),
    boundary("late", "keep", timer('${limit("keep")}'), cancels=False),
    sla="whole",
) + process("asked", "begun -> look -> finished", user("look"))


@pytest.fixture
def case(engine):
    install(engine, WAITING, profiles=[profile("waiting", {"keep": "8 WH", "whole": "3 WD"})])
    return start_instance(
        engine, person(engine, "li_na"), process_key="waiting", variables={"desks": ["一", "二"]}
    )


def stop(engine, case, by="wang_wei", reason="重复登记"):
    terminate_instance(engine, person(engine, by), instance_key=case.instance_key, reason=reason)


def test_everything_that_was_owed_ends(engine, case):
    stop(engine, case)

    assert (instance(engine, case).state, instance(engine, case).ended_at) == (
        "terminated",
        engine.clock.now(),
    )
    with engine.store.reading() as session:
        assert set(session.execute(select(UserTask.state)).scalars()) == {"cancelled"}
        assert session.execute(select(MessageSubscription)).all() == []
        assert session.execute(select(VariableScope)).all() == []
    assert {one.state for one in timers(engine, case)} == {"cancelled"}
    assert {one.state for one in jobs(engine, case)} == {"cancelled"}
    assert {one.state for one in clocks(engine, case).values()} == {"cancelled"}
    assert all(one.startswith("cancelled") for one in steps(engine, case))
    assert not at(engine, "2026-06-01 09:00")


def test_its_history_tells_where_it_stood(engine, case):
    stop(engine, case)

    assert visits(engine, case, "keep") == 2
    assert visits(engine, case, "look") == 1


def test_the_reason_is_kept_for_good(engine, case):
    stop(engine, case)

    with engine.store.reading() as session:
        assert (
            "case.terminated"
            in session.execute(select(AuditRow.act).where(AuditRow.chain == case.instance_key))
            .scalars()
            .all()
        )
        assert verify(session).is_sound


@pytest.mark.parametrize("reason", ["", " \n"])
def test_it_needs_a_reason(engine, case, reason):
    with pytest.raises(InvalidInput, match="reason"):
        stop(engine, case, reason=reason)


def test_only_who_supervises_it_may(engine, case):
    for username in ("li_na", "zhao_min", "chen_bo"):
        with pytest.raises(Forbidden):
            stop(engine, case, by=username)


def test_the_person_complained_about_may_not_though_a_supervisor(engine):
    case = start_instance(
        engine, person(engine, "li_na"), process_key="answering", variables={"complained_about": "wang_wei"}
    )

    with pytest.raises(Forbidden, match="COI-1"):
        stop(engine, case)


def test_it_is_stopped_once(engine, case):
    stop(engine, case)

    with pytest.raises(WrongState, match="terminated"):
        stop(engine, case)
    with pytest.raises(NotFound):
        terminate_instance(engine, SYSTEM, instance_key="0" * 32, reason="重复登记")


def test_a_broken_promise_stays_broken(engine):
    case = start(engine)
    at(engine, "2026-02-14 16:01")

    stop(engine, case)

    assert clocks(engine, case)["answer"].state == "breached"


def test_other_cases_go_on(engine, case):
    other = start(engine)

    stop(engine, case)

    key = open_tasks(engine, other)["answer"]
    with engine.store.reading() as session:
        assert session.execute(select(Candidate).where(Candidate.user_task_key == key)).first() is not None
