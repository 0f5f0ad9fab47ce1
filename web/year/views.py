"""The deadline check of the working copy: which start dates break a promise although nobody is late."""

from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from engine.model import InvalidInput, NotFound
from engine.rehearsal.year import StepLimit, Subject, YearCheck, subjects_of_files
from engine.worktime import CalendarMissing
from web.access import needs
from web.languages import current_locale
from web.procedures.house import family_page
from web.year.checks import YearChecks
from web.year.strip import months_of

blueprint = Blueprint("year", __name__, template_folder="templates")
year_checks = YearChecks()


@blueprint.get("/procedures/<family>/year")
@needs("release.read")
def show(family: str) -> ResponseReturnValue:
    house, locale = family_page(family), current_locale()
    subjects = subjects_of_files(house.checked)
    subject = _subject(subjects)
    year = _year(house.engine.clock.now().date())
    check: YearCheck | None = None
    problem = ""
    if subject is not None:
        calendar = house.engine.calendars.get(subject.profile.calendar)
        try:
            check = year_checks.get(house.files, subject, calendar, year)
        except CalendarMissing as missing:
            problem = missing.zh if locale == "zh" else missing.en

    def moment(at: datetime) -> str:
        assert check is not None
        local = at.astimezone(check.calendar.zone)
        return f"{format_date(local.date(), 'MM-dd EEE')} {local:%H:%M}"

    def address(process_key: str, element_id: str) -> str:
        model = subject.models.get(process_key) if subject else None
        if model is None:
            return ""
        return f"/procedures/{family}/diagrams/{model.file}" + (
            "" if element_id == process_key else f"#{element_id}"
        )

    return render_template(
        "year/year.html",
        house=house,
        subjects=subjects,
        subject=subject,
        year=year,
        check=check,
        problem=problem,
        months_of=months_of,
        moment=moment,
        address=address,
        limit_text=lambda limit: _limit_text(limit, locale),
        name_of=lambda element_id, name: house.labels.get(element_id) or name,
        month_name=lambda day: format_date(day, "LLL"),
        day_name=lambda day: format_date(day, "MM-dd EEE"),
    )


def _year(today: date) -> int:
    text = request.args.get("year", "")
    if not text:
        return today.year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise InvalidInput(
            f"Expected a year such as {today.year}, but found {text!r}.",
            f"年份应写作 {today.year}，而不是“{text}”。",
        )
    return int(text)


def _subject(subjects: list[Subject]) -> Subject | None:
    wanted = request.args.get("profile")
    if not wanted:
        return subjects[0] if subjects else None
    for one in subjects:
        if one.profile.id == wanted:
            return one
    raise NotFound("profile", wanted, "档案")


def _limit_text(limit: StepLimit, locale: str) -> str:
    return limit.text.get(locale) or limit.text.get("zh") or limit.name
