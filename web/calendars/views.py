"""A calendar's year: free days, make-up workdays, half days, what it is known through, and who changed what."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.model import NotFound
from engine.queries.calendar_changes import CalendarPage, find_calendar_page
from web.access import current_actor, current_engine, needs
from web.calendars.year_view import (
    day_word,
    kind_mark,
    kind_word,
    named_days,
    shifts_word,
    year_of,
)
from web.languages import current_locale
from web.moments import reader_calendar

blueprint = Blueprint("calendars", __name__, template_folder="templates")

REMINDED_FROM = 11  # the month in which next year's notice is expected
YEARS_AHEAD = 2  # beyond the last one that is known, by weekdays only


@blueprint.get("/calendars")
@needs("release.read")
def show() -> ResponseReturnValue:
    return _page(request.args.get("calendar") or reader_calendar().name)


def known_calendar(name: str) -> CalendarPage:
    """Raises NotFound."""
    found = find_calendar_page(current_engine(), current_actor(), name, current_locale())
    if found is None:
        raise NotFound("calendar", name, "日历")
    return found


def _page(name: str) -> str:
    page = known_calendar(name)
    calendar = page.calendar
    today = current_engine().clock.now().astimezone(calendar.zone).date()
    first, last = calendar.known_from.year, calendar.known_through.year + YEARS_AHEAD
    asked = request.args.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
    year = min(max(year, first), last)
    return render_template(
        "calendars/calendar.html",
        page=page,
        calendar=calendar,
        year=year,
        years=range(first, last + 1),
        months=year_of(calendar, year),
        named=named_days(calendar, year),
        today=today,
        is_reminded=_is_reminded(calendar.known_through, today),
        missing_year=calendar.known_through.year + 1,
        kind_word=kind_word,
        kind_mark=kind_mark,
        day_word=day_word,
        usual_hours="、".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in calendar.shifts),
        shifts_word=lambda day: shifts_word(calendar, day),
    )


def _is_reminded(known_through: date, today: date) -> bool:
    is_soon = today.month >= REMINDED_FROM and known_through.year == today.year
    return is_soon or known_through < today
