"""Warnings, the breach and the rungs above it. The limit is 8 WH from Friday 16:00: due on Saturday, a make-up day."""

from contextlib import suppress
from datetime import timedelta

import pytest
from branch import BRANCH
from cases import complete, open_task, open_tasks, start
from crashes import CrashingStore, Killed
from engines import make_engine, person
from families import install, process, profile, user
from promises import at, clocks, local, notices, steps, told, told_now

from engine.commands.clock_commands import acknowledge_clock
from engine.commands.due.due_work import do_due_work
from engine.commands.hold_user_task import claim_user_task
from engine.commands.people.people_commands import deactivate_person, grant_role, revoke_role, set_head
from engine.commands.start_instance import start_instance
from engine.model import WrongState
from engine.people import SYSTEM

THREE_QUARTERS, NINE_TENTHS = "2026-02-14 14:00", "2026-02-14 15:12"
DUE = "2026-02-14 16:00"
ONE_INTERVAL_LATER = "2026-02-24 16:00"  # the Spring Festival lies between
TWO_INTERVALS_LATER = "2026-02-25 16:00"
BREACH = local(DUE) + timedelta(milliseconds=1)


@pytest.fixture
def case(branch):
    """Sun Li has claimed the task."""
    case = start(branch, by="sun_lihua")
    claim_user_task(branch, person(branch, "sun_lihua"), user_task_key=open_task(branch, case))
    return case


def test_it_warns_who_works_on_it_at_three_quarters(branch, case):
    at(branch, THREE_QUARTERS)

    assert told_now(branch, case) == ["deadline_warning sun_lihua"]


def test_it_says_nothing_a_millisecond_before_three_quarters(branch, case):
    at(branch, local(THREE_QUARTERS) - timedelta(milliseconds=1))

    assert told_now(branch, case) == []


def test_the_last_warning_reaches_the_first_rung_too(branch, case):
    at(branch, THREE_QUARTERS)
    at(branch, NINE_TENTHS)

    assert told_now(branch, case) == ["deadline_warning sun_lihua", "deadline_warning zhou_jie"]


def test_exactly_due_is_not_yet_breached(branch, case):
    at(branch, DUE)

    assert told(branch, case, "zhou_jie") == ["deadline_warning"]
    assert clocks(branch, case)["answer"].state == "running"


def test_the_breach_is_told_to_who_works_on_it_and_to_the_first_rung(branch, case):
    at(branch, NINE_TENTHS)
    at(branch, BREACH)

    assert told_now(branch, case) == ["deadline_breached sun_lihua", "deadline_breached zhou_jie"]
    clock = clocks(branch, case)["answer"]
    assert (clock.state, clock.breached_at) == ("breached", local(DUE))


def test_it_climbs_one_rung_after_each_equal_interval_of_working_time(branch, case):
    at(branch, BREACH)

    at(branch, local(ONE_INTERVAL_LATER))
    assert told_now(branch, case) == []
    at(branch, local(ONE_INTERVAL_LATER) + timedelta(milliseconds=1))
    assert told_now(branch, case) == ["escalation qian_yi"]
    at(branch, local(TWO_INTERVALS_LATER) + timedelta(milliseconds=1))
    assert told_now(branch, case) == ["escalation wang_wei"]
    at(branch, "2026-06-01 09:00")

    assert told_now(branch, case) == []
    assert told(branch, case, "zhou_jie") == ["deadline_breached", "deadline_warning"]


def test_calendar_days_climb_a_day_later_each(branch):
    install(
        branch, process("waiting", "in -> keep -> out", user("keep", sla="keep")),
        profiles=[profile("waiting", {"keep": "1 CD"})],
    )  # fmt: skip
    branch.clock.set(local("2026-03-02 10:00"))
    case = start(branch, "waiting", by="sun_lihua")

    at(branch, local("2026-03-04 00:00") + timedelta(milliseconds=1))
    assert "deadline_breached zhou_jie" in told_now(branch, case)
    at(branch, local("2026-03-05 00:00") + timedelta(milliseconds=1))

    assert told_now(branch, case) == ["escalation qian_yi"]


def test_the_same_day_climbs_on_the_next_day(branch):
    install(
        branch, process("waiting", "in -> keep -> out", user("keep", sla="keep")),
        profiles=[profile("waiting", {"keep": "same day"})],
    )  # fmt: skip
    branch.clock.set(local("2026-03-02 10:00"))
    case = start(branch, "waiting", by="sun_lihua")

    at(branch, "2026-03-02 18:01")
    assert "deadline_breached zhou_jie" in told_now(branch, case)
    at(branch, "2026-03-03 17:59")
    assert told_now(branch, case) == []
    at(branch, "2026-03-03 18:01")

    assert told_now(branch, case) == ["escalation qian_yi"]


def test_acknowledging_the_breach_stops_the_climb(branch, case):
    at(branch, BREACH)

    for _ in range(2):  # twice is once
        acknowledge_clock(
            branch, person(branch, "zhou_jie"), clock_key=clocks(branch, case)["answer"].clock_key
        )
    at(branch, "2026-06-01 09:00")

    assert told(branch, case, "qian_yi") == []
    assert clocks(branch, case)["answer"].acknowledged_by == "zhou_jie"
    breach = [one for one in notices(branch, case) if one.kind == "deadline_breached"]
    assert all(one.acknowledged_at == local(DUE) + timedelta(milliseconds=1) for one in breach)


