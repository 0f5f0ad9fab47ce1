"""When a limit is due, and why.

Day and month units exclude the starting day (Civil Code art. 201); a last day that is free rolls to the next
working day (art. 203); hours run from the moment. Exactly due is not yet breached.
"""

import calendar as month_calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.worktime.calendar import DAY, Calendar
from engine.worktime.explanation import Explanation, Segment, day_segments, rule_segments, working_segments
from engine.worktime.limits import Unit
from engine.worktime.recurring import AnyLimit, RecurringRule


@dataclass(frozen=True)
class DueMoment:
    """`due_at` in UTC. Provisional: it lies beyond the last published holiday schedule."""

    due_at: datetime
    is_provisional: bool
    explanation: Explanation


def due_at(start: datetime, limit: AnyLimit, calendar: Calendar) -> DueMoment:
    """The due moment of `limit` from `start`. A moment without zone is read in the calendar's zone.

    Raises: CalendarMissing before the calendar's first year, and far beyond its last.
    """
    local = calendar.local(start)
    due, segments = _due(local, limit, calendar)
    # 24:00 of a day is written as 0:00 of the next; what must be known is the day that ends then.
    last_day = (due - timedelta(microseconds=1)).date()
    is_provisional = calendar.is_provisional(last_day)
    explanation = Explanation(
        limit=limit,
        started_at=local,
        due_at=due,
        calendar=calendar.name,
        calendar_version=calendar.version,
        notices=tuple(
            notice.number
            for notice in calendar.notices
            if local.year <= notice.year <= last_day.year and not limit.is_elapsed
        ),
        is_provisional=is_provisional,
        segments=tuple(segments),
    )
    return DueMoment(calendar.utc(due), is_provisional, explanation)


def _due(local: datetime, limit: AnyLimit, calendar: Calendar) -> tuple[datetime, list[Segment]]:
    """The local due moment, and what was counted and skipped on the way."""
    if isinstance(limit, RecurringRule):
        day, due = limit.next_local(local, calendar)
        return due, rule_segments(local, day, due, calendar)
    match limit.unit:
        case Unit.MIN | Unit.H:
            span = timedelta(**{"minutes" if limit.unit is Unit.MIN else "hours": limit.amount})
            # Elapsed time is counted between moments of UTC, so that a change of the clocks loses no hour.
            due = calendar.local(calendar.utc(local) + span)
            segments = [Segment(local, due, "counted", "elapsed", limit.amount)]
        case Unit.WH:
            due = calendar.at_worked(calendar.worked_before(local) + limit.amount * 3600)
            segments = working_segments(local, due, calendar)
        case Unit.WD:
            last = calendar.nth_working_day_after(local.date(), limit.amount)
            due = calendar.close_of_business(last)
            segments = day_segments(local, last, calendar, counts_free_days=False)
        case Unit.SAME_DAY:
            last = _business_day(local, calendar)
            due = calendar.close_of_business(last)
            segments = working_segments(local, due, calendar)
        case Unit.CD | Unit.CM:
            counted = (
                local.date() + limit.amount * DAY
                if limit.unit is Unit.CD
                else months_later(local.date(), limit.amount)
            )
            last = calendar.next_working_day(counted)
            due = datetime.combine(last + DAY, time())
            segments = day_segments(local, last, calendar, counts_free_days=True, counted_to=counted)
    return due, segments


def is_breached(due: datetime, now: datetime) -> bool:
    return now > due


def _business_day(local: datetime, calendar: Calendar) -> date:
    """The starting day itself, or the next working day when it is free or its business has closed."""
    day = local.date()
    if calendar.is_working_day(day) and local <= calendar.close_of_business(day):
        return day
    return calendar.next_working_day(day + DAY)


def months_later(day: date, months: int) -> date:
    """The same day number, or the month's last day; `months` may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = month_calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
