"""Keeps one row for each case that a calendar rule will begin: who asks for it, by which rule, and when it is.

An organisation asks for the processes that the profiles of its choice run (`process` and `also`), and for no others: a
family holds procedures of several houses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.releases.installed import InstalledRelease
from engine.commands.tried_again import tried_again
from engine.diagrams import limit_asked_for
from engine.model import CalendarStart, Organisation, new_key, table_of
from engine.profiles import Profile, chosen_profiles
from engine.store import hold_name
from engine.worktime import (
    Calendar,
    CalendarMissing,
    LimitError,
    Period,
    RecurringRule,
    first_period,
    next_period,
    parse_recurring,
)

_starts = table_of(CalendarStart)
_Key = tuple[str, str, str]  # organisation, process, profile


@dataclass(frozen=True)
class _Wanted:
    rule: RecurringRule
    calendar: Calendar


@tried_again
def plan_calendar_starts(engine: Engine) -> int:
    """How many rows were written or moved. Idempotent: a second call changes nothing.

    The first planned period is the next one to begin: the running one may be started by hand.
    """
    with engine.store.transaction() as session:
        hold_name(session, "calendar starts")  # Processes that start together plan one after another.
        wanted = dict(_wanted(engine, session))
        known = {
            (row.organisation_key, row.process_key, row.profile_id): row
            for row in session.execute(select(_starts))
        }
        changed = sum(_plan(engine, session, key, one, known.get(key)) for key, one in wanted.items())
        for key, row in known.items():
            if key not in wanted and row.state != "off":
                _set(session, row.start_key, {"state": "off"})
                changed += 1
    return changed


def version_of(calendar: Calendar) -> str:
    return f"{calendar.name} {calendar.version}"


def _plan(engine: Engine, session: Session, key: _Key, wanted: _Wanted, row: Any) -> int:
    rule, calendar = wanted.rule, wanted.calendar
    basis = {"rule": str(rule), "calendar": version_of(calendar)}
    try:
        if row is None or row.state == "off" or row.rule != basis["rule"]:
            period = first_period(rule, engine.clock.now(), calendar)
            former_day, former_due = rule.next_local(engine.clock.now(), calendar)
            former = {"former_day": former_day.isoformat(), "former_due_at": calendar.utc(former_due)}
        elif row.calendar != basis["calendar"]:
            former_day = date.fromisoformat(row.former_day)
            period = next_period(rule, former_day, row.former_due_at, calendar)
            former = {}  # as it was
        else:
            return 0
    except CalendarMissing:
        return 0  # The administrators are told that the calendar ends; what is planned stays.
    values = basis | former | moments_of(period) | {"state": "waiting", "error": None}
    if row is not None:
        _set(session, row.start_key, values)
    else:
        names = dict(zip(("organisation_key", "process_key", "profile_id"), key, strict=True))
        session.execute(insert(_starts).values(start_key=new_key(), **names, **values))
    return 1


def moments_of(period: Period) -> dict[str, Any]:
    return {
        "period": period.day.isoformat(),
        "starts_at": period.begins_at,
        "fires_at": period.begins_at,
        "due_at": period.due_at,
    }


def _set(session: Session, start_key: str, values: Mapping[str, Any]) -> None:
    session.execute(update(_starts).where(_starts.c.start_key == start_key).values(**values))


def _wanted(engine: Engine, session: Session) -> Iterator[tuple[_Key, _Wanted]]:
    releases = [one for one in engine.releases.newest_of_families(session) if any(_begun_by_calendar(one))]
    if not releases:
        return
    organisations = session.execute(
        select(Organisation.organisation_key, Organisation.profiles, Organisation.calendar)
    ).all()
    for organisation in organisations:
        for release in releases:
            chosen = chosen_profiles(organisation.profiles, release.family)
            for process_key, text in _begun_by_calendar(release):
                for profile_id in dict.fromkeys(chosen):
                    profile = release.profiles.get(profile_id)
                    if profile is None or process_key not in profile.processes:
                        continue
                    rule = _rule(profile, text)
                    if rule is not None:
                        calendar = engine.calendars.get(organisation.calendar or profile.calendar, session)
                        key = (organisation.organisation_key, process_key, profile.id)
                        yield key, _Wanted(rule, calendar)


def _begun_by_calendar(release: InstalledRelease) -> Iterator[tuple[str, str]]:
    for process_key, model in release.models.items():
        text = model.calendar_start
        if text is not None:
            yield process_key, text


def _rule(profile: Profile, text: str) -> RecurringRule | None:
    """None: the profile makes no such promise."""
    name = limit_asked_for(text)
    if name is not None:
        limit = profile.limits.get(name)
        return limit.limit if limit is not None and isinstance(limit.limit, RecurringRule) else None
    try:
        return parse_recurring(text)
    except LimitError:
        return None  # Lint refuses it; an older program may have let it pass.
