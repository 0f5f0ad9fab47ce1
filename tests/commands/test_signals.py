"""A signal is heard by every case of the organisation that waits for it when it is thrown, once, and by nobody later."""

import pytest
from cases import complete, instance, open_task, open_tasks, start, state
from engines import person
from families import boundary, catch, caught, end, install, process, script, throw, user
from promises import incidents
from sqlalchemy import func, select, update

from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.correlate_message import correlate_message
from engine.commands.due.due_work import do_due_work
from engine.commands.due.run_jobs import run_due_jobs
from engine.commands.people.people_commands import add_organisation
from engine.commands.repair.suspend_case import resume_case, suspend_case
from engine.model import AuditRow, Forbidden, InvalidInput, Job, MessageSubscription
from engine.people import SYSTEM

RECALLED = caught("signal", "recalled")


@pytest.fixture
def recalls(engine):
    install(
        engine,
        process("waiting", "received -> heard -> act -> done", catch("heard", RECALLED), user("act")),
        process(
            "working",
            "begun -> work -> worked; told -> look -> looked",
            user("work"),
            boundary("told", "work", RECALLED, cancels=False),
            user("look"),
        ),
        process("calling", "called -> decide -> shout -> shouted", user("decide"), throw("shout", RECALLED)),
        process("ending", "opened -> sign -> gone", user("sign"), end("gone", RECALLED)),
        process(
            "rounds",
            "in_turn -> first -> check -> second -> out",
            user("check"),
            catch("first", RECALLED),
            catch("second", RECALLED),
        ),
        process(
            "breaking",
            "begins -> hears -> split -> ends",
            catch("hears", RECALLED),
            script("split", "share = subject - 1"),
        ),
    )
    return engine


def shout(engine, process_key="calling"):
    caller = start(engine, process_key)
    complete(engine, "li_na", open_task(engine, caller))
    return caller


def organisation_of(engine, case):
    return instance(engine, case).organisation_key


def acts(engine, act):
    with engine.store.reading() as session:
        return session.execute(select(func.count()).where(AuditRow.act == act)).scalar_one()


@pytest.mark.parametrize("process_key", ["calling", "ending"])
def test_all_cases_that_wait_hear_it(recalls, process_key):
    waiting = [start(recalls, "waiting") for _ in range(3)]
    working = start(recalls, "working")

    shout(recalls, process_key)
    assert all(open_tasks(recalls, case) == {} for case in waiting)  # Each in a transaction of its own.
    do_due_work(recalls)

    assert [list(open_tasks(recalls, case)) for case in waiting] == [["act"]] * 3
    assert set(open_tasks(recalls, working)) == {"work", "look"}
    assert acts(recalls, "signal.received") == 4


def test_a_case_that_begins_to_wait_after_it_was_thrown_has_missed_it(recalls):
    shout(recalls)
    late = start(recalls, "waiting")
    do_due_work(recalls)
    assert open_tasks(recalls, late) == {}


def test_a_case_that_waits_again_before_it_is_told_hears_only_what_it_waited_for(recalls):
    """The place of that moment is gone; the same element waits anew, for the next signal."""
    case = start(recalls, "rounds")
    organisation = organisation_of(recalls, case)
    assert broadcast_signal(recalls, SYSTEM, signal_name="recalled", organisation_key=organisation) == 1
    assert broadcast_signal(recalls, SYSTEM, signal_name="recalled", organisation_key=organisation) == 1
    do_due_work(recalls)
    complete(recalls, "li_na", open_task(recalls, case))
    do_due_work(recalls)
    assert state(recalls, case) == "running"


def test_what_goes_on_waiting_hears_the_next_one_too(recalls):
    working = start(recalls, "working")
    for _ in range(2):
        shout(recalls)
        do_due_work(recalls)
        complete(recalls, "li_na", open_tasks(recalls, working)["look"])
    complete(recalls, "li_na", open_tasks(recalls, working)["work"])
    assert state(recalls, working) == "completed"
    with recalls.store.reading() as session:
        assert session.execute(select(func.count()).select_from(MessageSubscription)).scalar_one() == 0


def test_other_organisations_hear_nothing(recalls):
    add_organisation(recalls, SYSTEM, key="other", name={"zh": "城西支行", "en": "West branch"})
    waiting = start(recalls, "waiting")
    assert broadcast_signal(recalls, SYSTEM, signal_name="recalled", organisation_key="other") == 0
    do_due_work(recalls)
    assert open_tasks(recalls, waiting) == {}


def test_a_worker_that_dies_between_telling_and_noting_tells_once(recalls):
    working = start(recalls, "working")
    shout(recalls)
    with recalls.store.reading() as session:
        row = session.connection().execute(select(Job.__table__).where(Job.kind == "signal")).one()
    run_due_jobs(recalls)
    with recalls.store.transaction() as session:  # As if its worker had not lived to see the answer.
        session.execute(update(Job).where(Job.job_key == row.job_key).values(attempts=1))
    run_due_jobs(recalls)
    assert set(open_tasks(recalls, working)) == {"work", "look"}
    assert acts(recalls, "signal.received") == 1


def test_a_case_that_has_ended_meanwhile_lets_the_signal_pass(recalls):
    working = start(recalls, "working")
    shout(recalls)
    complete(recalls, "li_na", open_tasks(recalls, working)["work"])
    do_due_work(recalls)
    assert state(recalls, working) == "completed"
    with recalls.store.reading() as session:
        assert session.execute(select(Job.state).where(Job.kind == "signal")).scalars().all() == ["cancelled"]


def test_a_case_that_cannot_take_the_step_keeps_the_others_from_nothing(recalls):
    broken = start(recalls, "breaking")
    waiting = start(recalls, "waiting")
    shout(recalls)
    do_due_work(recalls)
    assert list(open_tasks(recalls, waiting)) == ["act"]
    assert state(recalls, broken) == "running"
    assert incidents(recalls, broken)


def test_a_signal_from_outside_is_recorded_and_not_for_everybody(recalls):
    waiting = start(recalls, "waiting")
    organisation = organisation_of(recalls, waiting)
    with pytest.raises(Forbidden):
        broadcast_signal(
            recalls, person(recalls, "li_na"), signal_name="recalled", organisation_key=organisation
        )
    assert broadcast_signal(recalls, SYSTEM, signal_name="recalled", organisation_key=organisation) == 1
    with pytest.raises(InvalidInput):
        broadcast_signal(recalls, SYSTEM, signal_name=" ", organisation_key=organisation)
    assert acts(recalls, "signal.broadcast") == 1


def test_no_message_passes_for_a_signal(recalls):
    waiting = start(recalls, "waiting")
    with pytest.raises(InvalidInput):
        correlate_message(recalls, SYSTEM, message_name="signal:recalled", correlation="", variables={})
    assert open_tasks(recalls, waiting) == {}


def test_a_suspended_case_hears_it_when_it_goes_on(recalls):
    waiting = start(recalls, "waiting")
    suspend_case(recalls, SYSTEM, instance_key=waiting.instance_key, reason="待核实")
    shout(recalls)
    do_due_work(recalls)
    assert open_tasks(recalls, waiting) == {}

    resume_case(recalls, SYSTEM, instance_key=waiting.instance_key, reason="核实完毕")
    do_due_work(recalls)

    assert list(open_tasks(recalls, waiting)) == ["act"]
