"""A calendar rule begins cases: one a period, on the right day, once, also after downtime and with two servers."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest
from engines import ORGANISATION, SHANGHAI, person
from families import family, install, process, profile, timer, user
from sqlalchemy import select

from engine.commands.due import calendar_starts
from engine.commands.due.calendar_starts import do_calendar_starts, next_calendar_start_at
from engine.commands.due.plan_calendar_starts import plan_calendar_starts
from engine.commands.people.choose_profiles import choose_profiles
from engine.commands.people.people_commands import add_organisation
from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.commands.start_instance import start_instance
from engine.model import (
    AuditPayload,
    AuditRow,
    CalendarStart,
    ClockRow,
    InvalidInput,
    ProcessInstance,
)
from engine.people import SYSTEM
from web.wiring.keeper import PLAN_EVERY, _calendar_starts

WEDNESDAY = datetime(2025, 9, 24, 10, tzinfo=SHANGHAI)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def report(text='${limit("weekly_report")}', key="report"):
    start = f"<startEvent id='{key}_begun' name='begun'>{timer(text, 'Cycle')}</startEvent>"
    return process(
        key, f"{key}_begun -> {key}_write -> {key}_done", start, user(f"{key}_write", sla="weekly_report")
    )


def policy(value="every week by friday", key="DRAWN", process_key="report"):
    return profile(
        process_key,
        {"weekly_report": value},
        key=key,
        more=f'[numbering]\npattern = "{key}-{{number}}"\nrestarts = "never"',
    )


def choose(engine, chosen, organisation=ORGANISATION):
    choose_profiles(
        engine, SYSTEM, organisation_key=organisation, profiles={"drawn": chosen} if chosen else {}
    )


@pytest.fixture
def reporting(engine, clock):
    """The bank has chosen the weekly report on a Wednesday before National Day 2025."""
    clock.set(WEDNESDAY)
    install(engine, report(), profiles=[policy()])
    choose(engine, "DRAWN")
    assert plan_calendar_starts(engine) == 1
    return engine


def begun(engine):
    """(number, when in Shanghai) of each case that the calendar began."""
    with engine.store.reading() as session:
        rows = session.execute(
            select(ProcessInstance.business_key, ProcessInstance.started_at)
            .where(ProcessInstance.started_by == "system")
            .order_by(ProcessInstance.started_at, ProcessInstance.business_key)
        )
        return [(row.business_key, f"{row.started_at.astimezone(SHANGHAI):%m-%d %H:%M}") for row in rows]


def note_of(engine, number):
    """Who began the case, and what the audit says about it."""
    with engine.store.reading() as session:
        return session.execute(
            select(AuditRow.actor, AuditPayload.payload)
            .join(
                AuditPayload,
                (AuditPayload.chain == AuditRow.chain) & (AuditPayload.sequence == AuditRow.sequence),
            )
            .where(AuditRow.act == "case.started", AuditRow.subject == number)
        ).one()


def due_at(engine, number):
    with engine.store.reading() as session:
        return session.execute(
            select(ClockRow.due_at)
            .join(ProcessInstance, ProcessInstance.instance_key == ClockRow.instance_key)
            .where(ProcessInstance.business_key == number)
        ).scalar_one()


def run_until(engine, clock, end):
    """As the keeper does: it wakes at each next moment."""
    while (moment := next_calendar_start_at(engine)) is not None and moment <= end:
        clock.set(moment)
        do_calendar_starts(engine)
    clock.set(end)


def test_weekly_cases_begin_on_working_days_over_national_day(reporting, clock):
    run_until(reporting, clock, at("2025-10-17T18:00"))

    assert begun(reporting) == [
        ("DRAWN-1", "09-28 09:00"),
        ("DRAWN-2", "10-10 09:00"),
        ("DRAWN-3", "10-11 09:00"),
    ]
    assert due_at(reporting, "DRAWN-1") == at("2025-10-09T18:00")


def test_planning_again_changes_nothing_and_begins_nothing_too_early(reporting):
    assert (plan_calendar_starts(reporting), do_calendar_starts(reporting)) == (0, [])
    assert begun(reporting) == []


def test_after_downtime_each_period_has_its_case_which_says_that_it_is_late(reporting, clock):
    clock.set(at("2025-10-13T09:00"))

    started = do_calendar_starts(reporting)

    assert [one.period for one in started] == ["2025-10-03", "2025-10-10", "2025-10-17"]
    assert started[0].late_by == timedelta(days=15)
    due = [due_at(reporting, one.business_key) for one in started]
    assert due == [at("2025-10-09T18:00"), at("2025-10-10T18:00"), at("2025-10-17T18:00")]
    assert reporting.late.tell() == (3, timedelta(days=15))
    assert do_calendar_starts(reporting) == []


def test_two_servers_begin_a_period_once(stored_engine, another_server, clock):
    clock.set(WEDNESDAY)
    install(stored_engine, report(), profiles=[policy()])
    choose(stored_engine, "DRAWN")
    plan_calendar_starts(stored_engine)
    clock.set(at("2025-10-20T10:00"))
    servers = [Thread(target=do_calendar_starts, args=(one,)) for one in (another_server(), another_server())]

    for server in servers:
        server.start()
    for server in servers:
        server.join()

    assert [number for number, _ in begun(stored_engine)] == ["DRAWN-1", "DRAWN-2", "DRAWN-3", "DRAWN-4"]


def test_a_person_may_begin_one_too(reporting):
    started = start_instance(reporting, person(reporting, "li_na"), process_key="report", variables={})

    assert started.business_key == "DRAWN-1"
    assert due_at(reporting, started.business_key) == at("2025-09-26T18:00")


def test_an_organisation_that_has_chosen_nothing_is_given_nothing(reporting):
    add_organisation(reporting, SYSTEM, key="other", name={"zh": "城西支行", "en": "West branch"})

    assert plan_calendar_starts(reporting) == 0


def test_each_organisation_has_its_own(reporting, clock):
    add_organisation(
        reporting, SYSTEM, key="other", name={"zh": "城西", "en": "West"}, profiles={"drawn": "DRAWN"}
    )
    plan_calendar_starts(reporting)

    run_until(reporting, clock, at("2025-09-28T10:00"))

    assert begun(reporting) == [("DRAWN-1", "09-28 09:00"), ("DRAWN-1", "09-28 09:00")]


@pytest.mark.parametrize(
    ("chosen", "planned"),
    [
        ("DRAWN", ["DRAWN report"]),
        ("OTHER", ["OTHER review"]),
        (["DRAWN", "OTHER"], ["DRAWN report", "OTHER review"]),
    ],
)  # fmt: skip
def test_who_asks_for_a_start(engine, clock, chosen, planned):
    clock.set(WEDNESDAY)
    profiles = [policy(), policy("every month by 5", "OTHER", "review")]
    install(engine, report(), report(key="review"), profiles=profiles)
    choose(engine, chosen)

    plan_calendar_starts(engine)

    with engine.store.reading() as session:
        rows = session.execute(select(CalendarStart).order_by(CalendarStart.profile_id)).scalars()
        assert [f"{row.profile_id} {row.process_key}" for row in rows] == planned


def test_a_changed_rule_counts_from_now_and_one_that_goes_stops(reporting, clock):
    install(reporting, report(), profiles=[policy("every week by thursday")])
    assert plan_calendar_starts(reporting) == 1
    run_until(reporting, clock, at("2025-09-28T10:00"))
    assert begun(reporting) == [("DRAWN-1", "09-26 09:00")]

    choose(reporting, None)
    assert plan_calendar_starts(reporting) == 1
    assert next_calendar_start_at(reporting) is None


def test_the_start_stands_in_the_chain_of_the_case(reporting, clock):
    clock.set(at("2025-09-28T11:00"))
    (started,) = do_calendar_starts(reporting)

    actor, told = note_of(reporting, started.business_key)
    assert actor == "system"
    assert {name: told[name] for name in ("by", "rule", "period", "late_seconds")} == {
        "by": "calendar",
        "rule": "every week by friday",
        "period": "2025-10-03",
        "late_seconds": 7200,
    }


def test_a_start_that_fails_is_kept_and_tried_again(reporting, clock, monkeypatch):
    def refuse(*_, **__):
        raise InvalidInput("No room.", "没有位置。")

    clock.set(at("2025-09-28T09:00"))
    with monkeypatch.context() as broken:
        broken.setattr(calendar_starts, "start_instance", refuse)
        assert do_calendar_starts(reporting) == []
    assert (begun(reporting), next_calendar_start_at(reporting)) == ([], at("2025-09-28T09:10"))

    clock.set(at("2025-09-28T09:10"))
    assert [one.period for one in do_calendar_starts(reporting)] == ["2025-10-03"]


@pytest.mark.parametrize("policy_name", ["once", "skip"])
def test_the_catch_up_policy_may_pass_over_periods_that_are_over(reporting, clock, policy_name):
    reporting.settings = replace(reporting.settings, catch_up=policy_name)
    clock.set(at("2025-10-13T09:00"))

    assert [one.period for one in do_calendar_starts(reporting)] == ["2025-10-17"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("R/P1D", "every week by friday"),
        ('${limit("weekly_report")}', "3 WD"),
        ("${when}", "every week by friday"),
    ],
)
def test_anything_else_at_a_start_is_refused(engine, text, value):
    with pytest.raises(DeploymentRefused) as refused:
        deploy(engine, SYSTEM, [family(report(text), profiles=[policy(value)])], name="drawn")

    assert "timer-start" in {one.rule for one in refused.value.findings}


def test_a_rule_may_stand_in_the_diagram_itself(engine, clock):
    clock.set(WEDNESDAY)
    install(engine, report("every week by friday"), profiles=[policy()])
    choose(engine, "DRAWN")

    assert plan_calendar_starts(engine) == 1


def test_only_a_profile_that_exists_can_be_chosen(reporting):
    with pytest.raises(InvalidInput, match="ANOTHER is none"):
        choose(reporting, ["DRAWN", "ANOTHER"])


def test_the_keeper_looks_every_minute_and_wakes_for_the_next_start(reporting, clock):
    lane = _calendar_starts(reporting)
    assert lane.next_due_at() <= clock.now()

    lane.work()
    assert lane.next_due_at() == clock.now() + PLAN_EVERY

    clock.set(at("2025-09-28T08:59:30"))
    lane.work()
    assert lane.next_due_at() == at("2025-09-28T09:00")
    clock.set(at("2025-09-28T09:00"))
    lane.work()
    assert begun(reporting) == [("DRAWN-1", "09-28 09:00")]
