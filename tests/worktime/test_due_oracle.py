"""The arithmetic of due.py against a slow, independent count: minute by minute, day by day.

The days come from the package chinese_calendar, not from our own tables; beyond them by weekday alone.
"""

import itertools
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
import pytest
from work_calendars import SHANGHAI, cn

from engine.worktime import Limit, Unit, due_at

CASES = 1_000
CLOSE = time(18)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LARGEST = {
    Unit.MIN: 5_000,
    Unit.H: 400,
    Unit.WH: 60,
    Unit.WD: 60,
    Unit.CD: 400,
    Unit.CM: 24,
    Unit.SAME_DAY: 1,
}


@cache
def is_worked(day: date) -> bool:
    if 2024 <= day.year <= 2026:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def oracle(start: datetime, limit: Limit) -> datetime:
    """The local due moment, by counting."""
    match limit.unit:
        case Unit.MIN:
            return start + limit.amount * MINUTE
        case Unit.H:
            return start + limit.amount * 60 * MINUTE
        case Unit.WH:
            return _count_minutes(start, limit.amount * 60)
        case Unit.WD:
            day, left = start.date(), limit.amount
            while left:
                day += DAY
                left -= is_worked(day)
            return datetime.combine(day, CLOSE)
        case Unit.SAME_DAY:
            day = start.date()
            while not is_worked(day) or start > datetime.combine(day, CLOSE):
                day += DAY
            return datetime.combine(day, CLOSE)
        case _:
            day = (
                start.date() + limit.amount * DAY
                if limit.unit is Unit.CD
                else _count_months(start, limit.amount)
            )
            while not is_worked(day):
                day += DAY
            return datetime.combine(day + DAY, time())


def _count_minutes(at: datetime, left: int) -> datetime:
    while left:
        left -= (9 <= at.hour < 12 or 13 <= at.hour < 18) and is_worked(at.date())
        at += MINUTE
    return at


def _count_months(start: datetime, left: int) -> date:
    year, month = start.year, start.month
    for _ in range(left):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    number = start.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def random_cases() -> Iterator[tuple[datetime, Limit]]:
    chance = random.Random(20260213)
    first, minutes = datetime.combine(date(2024, 1, 1), time()), 3 * 366 * 24 * 60 - 1
    for number in range(CASES):
        unit = list(Unit)[number % len(Unit)]
        start = first + chance.randrange(minutes) * MINUTE
        if start.year > 2026:
            start -= timedelta(days=60)
        yield start, Limit(chance.randint(1, LARGEST[unit]), unit)


def test_a_thousand_random_limits_are_due_when_the_slow_count_says_so():
    wrong = []

    for start, limit in random_cases():
        found = due_at(start, limit, cn())
        expected = oracle(start, limit)
        last_day = (expected - timedelta(microseconds=1)).date()
        if found.due_at != expected.replace(tzinfo=SHANGHAI) or found.is_provisional != (
            last_day.year > 2026
        ):
            wrong.append((start, str(limit), found.due_at, expected))

    assert wrong == []


def test_the_segments_of_the_explanation_add_up_to_the_limit():
    for start, limit in random_cases():
        found = due_at(start, limit, cn())
        segments = found.explanation.segments
        counted = sum(one.amount for one in segments if one.kind == "counted")

        if limit.unit in (Unit.WH, Unit.WD, Unit.CD, Unit.MIN, Unit.H):
            assert counted == pytest.approx(limit.amount), (start, str(limit))
        for one, following in itertools.pairwise(segments):
            assert one.end == following.start, (start, str(limit))
        if segments:
            # A WD limit is explained in whole days, and ends at the close of business of the last one.
            end = segments[-1].end
            assert segments[0].start == start
            assert end == found.explanation.due_at or (
                limit.unit is Unit.WD and end.date() > found.explanation.due_at.date()
            )
