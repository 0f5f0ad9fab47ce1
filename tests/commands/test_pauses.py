"""A promise is paused for a reason, by who may, and moves by the time that was lost."""

from datetime import timedelta

import pytest
from cases import complete, open_tasks, start, timers
from engines import person
from families import boundary, catch, install, process, profile, timer, user
from promises import at, clocks, local, steps, told_now
from sqlalchemy import select

from engine.commands.clock_commands import pause_clock, resume_clock
from engine.commands.hold_user_task import claim_user_task
from engine.commands.people.people_commands import grant_role
from engine.commands.start_instance import start_instance
from engine.model import ClockRow, Forbidden, InvalidInput, NotFound, UserTask, WrongState
from engine.people import SYSTEM


@pytest.fixture
def case(branch):
    """A task with 3 WD from Monday 2 March 10:00, due on Thursday 18:00, and a timer that shares its clock."""
    install(
        branch,
        process(
            "waiting",
            "in -> keep -> out; late -> pressed",
            user("keep", sla="keep"),
            boundary("late", "keep", timer('${limit("keep")}'), cancels=False),
        ),
        profiles=[profile("waiting", {"keep": "3 WD"})],
    )
    branch.clock.set(local("2026-03-02 10:00"))
    return claimed(branch, "waiting")


def claimed(engine, process_key):
    """A case of which Sun Li holds the task."""
    case = start(engine, process_key, by="sun_lihua")
    claim_user_task(engine, person(engine, "sun_lihua"), user_task_key=open_tasks(engine, case)["keep"])
    return case


def pause(engine, case, by="sun_lihua", limit="keep", reason="等客户补充材料", **more):
    key = clocks(engine, case)[limit].clock_key
    pause_clock(engine, person(engine, by), clock_key=key, kind="customer", reason=reason, **more)


def resume(engine, case, by="sun_lihua", limit="keep"):
    resume_clock(engine, person(engine, by), clock_key=clocks(engine, case)[limit].clock_key)


def task_due_at(engine, case, element_id="keep"):
    key = open_tasks(engine, case)[element_id]
    with engine.store.reading() as session:
        return session.get_one(UserTask, key).due_at


def test_nothing_is_due_while_the_promise_is_paused(branch, case):
    branch.clock.set(local("2026-03-03 09:00"))
    pause(branch, case)

    report = at(branch, "2026-05-01 09:00")

    assert not report
    assert [timer.state for timer in timers(branch, case)] == ["paused"]
    assert not any(one.startswith("waiting") for one in steps(branch, case))


def test_working_days_move_by_the_lost_working_time(branch, case):
    branch.clock.set(local("2026-03-03 09:00"))
    pause(branch, case)
    branch.clock.set(local("2026-03-05 11:00"))
    resume(branch, case)

    # Lost: 8 h on Tuesday, 8 h on Wednesday, 2 h on Thursday; Thursday 18:00 + 18 h of work.
    due = local("2026-03-10 11:00")
    (timer_row,) = timers(branch, case)
    assert clocks(branch, case)["keep"].due_at == due
    assert (timer_row.due_at, timer_row.state) == (due, "waiting")
    assert timer_row.fires_at == due + timedelta(milliseconds=1)
    assert task_due_at(branch, case) == due
    at(branch, due)
    assert [one.state for one in timers(branch, case)] == ["waiting"]
    at(branch, due + timedelta(milliseconds=1))
    assert [one.state for one in timers(branch, case)] == ["fired"]
    assert "deadline_breached sun_lihua" in told_now(branch, case)


def test_calendar_days_move_by_the_lost_time(branch):
    install(
        branch, process("waiting", "in -> keep -> out", user("keep", sla="keep")),
        profiles=[profile("waiting", {"keep": "3 CD"})],
    )  # fmt: skip
    branch.clock.set(local("2026-03-02 10:00"))
    case = claimed(branch, "waiting")

    branch.clock.set(local("2026-03-03 09:00"))
    pause(branch, case)
    branch.clock.set(local("2026-03-03 21:30"))
    resume(branch, case)

    assert clocks(branch, case)["keep"].due_at == local("2026-03-06 12:30")


