"""Periods of recurring rules over holidays: each begins on a working day, after the former one's due moment."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from engines import PROCESSES

from engine.worktime import first_period, load_calendar, next_period, parse_recurring

SHANGHAI = ZoneInfo("Asia/Shanghai")
CN = load_calendar(PROCESSES / "calendars", "cn")


def periods(text, seen_at, number):
    rule = parse_recurring(text)
    period = first_period(rule, datetime.fromisoformat(seen_at).replace(tzinfo=SHANGHAI), CN)
    told = []
    for _ in range(number):
        begins, due = (one.astimezone(SHANGHAI) for one in (period.begins_at, period.due_at))
        told.append((period.day.isoformat(), f"{begins:%m-%d %H:%M}", f"{due:%m-%d %H:%M}"))
        period = next_period(rule, period.day, period.due_at, CN)
    return told


def test_weeks_over_national_day():
    """2025-10-01 to 10-08 were free; 09-28 and 10-11 were worked instead."""
    assert periods("every week by friday", "2025-09-24 10:00", 4) == [
        ("2025-10-03", "09-28 09:00", "10-09 18:00"),
        ("2025-10-10", "10-10 09:00", "10-10 18:00"),
        ("2025-10-17", "10-11 09:00", "10-17 18:00"),
        ("2025-10-24", "10-20 09:00", "10-24 18:00"),
    ]


def test_months_over_national_day():
    assert periods("every month by 5", "2025-08-20 10:00", 3) == [
        ("2025-10-05", "09-08 09:00", "10-09 18:00"),
        ("2025-11-05", "10-10 09:00", "11-05 18:00"),
        ("2025-12-05", "11-06 09:00", "12-05 18:00"),
    ]


def test_quarters_over_national_day():
    assert periods("every quarter by last day", "2025-06-12 10:00", 2) == [
        ("2025-09-30", "07-01 09:00", "09-30 18:00"),
        ("2025-12-31", "10-09 09:00", "12-31 18:00"),
    ]


def test_periods_that_a_holiday_rolls_onto_one_moment_are_one():
    """Sundays 02-15 and 02-22 of Spring Festival 2026 both roll to 02-24."""
    assert periods("every week by sunday", "2026-02-05 10:00", 2) == [
        ("2026-02-15", "02-10 09:00", "02-24 18:00"),
        ("2026-03-01", "02-25 09:00", "03-02 18:00"),
    ]


def test_days():
    assert periods("every day by 09:30", "2025-09-29 10:00", 3) == [
        ("2025-10-09", "09-30 09:30", "10-09 09:30"),
        ("2025-10-10", "10-09 09:30", "10-10 09:30"),
        ("2025-10-11", "10-10 09:30", "10-11 09:30"),
    ]


@pytest.mark.parametrize(
    "text", ["every day by 00:00", "every day by 08:00", "every day by 23:59", "every year by 12-31"]
)
def test_a_period_begins_after_the_former_one_is_due_and_before_it_is_due_itself(text):
    rule = parse_recurring(text)
    period = first_period(rule, datetime(2025, 1, 3, 12, tzinfo=SHANGHAI), CN)
    for _ in range(3 if "year" in text else 300):
        following = next_period(rule, period.day, period.due_at, CN)
        assert period.due_at < following.begins_at < following.due_at
        period = following
