"""Moments as people read them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from engines import SHANGHAI
from flask import Flask

from engine.model import VirtualClock
from web.moments import distance, exact, listed, span


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.usefixtures("request_context")
def test_it_says_the_end_of_a_day_as_24_00() -> None:
    assert exact(at(2, 25, 0)) == "2月24日 24:00"
    assert exact(at(2, 24, 18), weekday=True) == "2月24日（周二）18:00"
    assert exact(at(1, 4, 9, year=2027)) == "2027年1月4日 09:00"
    assert exact(None) == ""


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("now", "due", "said"),
    [
        (at(2, 13, 16), at(2, 13, 16, 40), "还剩 40 工作分钟"),
        (at(2, 13, 16), at(2, 14, 11), "还剩 4 个工作小时"),  # 16–18 and 9–11 on the make-up Saturday
        (at(2, 13, 16), at(2, 14, 18), "还剩 1 个工作日"),
        (at(2, 13, 16), at(2, 24, 18), "还剩 2 个工作日"),  # the Spring Festival lies between
        (at(2, 24, 11), at(2, 14, 18), "超时 2 个工作小时"),
        (at(2, 14, 20), at(2, 14, 18), "超时 2 小时"),  # no working time has passed: plain hours
        (at(2, 16, 20), at(2, 14, 18), "超时 2 天"),
    ],
)
def test_it_says_how_far_away_in_working_time(
    clock: VirtualClock, now: datetime, due: datetime, said: str
) -> None:
    clock.set(now)

    assert distance(due) == said


@pytest.mark.usefixtures("request_context")
def test_it_says_elapsed_time_where_the_limit_is_of_that_kind(clock: VirtualClock) -> None:
    clock.set(at(2, 13, 16))

    assert distance(at(2, 14, 16), is_working=False) == "还剩 24 小时"
    assert distance(at(2, 20, 16), is_working=False) == "还剩 7 天"
    assert span(timedelta(hours=3).total_seconds(), is_working=True) == "3 个工作小时"


@pytest.mark.usefixtures("request_context")
def test_it_says_a_moment_beyond_every_calendar_too(clock: VirtualClock) -> None:
    clock.set(at(2, 13, 16))

    assert exact(at(5, 1, 9, year=1995)) == "1995年5月1日 09:00"
    assert distance(at(5, 1, 9, year=2190)).startswith("还剩")


@pytest.mark.usefixtures("request_context")
def test_it_lists_names_and_cuts_long_lists() -> None:
    assert listed(["李娜", "王伟"]) == "李娜、王伟"
    assert listed(["a", "b", "c"], 2) == "a、b …"
