"""A year as twelve rows of days: what each start date says about one promise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.rehearsal.year import DayVerdict, PromiseYear
from engine.worktime import Calendar


@dataclass(frozen=True)
class DayCell:
    """`state`: kept | broken; `is_free`: nobody works on that day."""

    day: date
    state: str
    broken: tuple[int, ...]
    is_free: bool
    is_provisional: bool


@dataclass(frozen=True)
class Month:
    first: date
    cells: tuple[DayCell, ...]

    @property
    def broken(self) -> tuple[DayCell, ...]:
        return tuple(one for one in self.cells if one.state == "broken")


def months_of(found: PromiseYear, calendar: Calendar) -> list[Month]:
    return list(_months(found, calendar))


def _months(found: PromiseYear, calendar: Calendar) -> Iterator[Month]:
    for number in range(1, 13):
        cells = tuple(_cell(one, calendar) for one in found.days if one.day.month == number)
        yield Month(cells[0].day, cells)


def _cell(one: DayVerdict, calendar: Calendar) -> DayCell:
    state = "broken" if one.broken else "kept"
    return DayCell(one.day, state, one.broken, not calendar.is_working_day(one.day), one.is_provisional)
