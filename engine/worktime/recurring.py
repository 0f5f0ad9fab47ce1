"""Recurring rules of the source: `every month by 10`, `every year by 12-31`, with the working-day roll.

Grammar: `every day by HH:MM`, `every week by <monday…sunday>`, `every month|quarter|half-year by <day of the
period's last month>` or `by last day`, `every year by MM-DD`.
"""

import calendar as month_calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.worktime.calendar import DAY, Calendar
from engine.worktime.limits import LimitError

_RULE = re.compile(r"every (day|week|month|quarter|half-year|year) by (.+)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6}


@dataclass(frozen=True)
class RecurringRule:
    period: str
    by: str

    def next_due(self, after: datetime, working: Calendar) -> datetime:
        """The first due moment (UTC) later than `after`, at the close of business of its working day."""
        local = working.local(after)
        if self.period == "day":
            return self._next_daily(local, working)
        day = local.date() - timedelta(days=40)  # a roll may carry an earlier day past `after`
        for _ in range(800):
            if self._falls_on(day):
                due = working.close_of_business(working.next_working_day(day))
                if due > local:
                    return working.utc(due)
            day += DAY
        raise OverflowError(f"No moment of {self} found.")

    def _next_daily(self, local: datetime, working: Calendar) -> datetime:
        at = time.fromisoformat(self.by)
        day = local.date()
        while not working.is_working_day(day) or datetime.combine(day, at) <= local:
            day += DAY
        return working.utc(datetime.combine(day, at))

    def _falls_on(self, day: date) -> bool:
        if self.period == "week":
            return day.weekday() == _WEEKDAYS.index(self.by)
        if self.period == "year":
            month, number = (int(part) for part in self.by.split("-"))
            return day.month == month and day.day == min(number, _last_day(day))
        if day.month % _MONTHS[self.period]:
            return False
        return day.day == (_last_day(day) if self.by == "last day" else min(int(self.by), _last_day(day)))


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


def _is_valid(period: str, by: str) -> bool:
    if period == "day":
        return bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", by))
    if period == "week":
        return by in _WEEKDAYS
    if period == "year":
        return bool(re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", by))
    return by == "last day" or bool(re.fullmatch(r"[1-9]|[12]\d|3[01]", by))
