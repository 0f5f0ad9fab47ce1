"""Working time: limits, calendars, due moments, clocks, and the explanation of each.

Pure: no database, no wall clock, no other part of the engine. Read `due.py` first, then `calendar.py`.
"""

from engine.worktime.calendar import Calendar, CalendarMissing
from engine.worktime.calendar_change import CalendarChange, year_content
from engine.worktime.calendar_file import CalendarFileError, calendar_names, load_calendar
from engine.worktime.clock import ClockState, Pause
from engine.worktime.due import DueMoment, due_at, is_breached
from engine.worktime.explanation import Explanation, Segment, says
from engine.worktime.limits import (
    Limit,
    LimitError,
    LimitRange,
    Unit,
    parse_cycle,
    parse_iso_duration,
    parse_limit,
    parse_range,
)
from engine.worktime.notice_read import Doubt, ReadHoliday, ReadNotice, weekday_doubts
from engine.worktime.notice_table import read_notice
from engine.worktime.periods import Period, first_period, next_period
from engine.worktime.recurring import AnyLimit, RecurringRule, parse_any_limit, parse_recurring

__all__ = [
    "AnyLimit",
    "Calendar",
    "CalendarChange",
    "CalendarFileError",
    "CalendarMissing",
    "ClockState",
    "Doubt",
    "DueMoment",
    "Explanation",
    "Limit",
    "LimitError",
    "LimitRange",
    "Pause",
    "Period",
    "ReadHoliday",
    "ReadNotice",
    "RecurringRule",
    "Segment",
    "Unit",
    "calendar_names",
    "due_at",
    "first_period",
    "is_breached",
    "load_calendar",
    "next_period",
    "parse_any_limit",
    "parse_cycle",
    "parse_iso_duration",
    "parse_limit",
    "parse_range",
    "parse_recurring",
    "read_notice",
    "says",
    "weekday_doubts",
    "year_content",
]
