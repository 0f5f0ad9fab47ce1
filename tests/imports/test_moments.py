"""Moments as people write them."""

from datetime import UTC, date, datetime

import pytest
from engines import PROCESSES

from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.moments import read_moment
from engine.worktime import load_calendar

CALENDAR = load_calendar(PROCESSES / "calendars", "cn")
FOUR_IN_THE_AFTERNOON = datetime(2026, 2, 13, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-13 16:00",
        "2026-2-13 16:00:00",
        "2026/2/13 16:00",
        "2026.02.13 16:00",
        "2026年2月13日 16:00",
        "2026年2月13日16时",
        "2026年2月13日 下午4点",
        "2026年2月13日 16时00分",
        "2026-02-13T16:00:00+08:00",
        "2026-02-13T08:00:00Z",
        datetime(2026, 2, 13, 16),  # noqa: DTZ001 - as a workbook gives it.
        46066 + 16 / 24,
    ],
)
def test_many_ways_to_write_one_moment(written: object) -> None:
    assert read_moment(written, CALENDAR, "受理时间") == FOUR_IN_THE_AFTERNOON  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["2026-02-13", date(2026, 2, 13), "2026年2月13日"])
def test_a_day_without_time_begins_and_ends_with_business(written: object) -> None:
    begun = read_moment(written, CALENDAR, "受理时间")  # type: ignore[arg-type]
    ended = read_moment(written, CALENDAR, "办结时间", is_end=True)  # type: ignore[arg-type]

    assert (begun, ended) == (
        datetime(2026, 2, 13, 1, tzinfo=UTC),
        datetime(2026, 2, 13, 10, tzinfo=UTC),
    )


@pytest.mark.parametrize("written", ["昨天", "02/13/2026", "2026-02-30", "2026-02-13 25:00", True, 12])
def test_what_is_no_moment_is_refused_by_name(written: object) -> None:
    with pytest.raises(BadRow, match="受理时间"):
        read_moment(written, CALENDAR, "受理时间")  # type: ignore[arg-type]


def test_a_moment_before_the_calendar_begins_is_refused_with_the_remedy() -> None:
    with pytest.raises(BadRow, match="add the holiday table of 2019"):
        read_moment("2019-05-05 10:00", CALENDAR, "受理时间")
