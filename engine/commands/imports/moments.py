"""Moments as people write them in a register: ISO, slashes, 年月日, a spreadsheet's own dates, or a day without time."""

import re
from datetime import UTC, date, datetime, time, timedelta

from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.sheet import Cell, as_text
from engine.worktime import Calendar, CalendarMissing

_WRITTEN = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[T\s]*(?P<half>上午|下午|晚上|AM|PM)?\s*(?P<hour>\d{1,2})[:：时点](?P<minute>\d{1,2})?"
    r"(?:[:：分](?P<second>\d{1,2})?(?:\.\d+)?秒?)?分?)?",
    re.IGNORECASE,
)
# A spreadsheet counts days from here; cells without a date format arrive as bare numbers.
_SPREADSHEET_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - local, like every moment of a register.
_SPREADSHEET_DAYS = range(36_000, 73_000)  # 1998 to 2099


def read_moment(cell: Cell, calendar: Calendar, title: str, *, is_end: bool = False) -> datetime:
    """In UTC. Without a zone it is local time of the calendar.

    A day without time means the beginning of business, or its end for what was finished on that day. Raises BadRow.
    """
    found = _local(cell)
    if found is None:
        raise BadRow(
            f"{title}: expected a moment such as 2026-02-13 16:00, but found {as_text(cell)!r}.",
            f"“{title}”应为日期时间（如 2026-02-13 16:00），但写的是“{as_text(cell)}”。",
        )
    if not isinstance(found, datetime):
        shift = calendar.shifts[-1] if is_end else calendar.shifts[0]
        found = datetime.combine(found, shift[1] if is_end else shift[0])
    moment = found if found.tzinfo is not None else found.replace(tzinfo=calendar.zone)
    try:
        calendar.local(moment)
    except CalendarMissing as missing:
        raise BadRow(f"{title}: {missing.en}", f"“{title}”：{missing.zh}") from missing
    return moment.astimezone(UTC)


def _local(cell: Cell) -> datetime | date | None:
    match cell:
        case datetime():
            return cell.date() if cell.tzinfo is None and cell.time() == time() else cell
        case date():
            return cell
        case bool():
            return None
        case int() | float():
            if int(cell) not in _SPREADSHEET_DAYS:
                return None
            moment = _SPREADSHEET_EPOCH + timedelta(seconds=round(cell * 86_400))
            return moment.date() if moment.time() == time() else moment
        case str():
            return _written(cell.strip())
    return None


def _written(text: str) -> datetime | date | None:
    found = _WRITTEN.fullmatch(text)
    try:
        if found is None:
            return datetime.fromisoformat(text) if "T" in text.upper() or ":" in text else None
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found["hour"] is None:
            return day
        hour = int(found["hour"])
        if (found["half"] or "").upper() in ("下午", "晚上", "PM") and hour < 12:
            hour += 12
        return datetime.combine(day, time(hour, int(found["minute"] or 0), int(found["second"] or 0)))
    except ValueError:
        return None
