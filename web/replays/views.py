"""The pages of a family's replays: begin one, see how far it is, read what it found."""

from datetime import datetime, timedelta

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.replays.note_replay import cancel_replay
from engine.model import InvalidInput
from engine.people import is_allowed
from engine.queries.releases.versions import list_versions
from engine.queries.replays import KnownRun, find_replay, list_replays, seen_cases
from engine.queries.working_copies import names_of_people
from engine.rehearsal.replay import KINDS, ReplayReport, ReplayWish
from engine.rehearsal.replay.tried import last_month, period, tried_files
from web.access import current_actor, current_engine, needs
from web.headers import DRAWING_POLICY
from web.languages import current_locale
from web.moments import date_only, reader_calendar
from web.procedures.house import FamilyPage, family_page
from web.replays.background import start_replay
from web.replays.shown import PAGE, Choice, kind_word, marks, sign_of

blueprint = Blueprint("replays", __name__, template_folder="templates")


@blueprint.get("/procedures/<family>/replay")
@needs("release.read")
def listed(family: str) -> ResponseReturnValue:
    return _listed(family_page(family))


@blueprint.post("/procedures/<family>/replay")
@needs("release.draft")
def begin(family: str) -> ResponseReturnValue:
    """What was typed stays on the page when it cannot be done."""
    house = family_page(family)
    try:
        since, until = period(request.form.get("from", ""), request.form.get("to", ""), reader_calendar())
        number = _number(request.form.get("version", ""))
    except InvalidInput as refused:
        return _listed(house, refused), 400
    wish = ReplayWish(tried_files(house.engine, family, number), since, until, "fill" in request.form)
    return redirect(
        url_for(".run", family=family, run_key=start_replay(house.engine, house.actor, wish, number)), 303
    )


@blueprint.get("/procedures/<family>/replay/<run_key>")
@needs("release.read")
def run(family: str, run_key: str) -> ResponseReturnValue:
    house = family_page(family)
    found, report = _report(house, run_key)
    choice = Choice(request.args.get("kind", ""), request.args.get("element", ""))
    chosen = [one for one in report.different if choice.fits(one)] if report else []
    page = max(request.args.get("page", 1, type=int), 1)
    locale = current_locale()
    response = make_response(
        render_template(
            "replays/run.html",
            house=house,
            run=found,
            report=report,
            choice=choice,
            chosen=chosen[(page - 1) * PAGE : page * PAGE],
            chosen_number=len(chosen),
            page=page,
            pages=(len(chosen) + PAGE - 1) // PAGE,
            people=names_of_people(house.engine, {found.started_by}, locale),
            calendar=reader_calendar(),
            kind_word=lambda kind: kind_word(kind, locale),
            sign_of=sign_of,
            kinds=KINDS,
            name_of=lambda one: _name_of(house, one.process_key, one.element_id),
        )
    )
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    return response


@blueprint.get("/procedures/<family>/replay/<run_key>/progress")
@needs("release.read")
def progress(family: str, run_key: str) -> ResponseReturnValue:
    """The page asks until the run is over, and is then shown anew."""
    found, _report = find_replay(current_engine(), current_actor(), family, run_key)
    response = make_response(
        render_template("replays/progress.html", run=found, family=family, may_cancel=_may_draft())
    )
    if not found.is_running:
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/procedures/<family>/replay/<run_key>/cancel")
@needs("release.draft")
def cancel(family: str, run_key: str) -> ResponseReturnValue:
    cancel_replay(current_engine(), current_actor(), run_key=run_key)
    return redirect(url_for(".run", family=family, run_key=run_key), 303)


@blueprint.get("/procedures/<family>/replay/<run_key>/marks")
@needs("release.read")
def drawn(family: str, run_key: str) -> ResponseReturnValue:
    """For the viewer: where how many cases would have gone otherwise."""
    house = family_page(family)
    _found, report = _report(house, run_key)
    if report is None:
        return jsonify([])
    names = {
        process.id: house.labels.get(process.id) or process.name
        for diagram in house.checked.diagrams
        for process in diagram.processes
    }
    return jsonify(marks(report, names, current_locale()))


@blueprint.app_template_global("replay_days")
def days(since: datetime, until: datetime) -> str:
    """The first and the last day of a period, in the reader's zone."""
    return f"{date_only(since)} – {date_only(until - timedelta(milliseconds=1))}"


def _listed(house: FamilyPage, refused: InvalidInput | None = None) -> str:
    calendar = reader_calendar()
    first, last = last_month(house.engine.clock.now(), calendar)
    runs = list_replays(house.engine, house.actor, house.family)
    return render_template(
        "replays/listed.html",
        house=house,
        runs=runs,
        refused=refused,
        versions=[
            one
            for one in list_versions(house.engine, house.actor, house.family)
            if one.state in ("draft", "checked", "reviewed", "scheduled")
        ],
        people=names_of_people(house.engine, {one.started_by for one in runs}, current_locale()),
        calendar=calendar,
        typed=request.form
        or {"from": first.isoformat(), "to": last.isoformat(), "version": request.args.get("version", "")},
        may_begin=_may_draft(),
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise InvalidInput(f"Expected the number of a version, but found {text!r}.", f"“{text}”不是版本号。")
    return int(text)


def _report(house: FamilyPage, run_key: str) -> tuple[KnownRun, ReplayReport | None]:
    """Only of cases that the reader may see: a report tells of people and their cases."""
    found, data = find_replay(house.engine, house.actor, house.family, run_key)
    if data is None:
        return found, None
    report = ReplayReport.from_data(data)
    keys = [one.instance_key for one in report.cases]
    return found, report.only(seen_cases(house.engine, house.actor, keys))


def _name_of(house: FamilyPage, process_key: str, element_id: str) -> str:
    label = house.labels.get(element_id)
    if label:
        return label
    for diagram in house.checked.diagrams:
        for process in diagram.processes:
            if process.id == process_key:
                element = process.elements.get(element_id)
                return (
                    (element.name if element else "")
                    or (process.name if element_id == process_key else "")
                    or element_id
                )
    return element_id


def _may_draft() -> bool:
    return is_allowed(current_actor(), "release.draft")
