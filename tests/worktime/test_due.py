"""When a limit is due: one row a case, with its sum."""

from datetime import datetime

import pytest
from work_calendars import berlin, cn, limit, moment, shown

from engine.worktime import due_at, is_breached


def due(start: str, text: str, calendar=None) -> str:
    working = calendar or cn()
    return shown(due_at(moment(start, working), limit(text), working).due_at, working)


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        # The oracle of design section 5: 2 h on Friday, then 6 h on the make-up Saturday (3 + 3).
        ("2026-02-13 16:00", "8 WH", "2026-02-14 16:00"),
        # 2 h + 6 h would end at 18:00: exactly at the end of the shift, so due then, not on Monday morning.
        ("2026-03-02 16:00", "10 WH", "2026-03-03 18:00"),
        # The lunch break does not count: 11:00–12:00, 13:00–14:00.
        ("2026-03-02 11:00", "2 WH", "2026-03-02 14:00"),
        # Exactly to the end of the morning shift.
        ("2026-03-02 11:00", "1 WH", "2026-03-02 12:00"),
        # Started at lunch, in the night, on Sunday: the count begins with the next shift.
        ("2026-03-02 12:30", "1 WH", "2026-03-02 14:00"),
        ("2026-03-02 22:00", "1 WH", "2026-03-03 10:00"),
        ("2026-03-01 10:00", "1 WH", "2026-03-02 10:00"),
        # 40 WH are five days of eight hours.
        ("2026-03-02 09:00", "40 WH", "2026-03-06 18:00"),
        # Over the whole Spring Festival of 2026: Sat 14 is worked, 15–23 are free.
        ("2026-02-14 17:00", "2 WH", "2026-02-24 10:00"),
        # Working days: the starting day never counts, whatever its hour, free or worked.
        ("2026-03-02 09:00", "1 WD", "2026-03-03 18:00"),
        ("2026-03-02 23:59", "1 WD", "2026-03-03 18:00"),
        ("2026-03-06 09:00", "1 WD", "2026-03-09 18:00"),
        ("2026-03-07 09:00", "1 WD", "2026-03-09 18:00"),
        # Fri 13 → Sat 14 (make-up) is the first, Tue 24 the second, Fri 27 the fifth, Sat 28 (make-up) the sixth.
        ("2026-02-13 16:00", "1 WD", "2026-02-14 18:00"),
        ("2026-02-13 16:00", "2 WD", "2026-02-24 18:00"),
        ("2026-02-13 16:00", "6 WD", "2026-02-28 18:00"),
        # Calendar days end at 24:00, and roll when the last one is free.
        ("2026-03-02 09:00", "3 CD", "2026-03-06 00:00"),
        ("2026-03-05 09:00", "2 CD", "2026-03-10 00:00"),  # Sat 7 → Mon 9, 24:00
        ("2026-02-13 09:00", "1 CD", "2026-02-15 00:00"),  # Sat 14 is worked: no roll
        ("2026-02-13 09:00", "2 CD", "2026-02-25 00:00"),  # Sun 15 → Tue 24, 24:00
        # Months: the same day number, or the last day of the month.
        ("2026-03-16 09:00", "1 CM", "2026-04-17 00:00"),
        ("2026-01-31 09:00", "1 CM", "2026-03-01 00:00"),  # 28 February is a make-up Saturday
        ("2024-01-31 09:00", "1 CM", "2024-03-01 00:00"),  # a leap year: Thu 29 February
        ("2025-08-31 09:00", "1 CM", "2025-10-01 00:00"),  # 30 September, a Tuesday, is worked …
        (
            "2025-09-01 09:00",
            "1 CM",
            "2025-10-10 00:00",
        ),  # … 1 October rolls to Thu 9, the first day after the holiday
        ("2025-12-15 09:00", "13 CM", "2027-01-16 00:00"),
        # Elapsed time knows no calendar.
        ("2026-02-13 16:00", "30 MIN", "2026-02-13 16:30"),
        ("2026-02-13 16:00", "48 H", "2026-02-15 16:00"),
        ("2026-02-13 23:00", "60 MIN", "2026-02-14 00:00"),
        # Same day: close of business of the starting working day, else of the next one.
        ("2026-03-02 00:00", "same day", "2026-03-02 18:00"),
        ("2026-03-02 18:00", "same day", "2026-03-02 18:00"),
        ("2026-03-02 18:01", "same day", "2026-03-03 18:00"),
        ("2026-02-14 09:00", "same day", "2026-02-14 18:00"),
        ("2026-02-15 09:00", "same day", "2026-02-24 18:00"),
    ],
)
def test_it_is_due(start, text, expected):
    assert due(start, text) == expected


def test_without_make_up_days_the_oracle_case_is_due_after_the_holiday():
    # 2 h on Friday 13, then nothing until Tuesday 24: 09:00–12:00 and 13:00–16:00.
    assert due("2026-02-13 16:00", "8 WH", cn().without_makeup()) == "2026-02-24 16:00"
    assert cn().without_makeup().version != cn().version


def test_a_moment_without_zone_is_read_in_the_zone_of_the_calendar():
    naive = due_at(datetime.fromisoformat("2026-02-13T16:00"), limit("8 WH"), cn())

    assert naive == due_at(moment("2026-02-13 16:00"), limit("8 WH"), cn())


def test_another_zone_means_another_local_moment():
    in_london = datetime.fromisoformat("2026-02-13T08:00+00:00")

    assert shown(due_at(in_london, limit("8 WH"), cn()).due_at) == "2026-02-14 16:00"


def test_exactly_due_is_not_yet_breached():
    at = moment("2026-02-24 18:00")

    assert not is_breached(at, at)
    assert is_breached(at, moment("2026-02-24 18:01"))


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        # The night of 28 to 29 March has one hour less: 24 H later the clock shows one hour more.
        ("2026-03-28 12:00", "24 H", "2026-03-29 13:00"),
        ("2026-10-24 12:00", "24 H", "2026-10-25 11:00"),
        ("2026-03-29 01:59", "2 MIN", "2026-03-29 03:01"),
        # Days and working hours follow the wall.
        ("2026-03-27 16:00", "8 WH", "2026-03-30 16:00"),
        ("2026-03-27 16:00", "1 WD", "2026-03-30 18:00"),
        ("2026-03-27 16:00", "2 CD", "2026-03-31 00:00"),
    ],
)
def test_summer_time_changes_elapsed_time_only(start, text, expected):
    assert due(start, text, berlin()) == expected


def test_the_hour_that_comes_twice_is_told_apart():
    working = berlin()
    first = datetime.fromisoformat("2026-10-25T02:30+02:00")
    second = datetime.fromisoformat("2026-10-25T02:30+01:00")

    dues = [due_at(at, limit("1 H"), working).due_at for at in (first, second)]

    assert [(at - start).total_seconds() for at, start in zip(dues, (first, second), strict=True)] == [
        3600,
        3600,
    ]
