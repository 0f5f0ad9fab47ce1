"""When a limit is due and why, as data: for the command line and for the interface."""

from datetime import datetime
from typing import Any

from engine.model import InvalidInput
from engine.worktime import Calendar, CalendarMissing, due_at, parse_limit, says


class UnreadableMoment(InvalidInput):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"Expected a moment such as 2026-02-13T16:00+08:00, but found {text!r}.",
            f"时刻应写成 2026-02-13T16:00+08:00，但写的是“{text}”。",
        )


class BeyondCalendar(InvalidInput):
    def __init__(self, text: str, calendar: str) -> None:
        super().__init__(
            f"Expected a deadline within the reach of calendar {calendar}, but {text} leads beyond it.",
            f"“{text}”超出日历“{calendar}”可推算的范围。",
        )


def explain_due(moment: str, limit: str, calendar: Calendar) -> dict[str, Any]:
    """A moment without zone is read in the calendar's.

    Raises UnreadableMoment, LimitError, CalendarMissing, BeyondCalendar.
    """
    try:
        start = datetime.fromisoformat(moment)
    except ValueError as problem:
        raise UnreadableMoment(moment) from problem
    parsed = parse_limit(limit)
    try:
        found = due_at(start, parsed, calendar)
    except CalendarMissing:
        raise
    except (OverflowError, IndexError, ValueError) as problem:
        # Arithmetic of dates ends at the year 9999, that of the calendar some years after its last table.
        raise BeyondCalendar(f"{limit} from {moment}", calendar.name) from problem
    explanation = found.explanation
    return {
        "due_at": found.due_at.astimezone(calendar.zone).isoformat(),
        "provisional": found.is_provisional,
        "limit": str(parsed),
        "started_at": _with_zone(explanation.started_at, calendar),
        "calendar": explanation.calendar,
        "calendar_version": explanation.calendar_version,
        "notices": list(explanation.notices),
        "segments": [
            segment.to_data()
            | {"from": _with_zone(segment.start, calendar), "to": _with_zone(segment.end, calendar)}
            for segment in explanation.segments
        ],
        "says": {"zh": says(explanation, "zh"), "en": says(explanation, "en")},
    }


def _with_zone(local: datetime, calendar: Calendar) -> str:
    return local.replace(tzinfo=calendar.zone).isoformat()
