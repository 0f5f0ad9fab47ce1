"""Calendars by name: read from `processes/calendars` once, with what people changed since laid over them."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import NEWEST_CHANGE, CalendarChangeRow, table_of
from engine.worktime import Calendar, CalendarChange, calendar_names, load_calendar

_changes = table_of(CalendarChangeRow)
_KNOWN = "calendar change"  # kept with the session: one question a transaction


class Calendars:
    """A change of another process is seen by every command and page that comes after it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calendars: dict[str, Calendar] = {}
        self._changes: Mapping[str, Sequence[CalendarChange]] = {}
        self._number = 0
        self._lock = threading.Lock()

    def get(self, name: str, session: Session | None = None) -> Calendar:
        """With a session as its database says now; without one as this process knew it last."""
        if session is not None:
            self.look(session)
        found = self._calendars.get(name)
        if found is None:
            with self._lock:
                found = self._calendars[name] = load_calendar(self._folder, name, self._changes)
        return found

    def names(self, session: Session) -> list[str]:
        self.look(session)
        made = {name for name, of_name in self._changes.items() if any(one.makes_site for one in of_name)}
        return sorted(made | set(calendar_names(self._folder)))

    def with_change(
        self, session: Session, name: str, change: CalendarChange, *, of: str | None = None
    ) -> Calendar:
        """The calendar, or the site `of` that is based on it, as it would be after one more change.

        Raises CalendarFileError.
        """
        self.look(session)
        changes = {**self._changes, name: [*self._changes.get(name, ()), change]}
        return load_calendar(self._folder, of or name, changes)

    def names_under(self, session: Session, name: str) -> list[str]:
        """`name`, and the sites that are based on it: what a change of it concerns."""
        return [one for one in self.names(session) if one == name or self.get(one).based_on == name]

    def look(self, session: Session, number: int | None = None) -> None:
        """Takes in what other processes changed. `number` of the newest change spares a statement when it is known."""
        number = session.info.get(_KNOWN) if number is None else number
        if number is None:
            number = session.connection().execute(select(NEWEST_CHANGE)).scalar_one()
        session.info[_KNOWN] = number
        if number <= self._number:
            return
        changes: dict[str, list[CalendarChange]] = {}
        for row in session.connection().execute(select(_changes).order_by(_changes.c.number)):
            changes.setdefault(row.calendar, []).append(CalendarChange(row.number, row.year, row.content))
        with self._lock:
            self._changes, self._calendars, self._number = changes, {}, number
