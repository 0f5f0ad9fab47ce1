"""Recurring rules of the source: `every month by 10`, `every year by 12-31`, with the working-day roll.

Grammar: `every day by HH:MM`, `every week by <monday…sunday>`, `every month|quarter|half-year by <day of the
period's last month>` or `by last day`, `every year by MM-DD`. A rule starts obligations, and it is a limit too: from
a moment in a case, the next due moment is the promise.
"""

import calendar as month_calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from engine.worktime.calendar import DAY, Calendar
from engine.worktime.limits import Limit, LimitError, parse_limit

_RULE = re.compile(r"every (day|week|month|quarter|half-year|year) by (.+)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6}
_ZH_PERIODS = {"month": "每月", "quarter": "每季度末月", "half-year": "每半年末月"}
_EN_PERIODS = {
    "month": "month",
    "quarter": "quarter's last month",
    "half-year": "half-year's last month",
}
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class RecurringRule:
    period: str
    by: str

    def __str__(self) -> str:
        return f"every {self.period} by {self.by}"

    @property
    def is_working(self) -> bool:
        """A clock of a rule counts elapsed time: its end is a date, not an amount of work."""
        return False

    @property
    def is_elapsed(self) -> bool:
        return False

    def says(self, locale: str) -> str:
        """`每年12月31日前`, `by 31 Dec of every year`."""
        is_zh = locale.startswith("zh")
        match self.period:
            case "day":
                return f"每天 {self.by} 前" if is_zh else f"by {self.by} every day"
            case "week":
                name = "一二三四五六日"[_WEEKDAYS.index(self.by)]
                return f"每周{name}前" if is_zh else f"by {self.by.capitalize()} of every week"
            case "year":
                month, day = (int(part) for part in self.by.split("-"))
                return (
                    f"每年{month}月{day}日前"
                    if is_zh
                    else f"by {day} {_MONTH_NAMES[month - 1]} of every year"
                )
        if is_zh:
            return f"{_ZH_PERIODS[self.period]}{'最后一天' if self.by == 'last day' else f'{self.by}日'}前"
        wanted = "the last day" if self.by == "last day" else f"day {self.by}"
        return f"by {wanted} of every {_EN_PERIODS[self.period]}"

    def next_due(self, after: datetime, working: Calendar) -> datetime:
        """The first due moment (UTC) later than `after`, at the close of business of its working day."""
        return working.utc(self.next_local(after, working)[1])

    def next_local(self, after: datetime, working: Calendar) -> tuple[date, datetime]:
        """(the day that the rule names, the local due moment after the roll). Raises CalendarMissing."""
        local = working.local(after)
        if self.period == "day":
            due = self._next_daily(local, working)
            return due.date(), due
        day = local.date() - timedelta(days=40)  # a roll may carry an earlier day past `after`
        while True:
            if self._falls_on(day):
                due = working.close_of_business(working.next_working_day(day))
                if due > local:
                    return day, due
            day += DAY

    def _next_daily(self, local: datetime, working: Calendar) -> datetime:
        at = time.fromisoformat(self.by)
        day = local.date()
        while not working.is_working_day(day) or datetime.combine(day, at) <= local:
            day += DAY
        return datetime.combine(day, at)

    def _falls_on(self, day: date) -> bool:
        if self.period == "week":
            return day.weekday() == _WEEKDAYS.index(self.by)
        if self.period == "year":
            month, number = (int(part) for part in self.by.split("-"))
            return day.month == month and day.day == min(number, _last_day(day))
        if day.month % _MONTHS[self.period]:
            return False
        return day.day == (_last_day(day) if self.by == "last day" else min(int(self.by), _last_day(day)))


AnyLimit: TypeAlias = Limit | RecurringRule


def _last_day(day: date) -> int:
    return month_calendar.monthrange(day.year, day.month)[1]


def parse_recurring(text: str) -> RecurringRule:
    """Reads a recurring rule. Raises LimitError."""
    found = _RULE.fullmatch(text)
    if found is not None and _is_valid(found[1], found[2]):
        return RecurringRule(found[1], found[2])
    raise LimitError(
        text,
        "a rule such as `every week by friday`, `every month by 10` or `every year by 12-31`",
        "周期规则，例如 every week by friday、every month by 10、every year by 12-31",
    )


def parse_any_limit(text: str) -> AnyLimit:
    """Reads a limit or a recurring rule. Raises LimitError."""
    return parse_recurring(text) if text.startswith("every ") else parse_limit(text)


def _is_valid(period: str, by: str) -> bool:
    if period == "day":
        return bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", by, re.ASCII))
    if period == "week":
        return by in _WEEKDAYS
    if period == "year":
        # In a leap year, so that 02-29 is a date; in other years it means the last day of February.
        return bool(re.fullmatch(r"\d\d-\d\d", by, re.ASCII)) and _is_date(f"2024-{by}")
    return by == "last day" or bool(re.fullmatch(r"[1-9]|[12]\d|3[01]", by, re.ASCII))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