def test_a_promise_that_is_not_broken_cannot_be_acknowledged(branch, case):
    with pytest.raises(WrongState, match="not due yet"):
        acknowledge_clock(
            branch, person(branch, "zhou_jie"), clock_key=clocks(branch, case)["answer"].clock_key
        )


def test_completing_the_work_stops_the_climb(branch, case):
    at(branch, BREACH)

    complete(branch, "sun_lihua", open_tasks(branch, case)["answer"])
    at(branch, "2026-06-01 09:00")

    assert told(branch, case, "qian_yi") == []
    assert not any(one.startswith("waiting") for one in steps(branch, case))
    assert clocks(branch, case)["answer"].state == "breached"


def test_work_done_exactly_at_the_due_moment_is_in_time(branch, case):
    branch.clock.set(local(DUE))

    complete(branch, "sun_lihua", open_task(branch, case))

    assert clocks(branch, case)["answer"].state == "met"


def test_work_done_late_is_a_breach_even_before_anybody_was_told(branch, case):
    branch.clock.set(BREACH)

    complete(branch, "sun_lihua", open_task(branch, case))

    clock = clocks(branch, case)["answer"]
    assert (clock.state, clock.breached_at) == ("breached", local(DUE))


@pytest.mark.parametrize("commit", range(1, 7))
def test_a_crash_at_any_commit_neither_loses_nor_doubles_a_notice(branch, case, commit):
    crashing = CrashingStore(branch.store)
    victim = make_engine(crashing, branch.clock)
    branch.clock.set(local(ONE_INTERVAL_LATER) + timedelta(milliseconds=1))
    crashing.crash_at(commit)
    with suppress(Killed):
        do_due_work(victim)

    do_due_work(make_engine(branch.store, branch.clock))

    assert [f"{one.kind} {one.recipient}" for one in notices(branch, case) if one.clock_key] == [
        "deadline_breached sun_lihua",
        "deadline_breached zhou_jie",
        "deadline_warning sun_lihua",
        "deadline_warning sun_lihua",
        "deadline_warning zhou_jie",
        "escalation qian_yi",
    ]


def test_a_new_holder_of_the_rung_is_told_instead_of_the_old_one(branch, case):
    at(branch, BREACH)

    revoke_role(branch, SYSTEM, username="qian_yi", unit_key="bank", role_key="service_mgmt")
    grant_role(branch, SYSTEM, username="zhao_min", unit_key="bank", role_key="service_mgmt")
    at(branch, local(ONE_INTERVAL_LATER) + timedelta(milliseconds=1))

    assert told_now(branch, case) == ["escalation zhao_min"]


def test_a_rung_whose_only_holder_has_left_is_stepped_over(branch, case):
    at(branch, BREACH)

    deactivate_person(branch, SYSTEM, username="qian_yi")
    at(branch, local(ONE_INTERVAL_LATER) + timedelta(milliseconds=1))

    assert told_now(branch, case) == ["escalation wang_wei"]


def test_nobody_who_has_left_is_told(branch, case):
    deactivate_person(branch, SYSTEM, username="zhou_jie")
    deactivate_person(branch, SYSTEM, username="sun_lihua")

    at(branch, BREACH)

    assert told(branch, case, "sun_lihua") == told(branch, case, "zhou_jie") == []
    assert "deadline_breached wang_wei" in told_now(branch, case)  # head of an outlet at the bank itself


def test_a_head_that_has_left_stands_on_no_rung(branch, case):
    set_head(branch, SYSTEM, unit_key="bank", username="zhao_min")
    deactivate_person(branch, SYSTEM, username="zhao_min")

    at(branch, "2026-06-01 09:00")

    assert told(branch, case, "zhao_min") == []


def test_an_unclaimed_task_warns_those_who_may_take_it(branch):
    grant_role(branch, SYSTEM, username="zhao_min", unit_key=BRANCH, role_key="first_receiver")
    case = start(branch, by="sun_lihua")

    at(branch, THREE_QUARTERS)

    assert told_now(branch, case) == ["deadline_warning sun_lihua", "deadline_warning zhao_min"]


def test_the_person_complained_about_is_told_nothing_on_any_rung(branch):
    case = start_instance(
        branch,
        person(branch, "sun_lihua"),
        process_key="answering",
        variables={"complained_about": "zhou_jie"},
    )

    at(branch, BREACH)
    assert "deadline_breached wang_wei" in told_now(branch, case)  # the unit above steps in
    at(branch, "2026-06-01 09:00")

    assert told(branch, case, "zhou_jie") == []
    assert told(branch, case, "qian_yi") == ["escalation"]


def test_each_reader_is_told_in_their_language_and_why_it_is_due_then(branch, case):
    at(branch, local(ONE_INTERVAL_LATER) + timedelta(milliseconds=1))

    by_reader = {one.recipient: one for one in notices(branch, case)}
    zh, en = by_reader["zhou_jie"], by_reader["qian_yi"]
    assert (zh.locale, en.locale) == ("zh", "en")
    assert "2026-02-14 16:00" in zh.body
    assert "2026-02-14 16:00" in en.body
    assert "8 个工作小时" in zh.body
    assert "working hours" in en.body
    assert "CMP-01/T1" in zh.body
    assert "孙丽" in zh.body
    assert "Sun Li" in en.body
