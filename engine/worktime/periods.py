"""The periods of a recurring rule: each begins when the former one is due, at the next working moment, and is due itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.worktime.calendar import DAY, Calendar
from engine.worktime.recurring import RecurringRule

_JUST_AFTER = timedelta(milliseconds=1)  # exactly due is not yet over


@dataclass(frozen=True)
class Period:
    """`day`: the one that the rule names, before any roll; it tells the period. Moments in UTC."""

    day: date
    begins_at: datetime
    due_at: datetime


def first_period(rule: RecurringRule, seen_at: datetime, calendar: Calendar) -> Period:
    """The first period that begins after `seen_at`: the running one belongs to whoever kept it before."""
    day, due = rule.next_local(seen_at, calendar)
    return next_period(rule, day, calendar.utc(due), calendar)


def next_period(rule: RecurringRule, day: date, due_at: datetime, calendar: Calendar) -> Period:
    """The period after the one that is named `day` and was due at `due_at`. Raises CalendarMissing.

    Periods that a long holiday rolls onto one moment are one. The named day keeps a period from coming twice
    when holidays that are published later move its due moment.
    """
    after = due_at
    named, due = rule.next_local(after, calendar)
    while named <= day:
        after = calendar.utc(due)
        named, due = rule.next_local(after, calendar)
    begins = min(_working_moment(calendar.local(after), calendar), due - _JUST_AFTER)
    return Period(named, max(calendar.utc(begins), after + _JUST_AFTER), calendar.utc(due))


def _working_moment(local: datetime, calendar: Calendar) -> datetime:
    """The first moment of work later than `local`: nobody is given work at night or on a holiday."""
    for first, last in calendar.shifts_on(local.date()):
        if local.time() < last:
            return max(local, datetime.combine(local.date(), first))
    return calendar.start_of_business(calendar.next_working_day(local.date() + DAY))
