"""A person installs a year's notice, or sets a day of a site, while promises run."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from engines import CALENDARS, PROCESSES, SHANGHAI, person
from sqlalchemy import select

from engine.commands.calendar_shelf import Calendars
from engine.commands.calendars.change_calendar import change_calendar
from engine.commands.calendars.follow_calendar_changes import follow_calendar_changes
from engine.commands.calendars.plan_calendar_change import plan_calendar_change
from engine.commands.people.people_commands import grant_role
from engine.commands.repair.move_due_moment import move_due_moment
from engine.commands.start_instance import start_instance
from engine.model import (
    AuditRow,
    CalendarChangeRow,
    ClockRow,
    Conflict,
    Forbidden,
    InvalidInput,
    LadderStep,
    Timer,
    UserTask,
)
from engine.people import SYSTEM
from engine.queries.case_header import header_of_case
from engine.queries.timeline import find_timeline

NAME = {"zh": "元旦", "en": "New Year"}
OF_2027 = {
    "notice": {"title": "2027", "number": "〔2026〕7号", "published": "2026-11-04"},
    "holiday": [{"name": NAME, "from": "2027-01-01", "to": "2027-01-03", "makeup": []}],
}
HALF_DAY = {"days": {"2026-02-16": {"kind": "half", "name": NAME, "shifts": [["09:00", "12:00"]]}}}


@pytest.fixture(autouse=True)
def own_calendars(engine):
    """Changes are rows of this test's database: no other test may see them."""
    engine.calendars = Calendars(PROCESSES / "calendars")


@pytest.fixture
def owner(engine):
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="bank", role_key="process_owner")
    return person(engine, "chen_bo")


def the(engine, *columns):
    with engine.store.reading() as session:
        return session.execute(select(*columns)).one()


def start_on(engine, clock, moment):
    clock.set(moment)
    return start_instance(
        engine, person(engine, "li_na"), process_key="answering", variables={"subject": "排队"}
    )


def install(engine, actor, content=OF_2027, year=2027, calendar="cn"):
    return change_calendar(
        engine,
        actor,
        calendar=calendar,
        content=content,
        year=year,
        reason="国办〔2026〕7号",
        seen_version=engine.calendars.get(calendar).version,
    )


def test_what_would_move_is_told_before_and_comes_true_after(engine, clock, owner):
    case = start_on(engine, clock, datetime(2026, 12, 31, 16, tzinfo=SHANGHAI))

    planned = plan_calendar_change(engine, owner, calendar="cn", content=OF_2027, year=2027)

    friday, monday = (datetime(2027, 1, day, 16, tzinfo=SHANGHAI) for day in (1, 4))
    [told] = planned.moved
    assert (told.business_key, told.deadline.limit_id) == (case.business_key, "CMP-01/T1")
    assert (told.deadline.was, told.deadline.due_at) == (friday, monday)
    assert (planned.hidden, told.is_over_at_once) == (0, False)
    assert the(engine, ClockRow.due_at) == (friday,)

    install(engine, owner)
    moved = follow_calendar_changes(engine)

    assert [(one.was_due_at, one.due_at) for one in moved] == [(friday, monday)]
    assert the(engine, ClockRow.due_at, ClockRow.is_provisional) == (monday, False)
    assert the(engine, Timer.due_at) == (monday,)
    assert the(engine, UserTask.due_at) == (monday,)
    assert follow_calendar_changes(engine) == []
    assert the(engine, CalendarChangeRow.followed_at) == (clock.now(),)


def test_the_record_and_the_history_say_who_and_why(engine, clock, owner):
    case = start_on(engine, clock, datetime(2026, 12, 31, 16, tzinfo=SHANGHAI))
    install(engine, owner)
    follow_calendar_changes(engine)

    with engine.store.reading() as session:
        acts = dict(
            session.execute(
                select(AuditRow.act, AuditRow.actor).where(AuditRow.act.in_(("calendar.changed", "clock.recomputed")))
            ).all()
        )  # fmt: skip
    assert acts == {"calendar.changed": "chen_bo", "clock.recomputed": "system"}
    reader = person(engine, "li_na")
    with engine.store.reading() as session:
        told = find_timeline(session, header_of_case(engine, session, reader, case.instance_key), "zh")
    assert [one.facts["reason"] for one in told if one.act == "clock.recomputed"] == ["国办〔2026〕7号"]


def test_a_half_day_moves_what_was_certain_with_its_warnings(engine, clock, owner):
    """The half day is an ordinary Thursday; the promise was not provisional."""
    start_on(engine, clock, datetime(2026, 3, 4, 16, tzinfo=SHANGHAI))
    assert the(engine, ClockRow.due_at) == (datetime(2026, 3, 5, 16, tzinfo=SHANGHAI),)
    half = {"days": {"2026-03-05": {"kind": "half", "name": NAME, "shifts": [["09:00", "12:00"]]}}}

    install(engine, owner, half, None)
    follow_calendar_changes(engine)

    assert the(engine, ClockRow.due_at) == (datetime(2026, 3, 6, 12, tzinfo=SHANGHAI),)
    with engine.store.reading() as session:
        waiting = select(LadderStep.kind, LadderStep.due_at).where(LadderStep.state == "waiting")
        steps = dict(session.execute(waiting).all())
    assert steps["breach"].astimezone(SHANGHAI).date() == date(2026, 3, 6)


