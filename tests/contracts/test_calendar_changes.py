"""A notice that one server installed is what the next command of another counts by, also after a restart."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from cases import start
from engines import PROCESSES, SHANGHAI, person
from sqlalchemy import select

from engine.commands.calendar_shelf import Calendars
from engine.commands.calendars.change_calendar import change_calendar
from engine.commands.calendars.follow_calendar_changes import follow_calendar_changes
from engine.commands.engine import Engine
from engine.model import ClockRow, VirtualClock
from engine.people import SYSTEM
from engine.queries.known_person import find_known_person

OF_2027 = {"holiday": [{"name": {"zh": "元旦", "en": "New Year"}, "from": "2027-01-01", "to": "2027-01-03"}]}
MONDAY = datetime(2027, 1, 4, 16, tzinfo=SHANGHAI)


def own_calendars(engine: Engine) -> Engine:
    engine.calendars = Calendars(Path(PROCESSES) / "calendars")
    return engine


def install(engine: Engine) -> None:
    seen = engine.calendars.get("cn").version
    change_calendar(
        engine, SYSTEM, calendar="cn", content=OF_2027, year=2027, reason="2027", seen_version=seen
    )


def due_of(engine: Engine, case: str) -> tuple[datetime, bool]:
    with engine.store.reading() as session:
        row = session.execute(
            select(ClockRow.due_at, ClockRow.is_provisional).where(ClockRow.instance_key == case)
        ).one()
    return row.due_at, row.is_provisional


def test_the_other_server_counts_by_the_notice_at_once(
    stored_engine: Engine, another_server: Callable[[], Engine], clock: VirtualClock
) -> None:
    here, there = own_calendars(stored_engine), own_calendars(another_server())
    clock.set(datetime(2026, 12, 31, 16, tzinfo=SHANGHAI))
    before = start(there).instance_key
    assert due_of(there, before) == (datetime(2027, 1, 1, 8, tzinfo=UTC), True)

    install(here)

    assert due_of(there, start(there).instance_key) == (MONDAY, False)
    assert len(follow_calendar_changes(there)) == 1  # whichever comes first
    assert due_of(here, before) == (MONDAY, False)
    assert follow_calendar_changes(here) == []


def test_a_page_of_the_other_server_shows_it(
    stored_engine: Engine, another_server: Callable[[], Engine]
) -> None:
    here, there = own_calendars(stored_engine), own_calendars(another_server())
    there.calendars.get("cn")

    install(here)
    find_known_person(there, "li_na")

    assert there.calendars.get("cn").known_through == date(2027, 12, 31)


def test_what_a_server_left_undone_the_next_one_does(
    stored_engine: Engine, another_server: Callable[[], Engine], clock: VirtualClock
) -> None:
    here = own_calendars(stored_engine)
    clock.set(datetime(2026, 12, 31, 16, tzinfo=SHANGHAI))
    cases = [start(here).instance_key for _ in range(3)]
    install(here)
    assert len(follow_calendar_changes(here, at_most=1)) == 1

    restarted = own_calendars(another_server())

    assert len(follow_calendar_changes(restarted)) == 2
    assert {due_of(here, case) for case in cases} == {(MONDAY, False)}
    assert person(here, "li_na").username == "li_na"