def test_a_warning_that_fell_due_in_the_moment_of_the_pause_is_told_after_it(branch, case):
    branch.clock.set(local("2026-03-05 09:15"))  # three quarters of 31 hours, and nobody was told yet
    pause(branch, case)
    branch.clock.set(local("2026-03-05 11:00"))
    resume(branch, case)

    at(branch, "2026-03-05 11:00")

    assert told_now(branch, case) == ["deadline_warning sun_lihua"]


def test_a_warning_is_not_told_twice_for_a_pause(branch, case):
    at(branch, "2026-03-05 12:00")
    branch.clock.set(local("2026-03-05 13:00"))
    pause(branch, case)
    branch.clock.set(local("2026-03-05 14:00"))
    resume(branch, case)

    at(branch, "2026-03-05 14:00")

    assert told_now(branch, case) == []
    assert steps(branch, case).count("sent warning 75%") == 1


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_pause_needs_a_reason(branch, case, reason):
    with pytest.raises(InvalidInput, match="reason"):
        pause(branch, case, reason=reason)

    assert clocks(branch, case)["keep"].state == "running"


def test_the_reason_stays_with_the_promise(branch, case):
    pause(branch, case, evidence="邮件 3 月 2 日")

    (kept,) = clocks(branch, case)["keep"].data["pauses"]
    assert (kept["reason"], kept["evidence"], kept["by"]) == ("等客户补充材料", "邮件 3 月 2 日", "sun_lihua")


def test_it_may_be_paused_exactly_when_it_is_due(branch, case):
    branch.clock.set(local("2026-03-05 18:00"))
    pause(branch, case)
    branch.clock.set(local("2026-03-06 10:00"))
    resume(branch, case)

    assert clocks(branch, case)["keep"].due_at == local("2026-03-06 10:00")
    assert [one.state for one in timers(branch, case)] == ["waiting"]


@pytest.mark.parametrize("is_told", [True, False])
def test_a_broken_promise_cannot_be_paused(branch, case, is_told):
    late = local("2026-03-05 18:00") + timedelta(milliseconds=1)
    branch.clock.set(late)
    if is_told:
        at(branch, late)

    with pytest.raises(WrongState):
        pause(branch, case)


def test_it_cannot_be_paused_twice_or_resumed_while_it_runs(branch, case):
    with pytest.raises(WrongState, match="paused clock"):
        resume(branch, case)
    pause(branch, case)

    with pytest.raises(WrongState, match="running clock"):
        pause(branch, case)


def test_a_promise_that_the_diagram_does_not_let_pause_runs_on(branch):
    install(
        branch, process("strict", "in -> keep -> out", user("keep", sla="keep", sla_pausable="no")),
        profiles=[profile("strict", {"keep": "3 WD"})],
    )  # fmt: skip
    case = claimed(branch, "strict")

    with pytest.raises(WrongState, match="may not be paused"):
        pause(branch, case)


def test_who_takes_no_part_may_not_pause(branch, case):
    grant_role(branch, SYSTEM, username="chen_bo", unit_key="bank", role_key="sales_handler")

    for stranger in ("chen_bo", "li_na"):  # of another unit
        with pytest.raises(Forbidden):
            pause(branch, case, by=stranger)


def test_a_supervisor_may_pause_what_lies_below(branch, case):
    pause(branch, case, by="wang_wei")

    assert clocks(branch, case)["keep"].state == "paused"


def test_the_person_complained_about_may_not_pause_though_a_supervisor(branch):
    case = start_instance(
        branch,
        person(branch, "sun_lihua"),
        process_key="answering",
        variables={"complained_about": "zhou_jie"},
    )

    with pytest.raises(Forbidden, match="COI-1"):
        pause(branch, case, by="zhou_jie", limit="answer")


def test_an_unknown_promise_is_not_found(branch):
    with pytest.raises(NotFound):
        pause_clock(branch, SYSTEM, clock_key="0" * 32, kind="customer", reason="等")


def test_work_finished_while_paused_is_in_time(branch, case):
    pause(branch, case)
    branch.clock.set(local("2026-06-01 10:00"))

    complete(branch, "sun_lihua", open_tasks(branch, case)["keep"])

    assert clocks(branch, case)["keep"].state == "met"
    with pytest.raises(WrongState, match="completed"):
        resume(branch, case)


