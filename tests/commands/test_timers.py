"""Timers fire when they are due, once, in order; a branch that fails waits for a person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cases import complete, jobs, open_tasks, start, state, timers, variables, visits
from engines import FRIDAY, person
from families import (
    boundary,
    catch,
    caught,
    install,
    process,
    profile,
    script,
    service,
    sub_process,
    timer,
    user,
)
from promises import at, clocks, incidents, local, open_incident, told_now

from engine.commands.case.on_case import CaseStopped
from engine.commands.correlate_message import correlate_message
from engine.commands.incidents import resolve_incident
from engine.commands.start_instance import start_instance
from engine.model import Forbidden, InvalidInput, WrongState

A_MILLISECOND = timedelta(milliseconds=1)


def waiting_for(text, kind="Duration", **more):
    """A case that waits for one timer."""
    return process("waiting", "in -> wait -> out", catch("wait", timer(text, kind)), **more)


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("PT48H", "Duration", "2026-02-15 16:00"),
        ("P1D", "Duration", "2026-02-14 16:00"),
        ("2026-02-20T08:00:00+08:00", "Date", "2026-02-20 08:00"),
        ("2026-02-20T08:00:00", "Date", "2026-02-20 08:00"),  # read in the calendar's zone
        ("${when}", "Date", "2026-03-01 09:30"),
    ],
)
def test_elapsed_time_fires_exactly_when_it_is_due(engine, text, kind, due):
    install(engine, waiting_for(text, kind))
    case = start_instance(
        engine, person(engine, "li_na"), process_key="waiting", variables={"when": "2026-03-01T09:30"}
    )

    assert not at(engine, local(due) - A_MILLISECOND)
    at(engine, due)

    assert state(engine, case) == "completed"


@pytest.mark.parametrize("text", ["1 WD", "${limit(&quot;keep&quot;)}"])
def test_a_limit_is_not_over_before_the_millisecond_after_it(engine, text):
    install(engine, waiting_for(text), profiles=[profile("waiting", {"keep": "1 WD"})])
    case = start(engine, "waiting")

    assert not at(engine, "2026-02-14 18:00")
    assert state(engine, case) == "running"
    at(engine, local("2026-02-14 18:00") + A_MILLISECOND)

    assert state(engine, case) == "completed"


def test_a_timer_of_a_limit_explains_itself(engine):
    install(engine, waiting_for("1 WD"))

    (row,) = timers(engine, start(engine, "waiting"))

    assert row.explanation["limit"] == "1 WD"


def test_after_downtime_timers_fire_in_the_order_of_their_moments(engine):
    install(
        engine,
        process(
            "twofold",
            "in -> keep -> out; soon -> pressed; later -> pressed_again",
            user("keep"),
            boundary("later", "keep", timer("PT20H"), cancels=False),
            boundary("soon", "keep", timer("PT10H"), cancels=False),
        ),
    )
    first, second = start(engine, "twofold"), None
    engine.clock.advance(timedelta(hours=5))
    second = start(engine, "twofold")

    report = at(engine, FRIDAY + timedelta(days=3))

    assert [(one.element_id, one.instance_key) for one in report.timers] == [
        ("soon", first.instance_key),
        ("soon", second.instance_key),
        ("later", first.instance_key),
        ("later", second.instance_key),
    ]
    assert [one.late_by for one in report.timers] == [timedelta(hours=hours) for hours in (62, 57, 52, 47)]


@pytest.mark.parametrize("attempt", range(4))  # keys are made by chance
def test_timers_due_together_fire_in_the_order_of_their_names(engine, attempt):
    names = ["delta", "alpha", "charlie", "bravo"]
    install(
        engine,
        process(
            "together",
            "in -> keep -> out; " + "; ".join(f"{one} -> after_{one}" for one in names),
            user("keep"),
            *(boundary(one, "keep", timer("PT1H"), cancels=False) for one in names),
        ),
    )
    start(engine, "together")

    report = at(engine, FRIDAY + timedelta(hours=1))

    assert [one.element_id for one in report.timers] == sorted(names)


def test_a_timer_that_cancels_closes_its_task(engine):
    install(
        engine,
        process(
            "strict",
            "in -> keep -> out; late -> press -> pressed",
            user("keep", sla="keep"),
            user("press"),
            boundary("late", "keep", timer('${limit("keep")}')),
        ),
        profiles=[profile("strict", {"keep": "1 WD"})],
    )
    case = start(engine, "strict")
    key = open_tasks(engine, case)["keep"]

    at(engine, local("2026-02-14 18:00") + A_MILLISECOND)

    assert list(open_tasks(engine, case)) == ["press"]
    assert clocks(engine, case)["keep"].state == "breached"
    # Who held the work was told in the moment in which it was taken away.
    assert "deadline_breached li_na" in told_now(engine, case)
    with pytest.raises(WrongState, match="went on without it"):
        complete(engine, "li_na", key)


def test_a_finished_task_takes_its_timers_along(engine):
    case = start(engine)

    complete(engine, "li_na", open_tasks(engine, case)["answer"])

    assert [one.state for one in timers(engine, case)] == ["cancelled"]
    assert not at(engine, "2026-06-01 09:00")


def test_a_timer_on_a_stage_cancels_all_that_waits_inside(engine):
    install(
        engine,
        process(
            "staged",
            "in -> stage -> out; late -> press -> pressed",
            sub_process(
                "stage",
                "begun -> split; split -> one -> join; split -> two -> join; join -> finished",
                "<parallelGateway id='split'/><parallelGateway id='join'/>",
                user("one"),
                user("two"),
            ),
            user("press"),
            boundary("late", "stage", timer("PT1H")),
        ),
    )
    case = start(engine, "staged")
    assert set(open_tasks(engine, case)) == {"one", "two"}

    at(engine, FRIDAY + timedelta(hours=1))

    assert list(open_tasks(engine, case)) == ["press"]


RACING = process(
    "racing",
    "in -> which; which -> soon -> first -> out; which -> later -> second -> out; which -> reply -> third -> out",
    "<eventBasedGateway id='which'/>",
    catch("soon", timer("PT1H")),
    catch("later", timer("PT2H")),
    catch("reply", caught("message", "reply")),
    user("first"),
    user("second"),
    user("third"),
)


def test_of_two_timers_behind_an_event_gateway_the_earlier_wins(engine):
    install(engine, RACING)
    case = start(engine, "racing")

    engine.live.clear()
    at(engine, FRIDAY + timedelta(hours=3))

    assert list(open_tasks(engine, case)) == ["first"]
    assert {one.element_id: one.state for one in timers(engine, case)} == {
        "soon": "fired",
        "later": "cancelled",
    }
    engine.live.clear()
    complete(engine, "li_na", open_tasks(engine, case)["first"])
    assert state(engine, case) == "completed"


def test_a_message_behind_an_event_gateway_stops_its_timers(engine):
    install(engine, RACING)
    case = start(engine, "racing")

    engine.live.clear()
    correlate_message(
        engine, person(engine, "li_na"), message_name="reply", correlation=case.business_key, variables={}
    )

    assert list(open_tasks(engine, case)) == ["third"]
    assert [one.state for one in timers(engine, case)] == ["cancelled", "cancelled"]
    assert not at(engine, FRIDAY + timedelta(hours=3))


REPEATING = process(
    "reminding",
    "in -> keep -> out; again -> count -> reminded",
    user("keep"),
    boundary("again", "keep", timer("R3/PT1H", "Cycle"), cancels=False),
    script("count", "reminders = reminders + 1"),
)


def reminded(engine, policy):
    install(engine, REPEATING)
    engine.settings = replace(engine.settings, catch_up=policy)
    return start_instance(
        engine, person(engine, "li_na"), process_key="reminding", variables={"reminders": 0}
    )


@pytest.mark.parametrize("policy", ["once", "all", "skip"])
def test_a_repeating_timer_fires_as_often_as_it_says(engine, policy):
    case = reminded(engine, policy)

    for hour in range(1, 7):
        at(engine, FRIDAY + timedelta(hours=hour))

    assert variables(engine, case)["reminders"] == 3
    assert [one.state for one in timers(engine, case)] == ["fired"]
    complete(engine, "li_na", open_tasks(engine, case)["keep"])
    assert state(engine, case) == "completed"


@pytest.mark.parametrize(("policy", "by_then", "in_the_end"), [("all", 2, 3), ("once", 1, 2), ("skip", 0, 1)])
def test_missed_rounds_are_caught_up_as_the_setting_says(engine, policy, by_then, in_the_end):
    case = reminded(engine, policy)

    at(engine, FRIDAY + timedelta(hours=2, minutes=30))
    assert variables(engine, case)["reminders"] == by_then
    for hour in range(3, 9):
        at(engine, FRIDAY + timedelta(hours=hour))

    assert variables(engine, case)["reminders"] == in_the_end


def test_a_repeating_timer_ends_with_its_task(engine):
    case = reminded(engine, "all")
    at(engine, FRIDAY + timedelta(hours=1))

    complete(engine, "li_na", open_tasks(engine, case)["keep"])

    assert [one.state for one in timers(engine, case)] == ["cancelled"]
    assert not at(engine, FRIDAY + timedelta(hours=9))


FAILING = process(
    "failing",
    "in -> split; split -> keep -> join; split -> supply -> join; join -> out; late -> reckon -> reckoned",
    "<parallelGateway id='split'/><parallelGateway id='join'/>",
    user("keep"),
    user("supply"),
    boundary("late", "keep", timer("PT1H"), cancels=False),
    script("reckon", "total = amount + 1"),
)


def test_a_branch_that_fails_is_an_incident_and_its_timer_waits_for_a_person(engine):
    install(engine, FAILING)
    broken, sound = start(engine, "failing"), start(engine)

    at(engine, "2026-03-02 09:00")

    assert {one.element_id: one.state for one in timers(engine, broken)} == {"late": "failed"}
    incident = open_incident(engine, broken)
    assert (incident.kind, incident.element_id) == ("timer", "reckon")
    assert "amount" in incident.message["zh"]
    assert [one.state for one in timers(engine, sound)] == ["fired"]  # the lane went on
    assert not at(engine, "2026-03-03 09:00")


def test_a_mended_timer_fires_again(engine):
    install(engine, FAILING)
    case = start(engine, "failing")
    at(engine, "2026-03-02 09:00")
    incident = open_incident(engine, case)

    resolve_incident(engine, person(engine, "wang_wei"), incident_key=incident.incident_key)
    at(engine, "2026-03-02 09:00")  # nothing was mended
    assert len(incidents(engine, case)) == 2
    complete(engine, "li_na", open_tasks(engine, case)["supply"], amount=4)
    again = open_incident(engine, case)
    resolve_incident(engine, person(engine, "wang_wei"), incident_key=again.incident_key)
    at(engine, "2026-03-02 09:00")

    assert variables(engine, case)["total"] == 5
    assert visits(engine, case, "late") == 1
    assert [one.state for one in timers(engine, case)] == ["fired"]


def test_an_incident_of_a_timer_is_over_when_its_task_is_done(engine):
    install(engine, FAILING)
    case = start(engine, "failing")
    at(engine, "2026-03-02 09:00")

    complete(engine, "li_na", open_tasks(engine, case)["keep"])

    (incident,) = incidents(engine, case)
    assert incident.resolved_by == "li_na"
    assert [one.state for one in timers(engine, case)] == ["cancelled"]


def test_only_who_supervises_resolves_an_incident_and_only_once(engine):
    install(engine, FAILING)
    case = start(engine, "failing")
    at(engine, "2026-03-02 09:00")
    key = open_incident(engine, case).incident_key

    for stranger in ("li_na", "chen_bo"):
        with pytest.raises(Forbidden):
            resolve_incident(engine, person(engine, stranger), incident_key=key)
    resolve_incident(engine, person(engine, "wang_wei"), incident_key=key)

    with pytest.raises(WrongState, match="wang_wei"):
        resolve_incident(engine, person(engine, "wang_wei"), incident_key=key)


def test_a_case_with_a_timer_that_nobody_can_read_is_not_started(engine):
    install(engine, waiting_for("${when}"))

    with pytest.raises(InvalidInput, match=r"wait of process waiting.*'gestern'"):
        start_instance(engine, person(engine, "li_na"), process_key="waiting", variables={"when": "gestern"})


def test_a_step_to_a_timer_that_nobody_can_read_is_not_taken(engine):
    install(
        engine, process("later", "in -> keep -> wait -> out", user("keep"), catch("wait", timer("${when}")))
    )
    case = start(engine, "later")

    with pytest.raises(CaseStopped, match="ISO 8601"):
        complete(engine, "li_na", open_tasks(engine, case)["keep"], when=7)

    assert open_incident(engine, case).element_id == "wait"
    complete(engine, "li_na", open_tasks(engine, case)["keep"], when="PT1H")
    assert [one.state for one in timers(engine, case)] == ["waiting"]
    assert [one.resolved_by for one in incidents(engine, case)] == ["li_na"]


def test_a_timer_may_start_work_that_nobody_does_by_hand(engine):
    install(
        engine,
        process(
            "escalating",
            "in -> keep -> out; late -> record_it -> recorded",
            user("keep"),
            service("record_it", "record"),
            boundary("late", "keep", timer("PT1H"), cancels=False),
        ),
    )
    case = start(engine, "escalating")

    report = at(engine, FRIDAY + timedelta(hours=1))

    assert [one.topic for one in report.jobs] == ["record"]
    assert [one.state for one in jobs(engine, case)] == ["done"]
