"""A year's notice is imported while promises that reach into it are running."""

from dataclasses import replace
from datetime import date, datetime

from engines import PROCESSES, SHANGHAI, person
from sqlalchemy import select

from engine.commands.calendar_shelf import Calendars
from engine.commands.clock_commands import pause_clock, resume_clock
from engine.commands.due.recompute_clocks import recompute_clocks
from engine.commands.start_instance import start_instance
from engine.model import ClockRow, Timer, UserTask


def publish(engine, *free_days):
    """The calendar of this engine, and of no other test, learns another year, with these holidays."""
    known = engine.calendars.get("cn")
    learnt = replace(
        known,
        known_through=date(2027, 12, 31),
        version="cn-2027-test",
        holidays=dict(known.holidays) | {day: {"zh": "元旦", "en": "New Year"} for day in free_days},
    )
    engine.calendars = Calendars(PROCESSES / "calendars")
    engine.calendars._calendars["cn"] = learnt


def the(engine, *columns):
    with engine.store.reading() as session:
        return session.execute(select(*columns)).one()


def start(engine, clock):
    clock.set(datetime(2026, 12, 31, 16, tzinfo=SHANGHAI))
    return start_instance(
        engine, person(engine, "li_na"), process_key="answering", variables={"subject": "排队"}
    )


def test_a_provisional_deadline_moves_with_its_timer_when_the_holidays_become_known(engine, clock):
    start(engine, clock)
    assert the(engine, ClockRow.is_provisional, ClockRow.due_at) == (
        True,
        datetime(2027, 1, 1, 16, tzinfo=SHANGHAI),
    )
    publish(engine, date(2027, 1, 1))

    moved = recompute_clocks(engine)

    due = datetime(2027, 1, 4, 16, tzinfo=SHANGHAI)  # Friday is a holiday now, then the weekend
    assert [(one.limit_id, one.due_at) for one in moved] == [("CMP-01/T1", due)]
    assert the(engine, ClockRow.is_provisional, ClockRow.due_at) == (False, due)
    assert the(engine, Timer.state, Timer.due_at) == ("waiting", due)
    assert the(engine, UserTask.due_at) == (due,)
    assert recompute_clocks(engine) == []


def test_pauses_are_kept_when_a_deadline_is_counted_again(engine, clock):
    start(engine, clock)
    key = the(engine, ClockRow.clock_key).clock_key
    pause_clock(engine, person(engine, "wang_wei"), clock_key=key, kind="customer", reason="等客户补充")
    clock.set(datetime(2026, 12, 31, 17, tzinfo=SHANGHAI))
    resume_clock(engine, person(engine, "wang_wei"), clock_key=key)
    publish(engine, date(2027, 1, 1))

    recompute_clocks(engine)

    assert the(engine, ClockRow.due_at) == (datetime(2027, 1, 4, 17, tzinfo=SHANGHAI),)
    assert len(the(engine, ClockRow.data).data["pauses"]) == 1
