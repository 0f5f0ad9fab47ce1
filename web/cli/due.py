"""`huiyin due`: when a limit is due, and why."""

import sys
from collections.abc import Iterator
from typing import Any

import click

from engine.worktime import Calendar, CalendarMissing, LimitError, load_calendar
from web.cli.doors import settings_for
from web.cli.failure import Failure, in_language, language
from web.cli.options import database_option, json_option
from web.cli.output import print_json, print_json_line
from web.due_answer import BeyondCalendar, UnreadableMoment, explain_due

_REFUSALS = (UnreadableMoment, BeyondCalendar, LimitError, CalendarMissing)


@click.command()
@click.argument("moment", required=False)
@click.argument("limit", required=False)
@click.option(
    "--calendar", "calendar_name", default="cn", show_default=True, help="Name of the working calendar."
)
@click.option("--without-makeup", is_flag=True, help="As if nobody worked on make-up days.")
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8-sig"),
    help="Read lines MOMENT<TAB>LIMIT (- for stdin); print one JSON object a line.",
)
@json_option
@database_option
def due(
    moment: str | None,
    limit: str | None,
    calendar_name: str,
    without_makeup: bool,
    batch: Any,
    as_json: bool,
    database: str | None,
) -> None:
    """When LIMIT (8 WH, 3 WD, "same day", …) from MOMENT is due, and which time was counted and skipped.

    A moment without zone is read in the zone of the calendar.
    """
    calendar = load_calendar(settings_for(database).processes_folder / "calendars", calendar_name)
    if without_makeup:
        calendar = calendar.without_makeup()
    if batch is not None:
        if moment is not None:
            raise click.UsageError("Expected either MOMENT LIMIT or --batch FILE, but there are both.")
        for answer in _answers(batch, calendar):
            print_json_line(answer)
        return
    if moment is None or limit is None:
        raise click.UsageError("Expected MOMENT and LIMIT, such as `2026-02-13T16:00+08:00 '8 WH'`.")
    try:
        found = explain_due(moment, limit, calendar)
    except _REFUSALS as refusal:
        raise Failure(refusal.en, refusal.zh) from refusal
    if as_json:
        print_json(found)
    else:
        _print(found)


def _answers(lines: Any, calendar: Calendar) -> Iterator[dict[str, Any]]:
    """One answer a line, in order; a line that cannot be read gets its own, so that the two stay in step."""
    for line in lines:
        moment, tab, limit = line.rstrip("\r\n").partition("\t")
        if not tab:
            en = f"Expected MOMENT<TAB>LIMIT, but found {moment!r}."
            yield {"error": en, "says": {"zh": f"每行应为“时刻<TAB>时限”，但写的是“{moment}”。", "en": en}}
            continue
        try:
            yield explain_due(moment.strip(), limit.strip(), calendar)
        except _REFUSALS as refusal:
            yield {"error": refusal.en, "says": {"zh": refusal.zh, "en": refusal.en}}


def _print(found: dict[str, Any]) -> None:
    print(found["due_at"] + (in_language(" (provisional)", "（暂定）") if found["provisional"] else ""))
    print(found["says"][language()])
    for one in found["segments"]:
        mark = {"counted": "+", "skipped": "-"}.get(one["kind"], "|")
        name = (one.get("name") or {}).get(language(), "")
        print(
            f"  {mark} {one['from'][:16]} … {one['to'][:16]}  {one['amount'] or '':>6}  {one['why']} {name}".rstrip()
        )
    sys.stdout.flush()
