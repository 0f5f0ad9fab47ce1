"""From when on a version counts, as the form says it: now, next Monday, or a day and time in the reader's zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from engine.model import InvalidInput
from engine.worktime import Calendar

WEEK = 7


def next_monday(now: datetime, calendar: Calendar) -> datetime:
    """Its first moment, in UTC; on a Monday that of the week after."""
    today = now.astimezone(calendar.zone).date()
    monday = today + timedelta(days=WEEK - today.weekday())
    return datetime.combine(monday, time(), calendar.zone).astimezone(UTC)


def chosen_moment(form: Mapping[str, str], now: datetime, calendar: Calendar) -> datetime | None:
    """None for now. Raises InvalidInput for a text that is no moment."""
    match form.get("from", "now"):
        case "now":
            return None
        case "monday":
            return next_monday(now, calendar)
        case _:
            return _picked(form.get("moment", "").strip(), calendar)


def _picked(text: str, calendar: Calendar) -> datetime:
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            f"Expected a day and time such as 2026-12-01T00:00, but found {text!r}.",
            f"请填写日期和时间，例如 2026-12-01 00:00（现为“{text}”）。",
        ) from None
    return (local if local.tzinfo else local.replace(tzinfo=calendar.zone)).astimezone(UTC)
