"""Which promises are measured, from when, and who is told of them."""

from datetime import timedelta

from cases import complete, open_task, open_tasks, start
from engines import person
from families import boundary, call, install, process, profile, service, sub_process, timer, user
from promises import at, clocks, local, notices, steps, told, told_now

from engine.commands.clock_commands import pause_clock, resume_clock
from engine.commands.people.people_commands import grant_role
from engine.people import SYSTEM

THREE_QUARTERS, NINE_TENTHS = "2026-02-14 14:00", "2026-02-14 15:12"
DUE = "2026-02-14 16:00"
ONE_INTERVAL_LATER = "2026-02-24 16:00"  # the Spring Festival lies between
TWO_INTERVALS_LATER = "2026-02-25 16:00"
BREACH = local(DUE) + timedelta(milliseconds=1)


def test_several_clocks_of_one_case_are_told_one_by_one(branch):
    install(
        branch,
        process("waiting", "in -> keep -> out", user("keep", sla="keep, look"), sla="whole"),
        profiles=[profile("waiting", {"keep": "8 WH", "look": "4 H", "whole": "2 WD"})],
    )
    case = start(branch, "waiting", by="sun_lihua")

    at(branch, "2026-02-13 19:59")
    at(branch, "2026-02-13 20:00:01")
    assert told_now(branch, case) == ["deadline_breached sun_lihua", "deadline_breached zhou_jie"]
    at(branch, BREACH)

    assert "deadline_breached sun_lihua" in told_now(branch, case)
    complete(branch, "sun_lihua", open_task(branch, case))
    assert {name: clock.state for name, clock in clocks(branch, case).items()} == {
        "keep": "breached",
        "look": "breached",
        "whole": "met",
    }


def test_the_clock_of_a_stage_is_told_to_who_works_inside_it(branch):
    grant_role(branch, SYSTEM, username="zhao_min", unit_key="bank", role_key="customer_service_head")
    install(
        branch,
        process(
            "staged",
            "in -> split; split -> stage -> join; split -> aside -> join; join -> out",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            sub_process("stage", "begun -> inner -> finished", user("inner"), sla="keep"),
            user("aside", "customer_service_head"),
        ),
        profiles=[profile("staged", {"keep": "8 WH"})],
    )
    case = start(branch, "staged", by="sun_lihua")

    at(branch, THREE_QUARTERS)

    assert told_now(branch, case) == ["deadline_warning sun_lihua"]
    complete(branch, "sun_lihua", open_tasks(branch, case)["inner"])
    assert clocks(branch, case)["keep"].state == "met"


def test_a_promise_may_count_from_the_start_of_the_case(branch):
    install(
        branch,
        process(
            "later", "in -> first -> keep -> out", user("first"), user("keep", sla="keep", sla_start="case")
        ),
        profiles=[profile("later", {"keep": "8 WH"})],
    )
    case = start(branch, "later", by="sun_lihua")
    assert clocks(branch, case)["keep"].due_at == local(DUE)

    at(branch, BREACH)
    assert "deadline_breached sun_lihua" in told_now(branch, case)
    complete(branch, "sun_lihua", open_task(branch, case))
    complete(branch, "sun_lihua", open_task(branch, case))

    assert len(notices(branch, case)) == len({(one.once, one.recipient) for one in notices(branch, case)})
    assert clocks(branch, case)["keep"].state == "breached"


def test_a_promise_may_count_from_another_element(branch):
    install(
        branch,
        process(
            "later",
            "in -> first -> second -> keep -> out",
            user("first"),
            user("second"),
            user("keep", sla="keep", sla_start="second"),
        ),
        profiles=[profile("later", {"keep": "8 WH"})],
    )
    case = start(branch, "later", by="sun_lihua")
    assert clocks(branch, case) == {}

    branch.clock.set(local("2026-02-13 17:00"))
    complete(branch, "sun_lihua", open_task(branch, case))

    assert clocks(branch, case)["keep"].due_at == local("2026-02-14 17:00")
    complete(branch, "sun_lihua", open_task(branch, case))
    complete(branch, "sun_lihua", open_task(branch, case))
    assert clocks(branch, case)["keep"].state == "met"


def test_a_promise_whose_element_is_never_reached_has_no_outcome(branch):
    install(
        branch,
        process(
            "forking",
            "in -> first -> which; which -> keep ? needed -> out; which -> out",
            "<exclusiveGateway id='which' default='which_out'/>",
            user("first"),
            user("keep", sla="keep", sla_start="case"),
        ),
        profiles=[profile("forking", {"keep": "8 WH"})],
    )
    case = start(branch, "forking", by="sun_lihua")

    complete(branch, "sun_lihua", open_task(branch, case), needed=False)

    assert clocks(branch, case)["keep"].state == "cancelled"


def test_a_promise_that_the_profile_has_switched_off_makes_no_clock_and_no_timer(branch):
    install(
        branch,
        process(
            "lax",
            "in -> keep -> out; late -> pressed",
            user("keep", sla="keep"),
            boundary("late", "keep", timer('${limit("keep")}'), cancels=False),
        ),
        profiles=[profile("lax", {}, more='[limits.keep]\noff = true\nwhy = "The source is silent."')],
    )

    case = start(branch, "lax", by="sun_lihua")
    at(branch, "2026-06-01 09:00")

    assert (clocks(branch, case), steps(branch, case), notices(branch, case)) == ({}, [], [])
    assert list(open_tasks(branch, case)) == ["keep"]


