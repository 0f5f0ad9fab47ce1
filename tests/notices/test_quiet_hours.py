"""Quiet hours: mail waits until they end, in the zone of the calendar."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from engine.notices import after_quiet_hours

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT, NOON = (time(22), time(7)), (time(12), time(14))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        ("2026-02-13T21:59:59", NIGHT, "2026-02-13T21:59:59"),
        ("2026-02-13T22:00:00", NIGHT, "2026-02-14T07:00:00"),
        ("2026-02-13T23:30:00", NIGHT, "2026-02-14T07:00:00"),
        ("2026-02-14T00:00:00", NIGHT, "2026-02-14T07:00:00"),
        ("2026-02-14T06:59:59.999000", NIGHT, "2026-02-14T07:00:00"),
        ("2026-02-14T07:00:00", NIGHT, "2026-02-14T07:00:00"),
        ("2026-02-13T11:59:00", NOON, "2026-02-13T11:59:00"),
        ("2026-02-13T12:00:00", NOON, "2026-02-13T14:00:00"),
        ("2026-02-13T13:59:00", NOON, "2026-02-13T14:00:00"),
        ("2026-02-13T14:00:00", NOON, "2026-02-13T14:00:00"),
        ("2026-12-31T23:00:00", NIGHT, "2027-01-01T07:00:00"),
        ("2026-02-13T23:00:00", (time(0), time(0)), "2026-02-13T23:00:00"),  # no hours at all
        ("2026-02-13T23:00:00", (time(23), time(0)), "2026-02-14T00:00:00"),
    ],
)
def test_it_waits_until_they_end(moment, hours, expected):
    assert after_quiet_hours(at(moment), *hours, SHANGHAI) == at(expected)


def test_a_moment_of_another_zone_is_read_in_the_calendars():
    utc = datetime.fromisoformat("2026-02-13T14:30:00+00:00")  # 22:30 in Shanghai

    assert after_quiet_hours(utc, *NIGHT, SHANGHAI) == at("2026-02-14T07:00:00")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("2026-03-28T23:00", "2026-03-29T07:00"), ("2026-10-24T23:00", "2026-10-25T07:00")],
)
def test_the_night_when_the_clocks_change_ends_at_the_same_hour(moment, expected):
    assert after_quiet_hours(at(moment, BERLIN), *NIGHT, BERLIN) == at(expected, BERLIN)
