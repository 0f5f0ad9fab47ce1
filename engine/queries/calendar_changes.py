"""What was changed of a calendar, by whom, and which organisations count by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.model import CalendarChangeRow, Organisation
from engine.people import Actor, is_allowed
from engine.queries.source import Source
from engine.queries.working_copies import names_of_people
from engine.worktime import Calendar


@dataclass(frozen=True)
class ChangeMade:
    """`followed_at` is None while open deadlines are still being counted by it."""

    number: int
    year: int | None
    reason: str
    made_at: datetime
    made_by: str
    followed_at: datetime | None


@dataclass(frozen=True)
class CalendarPage:
    """`names`: all calendars. `organisations`: key → names by language; those that the reader may know of."""

    calendar: Calendar
    names: Mapping[str, Mapping[str, str]]
    changes: tuple[ChangeMade, ...]
    organisations: Mapping[str, Mapping[str, str]]


def find_calendar_page(source: Source, actor: Actor, name: str, locale: str) -> CalendarPage | None:
    """None when there is no such calendar."""
    with source.store.reading() as session:
        names = source.calendars.names(session)
        if name not in names:
            return None
        rows = session.execute(
            select(CalendarChangeRow)
            .where(CalendarChangeRow.calendar == name)
            .order_by(CalendarChangeRow.number.desc())
        ).scalars()
        changes = [
            ChangeMade(row.number, row.year, row.reason, row.made_at, row.made_by, row.followed_at)
            for row in rows
        ]
        organisations = session.execute(
            select(Organisation.organisation_key, Organisation.name)
            .where(Organisation.calendar == name)
            .order_by(Organisation.organisation_key)
        ).all()
        titles = {one: source.calendars.get(one).title for one in names}
    people = names_of_people(source, {one.made_by for one in changes}, locale)
    return CalendarPage(
        source.calendars.get(name),
        titles,
        tuple(
            ChangeMade(
                one.number,
                one.year,
                one.reason,
                one.made_at,
                people.get(one.made_by, one.made_by),
                one.followed_at,
            )
            for one in changes
        ),
        {
            row.organisation_key: row.name
            for row in organisations
            if row.organisation_key == actor.organisation_key or is_allowed(actor, "people.change")
        },
    )
