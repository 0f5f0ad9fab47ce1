"""Moments as people read them: exact in the reader's zone, and how far away in the measure that counts."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from flask import g

from engine.worktime import Calendar, CalendarMissing
from web.access import current_engine
from web.languages import current_locale, ngettext
from web.languages import gettext as _

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# From here on the whole days are said, not the hours.
_WORKING_DAY = 8 * _HOUR


def reader_calendar() -> Calendar:
    """The calendar of the reader's organisation; its zone is the reader's."""
    return current_engine().calendars.get(getattr(g, "calendar", "cn"))


def exact(
    moment: datetime | None,
    calendar: Calendar | None = None,
    *,
    weekday: bool = False,
    year: bool = False,
    begins: bool = False,
) -> str:
    """`2月24日 18:00`, with the year when it is another one or asked for; the end of a day is said as 24:00.

    `begins`: something starts at that moment, so midnight is the first of its day.
    """
    if moment is None:
        return ""
    used = calendar or reader_calendar()
    local, now = _local(moment, used), _local(current_engine().clock.now(), used)
    clock = f"{local:%H:%M}"
    if local.time() == time() and not begins:
        local, clock = local - timedelta(minutes=1), "24:00"
    is_short = local.year == now.year and not year
    if current_locale() == "zh":
        year_said = "" if is_short else f"{local.year}年"
        gap = f"（周{_WEEKDAYS['zh'][local.weekday()]}）" if weekday else " "
        return f"{year_said}{local.month}月{local.day}日{gap}{clock}"
    year_said = "" if is_short else f" {local.year}"
    ahead = f"{_WEEKDAYS['en'][local.weekday()]} " if weekday else ""
    return f"{ahead}{local.day} {_MONTHS[local.month - 1]}{year_said} {clock}"


def date_only(moment: datetime) -> str:
    local = _local(moment, reader_calendar())
    if current_locale() == "zh":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def distance(due: datetime, calendar: Calendar | None = None, *, is_working: bool = True) -> str:
    """`还剩 3 个工作小时`, `超时 1 个工作日`: in working time, or elapsed where the limit is of that kind."""
    used, now = calendar or reader_calendar(), current_engine().clock.now()
    first, last = min(now, due), max(now, due)
    amount = (_working(first, last, used) if is_working else None) or _elapsed(last - first)
    return _("%(amount)s overdue", amount=amount) if now > due else _("%(amount)s left", amount=amount)


def span(seconds: float, *, is_working: bool) -> str:
    """A stretch of time, such as the one by which a pause moved a due moment."""
    stretch = timedelta(seconds=seconds)
    if not is_working:
        return _elapsed(stretch)
    if stretch < _HOUR:
        return _working_minutes(stretch)
    return _working_hours(stretch)


def listed(names: Iterable[str], most: int = 5) -> str:
    """`李娜、王伟` or `Li Na, Wang Wei`; the rest of a long list is left out with a sign."""
    all_names = list(names)
    mark = "、" if current_locale() == "zh" else ", "
    return mark.join(all_names[:most]) + (" …" if len(all_names) > most else "")


def ago(moment: datetime) -> str:
    """`3 小时前`."""
    return _("%(amount)s ago", amount=_elapsed(current_engine().clock.now() - moment))


def _local(moment: datetime, calendar: Calendar) -> datetime:
    """Also of moments that the calendar does not know, such as a date of birth."""
    return moment.astimezone(calendar.zone).replace(tzinfo=None)


def _working(first: datetime, last: datetime, calendar: Calendar) -> str | None:
    try:
        worked = calendar.working_time_between(first, last)
    except CalendarMissing:
        return None
    if worked < timedelta(minutes=1):
        # Only nights and free days lie between: said in plain hours.
        return None
    if worked < _HOUR:
        return _working_minutes(worked)
    if worked <= _WORKING_DAY:
        return _working_hours(worked)
    days = calendar.working_days_between(_local(first, calendar).date(), _local(last, calendar).date())
    return ngettext("%(num)s working day", "%(num)s working days", max(days, 1))


def _working_minutes(stretch: timedelta) -> str:
    return ngettext("%(num)s working minute", "%(num)s working minutes", int(stretch / timedelta(minutes=1)))


def _working_hours(stretch: timedelta) -> str:
    hours = round(stretch / _HOUR, 1)
    shown = f"{hours:g}"
    return ngettext("%(shown)s working hour", "%(shown)s working hours", 1 if hours == 1 else 2, shown=shown)


def _elapsed(stretch: timedelta) -> str:
    if stretch < _HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", max(int(stretch / timedelta(minutes=1)), 0))
    if stretch < 2 * _DAY:
        return ngettext("%(num)s hour", "%(num)s hours", int(stretch / _HOUR))
    return ngettext("%(num)s day", "%(num)s days", int(stretch / _DAY))