def test_a_deadline_beyond_the_known_holidays_says_that_it_is_provisional(branch):
    install(
        branch, process("slow", "in -> keep -> out", user("keep", sla="keep")),
        profiles=[profile("slow", {"keep": "10 WD"})],
    )  # fmt: skip
    branch.clock.set(local("2026-12-25 10:00"))

    case = start(branch, "slow", by="sun_lihua")

    assert clocks(branch, case)["keep"].is_provisional
    at(branch, clocks(branch, case)["keep"].due_at + timedelta(milliseconds=1))
    assert "deadline_breached sun_lihua" in told_now(branch, case)


def test_a_step_of_a_service_task_is_told_to_the_first_rung(branch):
    install(
        branch,
        process(
            "sending", "in -> send -> out",
            service("send", "post").replace(
                "<extensionElements>",
                "<extensionElements><camunda:properties><camunda:property name='sla' value='keep'/></camunda:properties>",
            ),
        ),
        profiles=[profile("sending", {"keep": "8 WH"})],
    )  # fmt: skip
    case = start(branch, "sending", by="sun_lihua")

    at(branch, NINE_TENTHS)
    at(branch, BREACH)

    assert told_now(branch, case) == ["deadline_breached zhou_jie"]


def test_a_warning_comes_again_when_a_pause_has_moved_the_promise(branch):
    install(
        branch, process("waiting", "in -> keep -> out", user("keep", sla="keep", sla_warn="1 WD")),
        profiles=[profile("waiting", {"keep": "3 WD"})],
    )  # fmt: skip
    branch.clock.set(local("2026-03-02 10:00"))
    case = start(branch, "waiting", by="sun_lihua")
    key = clocks(branch, case)["keep"].clock_key
    at(branch, "2026-03-04 18:00")
    assert "deadline_warning sun_lihua" in told_now(branch, case)

    branch.clock.set(local("2026-03-05 09:00"))
    pause_clock(branch, person(branch, "sun_lihua"), clock_key=key, kind="customer", reason="等客户补充材料")
    branch.clock.set(local("2026-03-09 09:00"))
    resume_clock(branch, person(branch, "sun_lihua"), clock_key=key)
    assert clocks(branch, case)["keep"].due_at == local("2026-03-09 18:00")


def promised(engine, value, *, more="", **properties):
    """A case with one task and one promise, begun on Monday 2 March at 10:00."""
    install(
        engine,
        process("waiting", "in -> keep -> out", user("keep", sla="keep", **properties)),
        profiles=[profile("waiting", {"keep": value}, more=more)],
    )
    engine.clock.set(local("2026-03-02 10:00"))
    return start(engine, "waiting", by="sun_lihua")


def test_the_lower_end_of_a_range_is_a_warning_and_the_upper_end_the_promise(branch):
    case = promised(branch, "1–3 WD")

    at(branch, "2026-03-03 18:00")

    assert "deadline_warning sun_lihua" in told_now(branch, case)
    assert clocks(branch, case)["keep"].due_at == local("2026-03-05 18:00")


def test_a_recurring_rule_is_due_at_its_next_date(branch):
    case = promised(branch, "every month by 10")

    at(branch, local("2026-03-10 18:00") + timedelta(milliseconds=1))

    assert clocks(branch, case)["keep"].due_at == local("2026-03-10 18:00")
    assert "deadline_breached zhou_jie" in told_now(branch, case)


def test_a_ladder_of_the_profile_has_its_own_rungs_and_intervals(branch):
    ladder = '[ladders.steep]\nwarn = ["50%"]\nevery = "2 H"\nrungs = ["service_mgmt", "outlet_head"]'
    case = promised(branch, "3 WD", more=ladder, sla_ladder="steep")

    breach = local("2026-03-05 18:00") + timedelta(milliseconds=1)
    at(branch, breach)
    assert "deadline_breached qian_yi" in told_now(branch, case)
    assert told(branch, case, "zhou_jie") == []
    at(branch, breach + timedelta(hours=2))

    assert told_now(branch, case) == ["escalation wang_wei"]  # the outlet head above where service_mgmt sits
    assert steps(branch, case)[0].startswith("sent warning 50%")


def test_the_same_warning_named_twice_is_told_once(branch):
    case = promised(branch, "3 WD", sla_warn="75%, 75%")

    at(branch, "2026-03-05 18:01")

    assert sorted(told(branch, case, "sun_lihua")) == ["deadline_breached", "deadline_warning"]


def test_a_called_process_keeps_its_own_promise(branch):
    install(
        branch,
        process("asking", "in -> ask -> out", call("ask", "called"))
        + process("called", "begun -> look -> done", user("look"), sla="keep"),
        profiles=[profile("asking", {"keep": "8 WH"})],
    )
    case = start(branch, "asking", by="sun_lihua")
    assert clocks(branch, case)["keep"].due_at == local(DUE)

    at(branch, NINE_TENTHS)
    assert "deadline_warning sun_lihua" in told_now(branch, case)
    complete(branch, "sun_lihua", open_tasks(branch, case)["look"])

    assert clocks(branch, case)["keep"].state == "met"


def test_each_visit_of_a_task_is_measured_anew(branch):
    install(
        branch,
        process(
            "reworking",
            "in -> meet -> keep -> good; good -> meet ? not is_good; good -> out",
            "<exclusiveGateway id='meet' name='meet'/><exclusiveGateway id='good' name='good' default='good_out'/>",
            user("keep", sla="keep"),
        ),
        profiles=[profile("reworking", {"keep": "8 WH"})],
    )
    case = start(branch, "reworking", by="sun_lihua")

    branch.clock.set(local("2026-02-14 10:00"))
    complete(branch, "sun_lihua", open_task(branch, case), is_good=False)

    assert clocks(branch, case)["keep"].due_at == local("2026-02-24 10:00")
    assert "cancelled breach 0" in steps(branch, case)
