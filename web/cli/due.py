"""`huiyin due`: when a limit is due, and why."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from engine.worktime import Calendar, CalendarMissing, LimitError, due_at, load_calendar, parse_limit, says
from web.cli.doors import settings_for
from web.cli.failure import Failure, in_language, language
from web.cli.options import database_option, json_option
from web.cli.output import print_json, print_json_line


class UnreadableMoment(ValueError):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.en = f"Expected a moment such as 2026-02-13T16:00+08:00, but found {text!r}."
        self.zh = f"时刻应写成 2026-02-13T16:00+08:00，但写的是“{text}”。"


class BeyondCalendar(ValueError):
    def __init__(self, text: str, calendar: str) -> None:
        super().__init__(text)
        self.en = f"Expected a deadline within the reach of calendar {calendar}, but {text} leads beyond it."
        self.zh = f"“{text}”超出日历“{calendar}”可推算的范围。"


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


def explain_due(moment: str, limit: str, calendar: Calendar) -> dict[str, Any]:
    """The answer as data. Raises UnreadableMoment, LimitError, CalendarMissing, BeyondCalendar."""
    try:
        start = datetime.fromisoformat(moment)
    except ValueError as problem:
        raise UnreadableMoment(moment) from problem
    parsed = parse_limit(limit)
    try:
        found = due_at(start, parsed, calendar)
    except CalendarMissing:
        raise
    except (OverflowError, IndexError, ValueError) as problem:
        # Arithmetic of dates ends at the year 9999, that of the calendar some years after its last table.
        raise BeyondCalendar(f"{limit} from {moment}", calendar.name) from problem
    explanation = found.explanation
    return {
        "due_at": found.due_at.astimezone(calendar.zone).isoformat(),
        "provisional": found.is_provisional,
        "limit": str(parsed),
        "started_at": _with_zone(explanation.started_at, calendar),
        "calendar": explanation.calendar,
        "calendar_version": explanation.calendar_version,
        "notices": list(explanation.notices),
        "segments": [
            segment.to_data()
            | {"from": _with_zone(segment.start, calendar), "to": _with_zone(segment.end, calendar)}
            for segment in explanation.segments
        ],
        "says": {"zh": says(explanation, "zh"), "en": says(explanation, "en")},
    }


def _with_zone(local: datetime, calendar: Calendar) -> str:
    return local.replace(tzinfo=calendar.zone).isoformat()


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
