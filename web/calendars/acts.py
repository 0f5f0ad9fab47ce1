"""What an owner changes of a calendar. Each change is first told with the deadlines that it would move."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.calendars.change_calendar import change_calendar
from engine.commands.calendars.follow_calendar_changes import follow_calendar_changes
from engine.commands.calendars.plan_calendar_change import PlannedChange, plan_calendar_change
from engine.model import InvalidInput, Rejected
from web.access import current_actor, current_engine, needs
from web.calendars.asked import AskedNotice, asked_day, asked_notice, asked_site
from web.calendars.views import known_calendar
from web.calendars.year_view import day_word, kind_word, named_days, shifts_word
from web.languages import current_locale, ngettext
from web.languages import gettext as _

blueprint = Blueprint("calendar_acts", __name__)

EXAMPLE = "元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"
ROW_EXAMPLE = "2026-01-01,放假,元旦"
CASES_AT_ONCE = 100  # more are left to the keeper, so that the page answers


@blueprint.get("/calendars/<name>/notice")
@needs("calendar.change")
def notice(name: str) -> ResponseReturnValue:
    return _notice_page(name)


@blueprint.post("/calendars/<name>/notice")
@needs("calendar.change")
def read(name: str) -> ResponseReturnValue:
    """The text as it was understood, and what it would do. Nothing is written before `install`."""
    calendar = known_calendar(name).calendar
    try:
        asked = asked_notice(request.form, calendar)
    except InvalidInput as refused:
        return _notice_page(name, refused.says(current_locale()))
    year = asked.read.year
    if year is None or not asked.read.is_sound:
        return _notice_page(name, asked=asked)
    try:
        planned = plan_calendar_change(
            current_engine(), current_actor(), calendar=name, content=asked.content, year=year
        )
    except InvalidInput as refused:
        return _notice_page(name, refused.says(current_locale()), asked)
    if "install" in request.form:
        refused_by = _install(name, asked.content, year)
        if refused_by is None:
            return redirect(url_for("calendars.show", calendar=name, year=year), 303)
        return _notice_page(name, refused_by, asked, planned)
    return _notice_page(name, asked=asked, planned=planned)


@blueprint.post("/calendars/<name>/days")
@needs("calendar.change")
def set_day(name: str) -> ResponseReturnValue:
    calendar = known_calendar(name).calendar
    wrong, planned, day = None, None, None
    try:
        day, content = asked_day(request.form, calendar)
        planned = plan_calendar_change(current_engine(), current_actor(), calendar=name, content=content)
        if "install" in request.form:
            wrong = _install(name, content, None)
            if wrong is None:
                return redirect(url_for("calendars.show", calendar=name, year=day.year), 303)
    except InvalidInput as refused:
        wrong = refused.says(current_locale())
    page = render_template(
        "calendars/day.html",
        calendar=calendar,
        wrong=wrong,
        day=day,
        before=None if day is None else _told(calendar, day),
        after=None if planned is None or day is None else _told(planned.after, day),
        **_of_plan(planned),
    )
    return page, 422 if wrong else 200


@blueprint.post("/calendars/<name>/sites")
@needs("calendar.change")
def add_site(name: str) -> ResponseReturnValue:
    known_calendar(name)
    try:
        key, content = asked_site({**request.form, "based_on": name})
        change_calendar(
            current_engine(),
            current_actor(),
            calendar=key,
            content=content,
            reason=content["site"]["title"][current_locale()],
        )
    except Rejected as refused:
        flash(refused.says(current_locale()), "bad")
        return redirect(url_for("calendars.show", calendar=name) + "#site", 303)
    follow_calendar_changes(current_engine(), CASES_AT_ONCE)
    flash(_("The site has a calendar of its own now. Set its days here."), "good")
    return redirect(url_for("calendars.show", calendar=key), 303)


def _install(name: str, content: Mapping[str, Any], year: int | None) -> str | None:
    """What was refused, in words; None when it is done and told."""
    try:
        change_calendar(
            current_engine(),
            current_actor(),
            calendar=name,
            content=content,
            year=year,
            reason=request.form.get("reason", ""),
            seen_version=request.form.get("seen", ""),
        )
    except Rejected as refused:
        return refused.says(current_locale())
    moved = follow_calendar_changes(current_engine(), CASES_AT_ONCE)
    flash(
        ngettext(
            "The calendar is changed. %(num)s open deadline moved.",
            "The calendar is changed. %(num)s open deadlines moved.",
            len(moved),
        ),
        "good",
    )
    return None


def _notice_page(
    name: str,
    wrong: str | None = None,
    asked: AskedNotice | None = None,
    planned: PlannedChange | None = None,
) -> ResponseReturnValue:
    calendar = known_calendar(name).calendar
    is_refused = wrong is not None or (asked is not None and planned is None)
    page = render_template(
        "calendars/notice.html",
        calendar=calendar,
        asked=asked,
        wrong=wrong,
        example=EXAMPLE,
        row_example=ROW_EXAMPLE,
        text=request.form.get("text", ""),
        year=request.form.get("year", "") or calendar.known_through.year + 1,
        named=named_days(planned.after, asked.read.year) if planned and asked and asked.read.year else (),
        known_before=bool(
            asked and any(one.year == asked.read.year for one in calendar.notices) and asked.read.year
        ),
        **_of_plan(planned),
    )
    return page, 422 if is_refused else 200


def _of_plan(planned: PlannedChange | None) -> dict[str, Any]:
    return {"planned": planned, "day_word": day_word, "kind_word": kind_word}


def _told(calendar: Any, day: Any) -> str:
    """What the day is, in words."""
    found = next((one for one in named_days(calendar, day.year) if one.first <= day <= one.last), None)
    if found is not None:
        return f"{kind_word(found.kind)} {found.name}".strip()
    hours = shifts_word(calendar, day)
    return f"{kind_word('plain')} {hours}" if hours else kind_word("weekend")
