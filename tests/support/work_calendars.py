"""Calendars and moments for tests: `cn` as deployed, a site with summer time, and short ways to write moments."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.worktime import Calendar, load_calendar, parse_any_limit

CALENDARS = Path(__file__).parents[2] / "processes" / "calendars"
DAY_SHIFTS = ((time(9), time(12)), (time(13), time(18)))
SHANGHAI = ZoneInfo("Asia/Shanghai")


@cache
def cn() -> Calendar:
    return load_calendar(CALENDARS, "cn")


def plain_calendar(**changed: Any) -> Calendar:
    """Monday to Friday, 9–12 and 13–18, no holidays; 2026 is known."""
    values: dict[str, Any] = {
        "name": "plain",
        "title": {"zh": "普通", "en": "Plain"},
        "zone": SHANGHAI,
        "weekdays": frozenset(range(5)),
        "shifts": DAY_SHIFTS,
        "holidays": {},
        "makeup": {},
        "known_from": date(2026, 1, 1),
        "known_through": date(2026, 12, 31),
        "version": "plain-2026",
    }
    return Calendar(**values | changed)


def berlin() -> Calendar:
    """A site whose clocks go forward on 2026-03-29 and back on 2026-10-25."""
    return plain_calendar(name="berlin", zone=ZoneInfo("Europe/Berlin"))


def moment(text: str, calendar: Calendar | None = None) -> datetime:
    """`2026-02-13 16:00` in the calendar's zone (cn without one), as UTC. `24:00` is the end of that day."""
    zone = (calendar or cn()).zone
    local = datetime.fromisoformat(text.replace(" 24:00", " 23:59"))
    shown = local.replace(tzinfo=zone).astimezone(UTC)
    return shown + timedelta(minutes=1) if text.endswith("24:00") else shown


def shown(at: datetime, calendar: Calendar | None = None) -> str:
    """Local time as people write it: `2026-02-13 16:00`; seconds only where there are some."""
    local = at.astimezone((calendar or cn()).zone).replace(tzinfo=None)
    text = local.isoformat(" ", timespec="milliseconds")
    return text.removesuffix(".000").removesuffix(":00") if text.endswith(":00.000") else text


def limit(text: str) -> Any:
    return parse_any_limit(text)
