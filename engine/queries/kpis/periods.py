"""Calendar periods of a cycle, in the zone of the organisation: the last ones up to a moment, oldest first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CYCLES = {"day": 14, "week": 12, "month": 12, "quarter": 8, "half-year": 6, "year": 5}
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


@dataclass(frozen=True)
class Span:
    """From `begins_at` up to but without `ends_at`, in UTC. The last one of a series is still running."""

    label: str
    begins_at: datetime
    ends_at: datetime


def last_spans(cycle: str, now: datetime, zone: ZoneInfo) -> list[Span]:
    first = _first_day(cycle, now.astimezone(zone).date())
    found = []
    for _ in range(CYCLES[cycle]):
        found.append(Span(_label(cycle, first), _at(first, zone), _at(_following(cycle, first), zone)))
        first = _first_day(cycle, first - timedelta(days=1))
    return found[::-1]


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _first_day(cycle: str, day: date) -> date:
    if cycle == "day":
        return day
    if cycle == "week":
        return day - timedelta(days=day.weekday())
    length = _MONTHS[cycle]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def _following(cycle: str, first: date) -> date:
    if cycle in ("day", "week"):
        return first + timedelta(days=1 if cycle == "day" else 7)
    year, month = divmod(first.year * 12 + first.month - 1 + _MONTHS[cycle], 12)
    return date(year, month + 1, 1)


def _label(cycle: str, first: date) -> str:
    match cycle:
        case "day":
            return first.isoformat()
        case "week":
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{first:%Y-%m}"
        case "quarter":
            return f"{first.year}-Q{first.month // 3 + 1}"
        case "half-year":
            return f"{first.year}-H{first.month // 6 + 1}"
    return str(first.year)
