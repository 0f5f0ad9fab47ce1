"""`huiyin year`: on which start dates of a year a promise cannot be kept, even if nobody is late."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from engine.commands.handler import HandlerTable
from engine.commands.releases.check_family import check_family
from engine.commands.releases.family_files import read_families
from engine.commands.releases.policy_register import PolicyRegister
from engine.model import InvalidInput, NotFound, SystemClock
from engine.rehearsal.year import (
    PromiseYear,
    RouteYear,
    Subject,
    YearCheck,
    check_year,
    subjects_of_files,
    subjects_of_release,
    year_data,
)
from engine.worktime import Calendar, CalendarMissing, load_calendar
from handlers import HANDLERS
from web.cli.doors import database_file, open_engine, settings_for
from web.cli.failure import Failure, in_language, language
from web.cli.options import database_option, json_option
from web.cli.output import print_json

MOST_DATES = 10  # that are listed of one promise
MOST_WAYS = 3  # that are listed of one promise


@click.command()
@click.argument("family")
@click.option("--profile", "profile_id", metavar="ID", help="Only this profile (default: all of the family).")
@click.option(
    "--year", type=int, metavar="YEAR", help="The year of the start dates (default: the present one)."
)
@json_option
@database_option
def year_command(
    family: str, profile_id: str | None, year: int | None, as_json: bool, database: str | None
) -> int:
    """Check the promises of FAMILY (a folder, or the name of a live family) over all start dates of a year.

    Each step of a way uses its whole limit; due moments are computed one after the other on the calendar. Exit code 1
    when dates break a promise that other dates keep.
    """
    calendars = settings_for(database).processes_folder / "calendars"
    year = year or SystemClock().now().year
    checks = [
        _check(one, load_calendar(calendars, one.profile.calendar), year)
        for one in _chosen(_subjects(family, database), family, profile_id)
    ]
    if as_json:
        print_json({"checks": [year_data(one) for one in checks]})
    else:
        for line in (line for check in checks for line in _lines(check)):
            print(line)
    return 1 if any(one.broken_days for check in checks for one in check.promises) else 0


def _subjects(family: str, database: str | None) -> list[Subject]:
    """A folder as it lies there; a name as it is live in the database, or before there is one as it is delivered."""
    settings = settings_for(database)
    folder = Path(family)
    if not folder.is_dir():
        file = database_file(settings.database_url)
        if file is None or file.is_file():
            with open_engine(database) as engine, engine.store.reading() as session:
                for release in engine.releases.newest_of_families(session):
                    if release.family == family:
                        return subjects_of_release(release)
            raise NotFound("procedure family", family, "流程族")
        folder = settings.processes_folder / family
    if not folder.is_dir():
        raise NotFound("procedure family", family, "流程族")
    topics = HandlerTable(HANDLERS).topics()
    register = PolicyRegister(settings.processes_folder / "register")
    return [
        subject
        for files in read_families([folder])
        for subject in subjects_of_files(check_family(files, register, topics))
    ]


def _chosen(subjects: Sequence[Subject], family: str, profile_id: str | None) -> list[Subject]:
    found = [one for one in subjects if profile_id in (None, one.profile.id)]
    if not found:
        if profile_id is not None:
            raise NotFound("profile", profile_id, "档案")
        raise InvalidInput(
            f"Expected a profile in {family}, but there is none: limits stand in profiles.",
            f"“{family}”没有档案，而时限写在档案里。",
        )
    return found


def _check(subject: Subject, calendar: Calendar, year: int) -> YearCheck:
    try:
        return check_year(subject, calendar, year)
    except CalendarMissing as problem:
        raise Failure(problem.en, problem.zh) from problem


def _lines(check: YearCheck) -> Iterator[str]:
    provisional = in_language(" (provisional: its notice is not known)", "（暂定：尚无当年放假通知）")
    yield f"{check.family} {check.profile_id} {check.year}{provisional if check.is_provisional else ''}"
    if not check.promises:
        yield "  " + in_language("No promise runs over several limits.", "没有跨越多个时限的承诺。")
    for one in check.promises:
        yield from _promise(one, check.calendar)
    for untold in check.untold:
        said = in_language("cannot be told from the diagram", "从流程图无法判断")
        yield f"  ? {untold.name} ({untold.element_id}): {said}"


def _promise(found: PromiseYear, calendar: Calendar) -> Iterator[str]:
    promise = found.promise
    limit = promise.limit
    said = limit.limit.says(language())
    head = f"{promise.name} {limit.register_id or limit.name}, {said}"
    if not found.broken_days and not found.never:
        kept = in_language("kept on every start date", "任何起始日都能兑现")
        yield f"  ✓ {head}: {kept} ({len(found.routes)})"
        return
    dates = [day.day.isoformat() for day in found.days if day.broken]
    if dates:
        more = f" … +{len(dates) - MOST_DATES}" if len(dates) > MOST_DATES else ""
        what = in_language("start dates cannot keep it", "个起始日无法兑现")
        yield f"  ▲ {head}: {len(dates)} {what}: {' '.join(dates[:MOST_DATES])}{more}"
    if found.never:
        what = in_language("ways are longer than it on every date", "条路径在任何日期都超出承诺")
        yield f"  ✕ {head}: {len(found.never)}/{len(found.routes)} {what}"
    for route in [one for one in found.routes if one.verdict != "kept"][:MOST_WAYS]:
        yield from _route(route, calendar)


def _route(found: RouteYear, calendar: Calendar) -> Iterator[str]:
    worst = found.worst
    legs = " → ".join(f"{leg.step.name} {leg.limit.limit.says(language())}" for leg in worst.legs)
    yield f"      {legs}"
    starts, ends, due = (_shown(one, calendar) for one in (worst.starts_at, worst.ends_at, worst.due_at))
    blame = found.blame.step.name if found.blame else "-"
    yield "      " + in_language(
        f"worst: starts {starts}, ends {ends}, promised {due}; to blame: {blame}",
        f"最坏：{starts} 开始，{ends} 结束，承诺 {due}；主因：{blame}",
    )


def _shown(moment: datetime, calendar: Calendar) -> str:
    return f"{moment.astimezone(calendar.zone):%Y-%m-%d %H:%M}"