def test_a_moment_that_a_person_gave_stays(engine, clock, owner):
    start_on(engine, clock, datetime(2026, 12, 31, 16, tzinfo=SHANGHAI))
    given = datetime(2027, 1, 1, 10, tzinfo=SHANGHAI)
    key = the(engine, ClockRow.clock_key).clock_key
    move_due_moment(engine, person(engine, "wang_wei"), key=key, due_at=given, reason="约好了")

    install(engine, owner)

    assert follow_calendar_changes(engine) == []
    assert the(engine, ClockRow.due_at) == (given,)


def test_what_would_be_overdue_at_once_is_said(engine, clock, owner):
    start_on(engine, clock, datetime(2026, 2, 13, 16, tzinfo=SHANGHAI))
    clock.set(datetime(2026, 2, 14, 15, tzinfo=SHANGHAI))
    longer = {"days": {"2026-02-13": {"kind": "half", "name": NAME, "shifts": [["09:00", "23:00"]]}}}

    planned = plan_calendar_change(engine, owner, calendar="cn", content=longer)

    assert [one.is_over_at_once for one in planned.moved] == [True]


def test_cases_of_others_are_counted_and_not_shown(engine, clock, owner):
    start_on(engine, clock, datetime(2026, 12, 31, 16, tzinfo=SHANGHAI))
    elsewhere = replace(owner, organisation_key="law_firm")

    planned = plan_calendar_change(engine, elsewhere, calendar="cn", content=OF_2027, year=2027)

    assert (planned.moved, planned.hidden) == ([], 1)


def test_nobody_else_may_change_a_calendar_and_nobody_without_a_reason(engine, owner):
    with pytest.raises(Forbidden):
        install(engine, person(engine, "li_na"))
    with pytest.raises(InvalidInput):
        change_calendar(
            engine, owner, calendar="cn", content=OF_2027, year=2027, reason=" ", seen_version="x"
        )


def test_the_second_of_two_owners_is_told_that_the_first_was_quicker(engine, owner):
    seen = engine.calendars.get("cn").version
    install(engine, owner)

    with pytest.raises(Conflict):
        change_calendar(
            engine, owner, calendar="cn", content=OF_2027, year=2027, reason="再来", seen_version=seen
        )


@pytest.mark.parametrize(
    ("content", "year", "says"),
    [
        (OF_2027, 2029, "2027, 2028"),
        ({"holiday": [{"name": NAME, "from": "2027-01-03", "to": "2027-01-01"}]}, 2027, "先早后晚"),
        ({"days": {"2026-03-05": {"kind": "half", "shifts": [["12:00", "09:00"]]}}}, None, "班次"),
        ({"holiday": [{"name": NAME, "from": "2027-01-01", "to": "2027-01-01", "makeup": ["2027-01-01"]}]}, 2027, "调休上班日"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_calendar_is_refused_and_leaves_nothing(engine, owner, content, year, says):
    with pytest.raises(InvalidInput) as refused:
        install(engine, owner, content, year)

    assert says in refused.value.zh
    with engine.store.reading() as session:
        assert session.execute(select(CalendarChangeRow)).all() == []


def test_a_site_takes_the_year_from_the_calendar_that_it_is_based_on(engine, owner):
    site = {"site": {"based_on": "cn", "title": {"zh": "城东", "en": "East"}}}
    change_calendar(engine, owner, calendar="east", content=site, reason="新网点")
    with engine.store.reading() as session:
        east = engine.calendars.get("east", session)
    install(engine, owner, {"days": {"2026-06-30": {"kind": "closed", "name": NAME}}}, None, "east")
    install(engine, owner)

    with engine.store.reading() as session:
        after, cn = (engine.calendars.get(name, session) for name in ("east", "cn"))
        assert engine.calendars.names_under(session, "cn") == ["cn", "east"]
    assert (east.known_through, after.known_through) == (date(2026, 12, 31), date(2027, 12, 31))
    assert not after.is_working_day(date(2026, 6, 30))
    assert cn.is_working_day(date(2026, 6, 30))
    assert after.holidays == cn.holidays


def test_the_newest_word_about_a_day_counts(engine, owner):
    for kind in ("closed", "extra", "usual"):
        install(engine, owner, {"days": {"2026-02-16": {"kind": kind, "name": NAME}}}, None)
        with engine.store.reading() as session:
            kinds = engine.calendars.get("cn", session).kind_of(date(2026, 2, 16))
        assert kinds.why == {"closed": "closed day", "extra": "extra workday", "usual": "holiday"}[kind]


def test_files_are_what_every_other_database_has():
    assert CALENDARS.get("cn").known_through == date(2026, 12, 31)