def test_a_timer_that_joins_a_paused_promise_waits_with_it(branch):
    install(
        branch,
        process(
            "joining",
            "in -> split; split -> keep -> join; split -> first -> pause_here -> join; join -> out",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            user("keep", sla="keep"),
            user("first"),
            catch("pause_here", timer('${limit("keep")}')),
        ),
        profiles=[profile("joining", {"keep": "8 WH"})],
    )
    case = claimed(branch, "joining")
    pause(branch, case)

    complete(branch, "sun_lihua", open_tasks(branch, case)["first"])

    assert [one.state for one in timers(branch, case)] == ["paused"]
    assert not at(branch, "2026-06-01 09:00")
    resume(branch, case)
    assert [one.state for one in timers(branch, case)] == ["waiting"]


def test_a_timer_counts_on_when_its_paused_promise_ends(branch):
    install(
        branch,
        process(
            "joining",
            "in -> split; split -> keep -> join; split -> pause_here -> join; join -> out",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            user("keep", sla="keep"),
            catch("pause_here", timer('${limit("keep")}')),
        ),
        profiles=[profile("joining", {"keep": "8 H"})],
    )
    case = claimed(branch, "joining")  # due at midnight
    branch.clock.set(local("2026-02-13 17:00"))
    pause(branch, case)
    branch.clock.set(local("2026-02-13 20:00"))

    complete(branch, "sun_lihua", open_tasks(branch, case)["keep"])

    (waiting,) = timers(branch, case)
    assert (waiting.state, waiting.due_at) == ("waiting", local("2026-02-14 03:00"))
    report = at(branch, "2026-02-14 03:01")
    assert [one.element_id for one in report.timers] == ["pause_here"]


def test_each_timer_follows_the_clock_of_its_own_task(branch):
    install(
        branch,
        process(
            "twice",
            "in -> split; split -> keep -> join; split -> watch -> join; join -> out; "
            "keep_late -> pressed; watch_late -> pressed_too",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            user("keep", sla="keep"),
            user("watch", sla="keep"),
            boundary("keep_late", "keep", timer('${limit("keep")}'), cancels=False),
            boundary("watch_late", "watch", timer('${limit("keep")}'), cancels=False),
        ),
        profiles=[profile("twice", {"keep": "8 H"})],
    )
    case = claimed(branch, "twice")
    with branch.store.reading() as session:
        keys = dict(tuple(row) for row in session.execute(select(ClockRow.element_id, ClockRow.clock_key)))

    for element_id in ("keep", "watch"):
        pause_clock(branch, SYSTEM, clock_key=keys[element_id], kind="customer", reason="等")
        waiting = {one.element_id: one.state for one in timers(branch, case)}
        assert waiting.pop(f"{element_id}_late") == "paused"
        assert set(waiting.values()) == {"waiting"}
        resume_clock(branch, SYSTEM, clock_key=keys[element_id])


def test_a_pause_leaves_the_deadlines_of_other_tasks_alone(branch):
    install(
        branch,
        process(
            "aside",
            "in -> split; split -> keep -> join; split -> free -> join; join -> out; late -> pressed",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            user("keep", sla="keep"),
            user("free", dueDate="PT5H"),
            boundary("late", "free", timer("PT7H"), cancels=False),
            sla="whole",
        ),
        profiles=[profile("aside", {"keep": "8 H", "whole": "30 H"})],
    )
    case = start(branch, "aside", by="sun_lihua")
    pause(branch, case, by="wang_wei", limit="whole")
    branch.clock.set(local("2026-02-13 17:00"))
    resume(branch, case, by="wang_wei", limit="whole")

    assert task_due_at(branch, case, "free") == local("2026-02-13 21:00")
    assert task_due_at(branch, case, "keep") == local("2026-02-14 00:00")


def test_a_task_without_a_promise_of_its_own_moves_with_the_one_around_it(branch):
    install(
        branch, process("around", "in -> keep -> out", user("keep"), sla="whole"),
        profiles=[profile("around", {"whole": "30 H"})],
    )  # fmt: skip
    case = start(branch, "around", by="sun_lihua")
    assert task_due_at(branch, case) == local("2026-02-14 22:00")

    pause(branch, case, by="wang_wei", limit="whole")
    branch.clock.set(local("2026-02-13 17:00"))
    resume(branch, case, by="wang_wei", limit="whole")

    assert task_due_at(branch, case) == local("2026-02-14 23:00")
