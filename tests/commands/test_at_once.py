"""Several servers on one database, SQLite and PostgreSQL, where the rest of these stories has one server in memory."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from at_once import at_once, failures
from cases import complete, jobs, open_tasks, start, state, variables
from engines import make_engine, person
from families import boundary, install, process, profile, script, service, timer, user
from post import SENDING, Post, with_handler
from promises import incidents, notices, open_incident
from rows_and_state import assert_rows_fit_state
from sqlalchemy import select
from wandering import FIRST, PROFILE, WANDERING

from engine.commands.case.on_case import CaseStopped, on_case
from engine.commands.due.due_moments import do_due_moments
from engine.commands.due.due_work import do_due_work
from engine.commands.external_tasks import Topic, fetch_and_lock, lock_external_task
from engine.commands.incidents import resolve_incident
from engine.commands.people.people_commands import add_person, grant_role
from engine.commands.start_instance import start_instance
from engine.model import Conflict, Notice, UserTask, WrongState
from engine.people import SYSTEM

LATE = timedelta(days=30)
FAILING = process(
    "failing",
    "in -> split; split -> keep -> join; split -> supply -> join; join -> out; late -> reckon -> reckoned",
    "<parallelGateway id='split'/><parallelGateway id='join'/>",
    user("keep", sla="keep"),
    user("supply"),
    boundary("late", "keep", timer('${limit("keep")}'), cancels=False),
    script("reckon", "total = amount + 1"),
)


@pytest.fixture
def servers(stored_engine, another_server):
    return [stored_engine, another_server()]


def test_numbers_taken_at_once_have_no_gaps_and_no_doubles_even_past_one_given_by_hand(servers):
    start(servers[0], business_key="TINY-2026-0003")

    made = at_once([partial(start, server) for server in servers * 4])

    assert failures(made) == []
    assert sorted(one.business_key for one in made) == [
        f"TINY-2026-{number:04d}" for number in (1, 2, 4, 5, 6, 7, 8, 9)
    ]


def test_one_number_given_by_two_hands_at_once_is_taken_once(servers):
    made = at_once([partial(start, server, business_key="甲-1") for server in servers * 2])

    refused = failures(made)
    assert len(refused) == 3
    assert all(isinstance(one, Conflict) for one in refused), refused


class Meeting:
    """A store whose transactions begin only when another one begins too, where the database lets two begin."""

    def __init__(self, store, barrier):
        self._store, self._barrier = store, barrier

    @contextmanager
    def transaction(self):
        with self._store.transaction() as session:
            if not self._store.is_sqlite:
                self._barrier.wait(10)
            yield session

    def __getattr__(self, name):
        return getattr(self._store, name)


def test_the_same_files_deployed_at_once_make_one_release(servers):
    drawn = process("plain", "in -> keep -> out", user("keep"))
    barrier = threading.Barrier(len(servers))
    meeting = [make_engine(Meeting(one.store, barrier), one.clock) for one in servers]

    outcomes = at_once([partial(install, server, drawn) for server in meeting])

    assert failures(outcomes) == []
    assert {one.releases for one in outcomes} == {(("drawn", 1),)}
    assert sorted(len(one.definition_keys) for one in outcomes) == [0, 1]


def test_a_failing_timer_is_one_incident_whichever_server_looks(servers, clock):
    install(servers[0], FAILING, profiles=[profile("failing", {"keep": "8 WH"})])
    case = start(servers[0], "failing")
    clock.advance(LATE)

    outcomes = at_once([partial(do_due_moments, server) for server in servers * 2])

    assert failures(outcomes) == []
    assert len(incidents(servers[0], case)) == 1
    complete(servers[1], "li_na", open_tasks(servers[1], case)["supply"], amount=1)
    resolve_incident(servers[0], SYSTEM, incident_key=open_incident(servers[0], case).incident_key)
    do_due_work(servers[1])
    assert variables(servers[0], case)["total"] == 2


def test_a_step_that_fails_twice_at_once_leaves_one_incident_and_the_draft(servers):
    install(
        servers[0],
        process("reckoning", "in -> keep -> reckon -> out", user("keep"), script("reckon", "t = a + 1")),
    )
    case = start(servers[0], "reckoning")
    key = open_tasks(servers[0], case)["keep"]

    outcomes = at_once([partial(complete, server, "li_na", key, wish="return") for server in servers])

    assert all(isinstance(one, CaseStopped) for one in outcomes), outcomes
    assert len(incidents(servers[0], case)) == 1
    assert_rows_fit_state(make_engine(servers[0].store, servers[0].clock), case)
    complete(servers[0], "li_na", key, a=1)
    assert [one for one in incidents(servers[0], case) if one.resolved_at is None] == []


def test_a_job_is_locked_by_one_worker_however_many_ask_at_once(servers):
    add_person(servers[0], SYSTEM, username="robot", organisation_key="bank", name={"zh": "机器人"})
    grant_role(servers[0], SYSTEM, username="robot", unit_key="bank", role_key="worker")
    install(servers[0], process("asking", "in -> ask -> out", service("ask", "abroad")))
    for _ in range(4):
        start(servers[0], "asking")
    robot = person(servers[0], "robot")
    topics = [Topic("abroad", timedelta(minutes=1))]

    fetched = at_once(
        [
            partial(fetch_and_lock, server, robot, worker=f"w{number}", topics=topics, at_most=3)
            for number, server in enumerate(servers * 2)
        ]
    )

    assert failures(fetched) == []
    keys = [task.job_key for tasks in fetched for task in tasks]
    assert len(keys) == len(set(keys)) == 4


def test_one_job_locked_by_name_at_once_has_one_holder(servers):
    install(servers[0], process("asking", "in -> ask -> out", service("ask", "abroad")))
    case = start(servers[0], "asking")
    (job,) = jobs(servers[0], case)

    outcomes = at_once(
        [
            partial(
                lock_external_task,
                server,
                SYSTEM,
                job_key=job.job_key,
                worker=f"w{number}",
                lock=timedelta(minutes=1),
            )
            for number, server in enumerate(servers * 2)
        ]
    )

    refused = failures(outcomes)
    assert len(refused) == 3
    assert all(isinstance(one, WrongState) for one in refused)


def test_the_whole_ladder_is_told_once_by_two_servers_that_both_catch_up(servers, clock):
    case = start(servers[0])
    clock.advance(LATE)

    outcomes = at_once([partial(do_due_work, server) for server in servers])

    assert failures(outcomes) == []
    told = [(one.kind, one.recipient, one.once) for one in notices(servers[0], case)]
    assert len(told) == len(set(told))
    assert {("deadline_breached", "li_na"), ("deadline_breached", "wang_wei")} <= {one[:2] for one in told}


def test_a_notice_asked_for_again_is_written_once_on_either_database(stored_engine):
    case = start(stored_engine)
    for _ in range(2):
        on_case(
            stored_engine,
            SYSTEM,
            lambda _session: case.instance_key,
            lambda work: work.notices.tell("reminder", ("li_na",), once="twice", facts={}),
        )

    with stored_engine.store.reading() as session:
        assert len(session.execute(select(Notice.once)).all()) == 1


def test_text_that_postgresql_would_refuse_is_a_failure_of_its_handler(stored_engine):
    server = with_handler(stored_engine, Post({"found": "a\0b"}))
    install(server, SENDING)
    case = start(server, "sending")

    do_due_work(server)

    assert "NUL" in open_incident(server, case).message["en"]


def test_a_case_goes_all_its_way_on_either_database(stored_engine, clock):
    install(stored_engine, WANDERING, profiles=[PROFILE])
    case = start_instance(
        stored_engine, person(stored_engine, "li_na"), process_key="wandering", variables=FIRST
    )

    for way in ("call", "all", "turn", "both", "job", "out"):
        finish("decide", stored_engine, case, way=way)
        clock.advance(timedelta(minutes=10))
        do_due_work(stored_engine)
        for element_id in {
            "call": ["c_ask"],
            "all": ["ask_all"] * 2,
            "turn": ["ask_one"] * 3,
            "both": ["left", "right", "tell_it"],
        }.get(way, []):
            finish(element_id, stored_engine, case, answer="yes")

    assert state(stored_engine, case) == "completed"
    assert variables(stored_engine, case)["heard"] == ["一", "二", "三"]


def finish(element_id, engine, case, **values):
    """Completes one open task of the element, and looks whether the rows still fit the state."""
    with engine.store.reading() as session:
        key = session.execute(
            select(UserTask.user_task_key)
            .where(
                UserTask.instance_key == case.instance_key,
                UserTask.element_id == element_id,
                UserTask.state == "open",
            )
            .limit(1)
        ).scalar_one()
    complete(engine, "wang_wei" if element_id == "tell_it" else "li_na", key, **values)
    assert_rows_fit_state(make_engine(engine.store, engine.clock), case)
