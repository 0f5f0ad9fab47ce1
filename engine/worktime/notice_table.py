"""Reads a year's notice that came as a table: date, kind, name in each line, by tab, comma or semicolon."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.worktime.notice_read import Doubt, ReadHoliday, ReadNotice, day_of, doubts_of, no_days, no_year
from engine.worktime.notice_text import read_notice_text

_DATE = re.compile(r"^(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_BETWEEN = re.compile(r"\s*(?:至|到|~|～|\.\.|—| to | - )\s*")
_SPLIT = re.compile(r"[\t,，;；|]")
_FREE = {"放假", "休", "休息", "假", "free", "off", "holiday", "closed"}
_WORK = {"上班", "班", "补班", "调休上班", "work", "workday", "makeup", "make-up", "makeup workday"}
_HEADER = {"日期", "date", "day", "from"}


@dataclass(frozen=True)
class _Row:
    line: int
    said: str
    first: date
    last: date
    is_free: bool
    name: str


def read_notice(text: str, year: int | None = None) -> ReadNotice:
    """A table when its first line that says something starts with a date or a heading, else the published text."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in _SPLIT.split(line.strip())]
        if cells != [""]:
            start = _BETWEEN.split(cells[0])[0]
            is_table = len(cells) > 1 and (cells[0].lower() in _HEADER or _DATE.match(start) is not None)
            return read_notice_table(text, year) if is_table else read_notice_text(text, year)
    return read_notice_text(text, year)


def read_notice_table(text: str, year: int | None = None) -> ReadNotice:
    """`year` of dates without one; else the year that most dates name. Never raises."""
    years = [int(one) for one in re.findall(r"(?<!\d)(\d{4})\s*[-/.年]", text)]
    year = max(set(years), key=years.count) if years else year
    if year is None:
        return ReadNotice(None, "", "", "", (), (no_year(),))
    doubts: list[Doubt] = []
    rows = list(_rows(text, year, doubts))
    holidays = _holidays(sorted((one for one in rows if one.is_free), key=lambda one: one.first))
    worked: dict[int, list[date]] = {}
    for row in rows:
        if row.is_free:
            continue
        place = _place_of(row, holidays)
        if place is None:
            doubts.append(
                Doubt(
                    row.line,
                    row.said,
                    f"No holiday of the table is called {row.name or '(no name)'}.",
                    f"表中没有名为“{row.name}”的假日。",
                )
            )
        else:
            worked.setdefault(place, []).append(row.first)
    found = [
        ReadHoliday(one.name, one.first, one.last, tuple(sorted(worked.get(place, ()))), one.line, one.said)
        for place, one in enumerate(holidays)
    ]
    if not found:
        doubts.append(no_days())
    doubts += doubts_of(year, found)
    return ReadNotice(year, "", "", "", tuple(found), tuple(doubts))


def _rows(text: str, year: int, doubts: list[Doubt]) -> Iterator[_Row]:
    is_first = True
    for line, said in enumerate(text.splitlines(), 1):
        if not said.strip():
            continue
        cells = [cell.strip() for cell in _SPLIT.split(said.strip())]
        if is_first and cells[0].lower() in _HEADER:
            is_first = False
            continue
        is_first = False
        ends = [_date(part, year) for part in _BETWEEN.split(cells[0])]
        kind = cells[1].lower() if len(cells) > 1 else ""
        name = cells[2] if len(cells) > 2 else ""
        if len(ends) > 2 or any(end is None for end in ends):
            doubts.append(
                Doubt(
                    line, said, f"{cells[0]!r} is no date such as {year}-01-01.", f"“{cells[0]}”不是日期，例如 {year}-01-01。"
                )
            )  # fmt: skip
            continue
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        if kind not in _FREE | _WORK or (kind in _WORK and first != last):
            doubts.append(
                Doubt(
                    line,
                    said,
                    f"{kind!r} is neither 放假 (a day off) nor 上班 (one day of work).",
                    f"“{kind}”既不是“放假”也不是“上班”（上班每行一天）。",
                )
            )
        elif not first <= last <= first + timedelta(days=60):
            doubts.append(
                Doubt(line, said, f"{first} to {last} is no span of days.", f"{first} 至 {last} 不是有效的起止日期。")
            )  # fmt: skip
        elif kind in _FREE and not name:
            doubts.append(
                Doubt(line, said, "The holiday has no name in the third column.", "第三列缺少假日名称。")
            )
        else:
            yield _Row(line, said, first, last, kind in _FREE, name)


def _date(text: str, year: int) -> date | None:
    match = _DATE.match(text.strip())
    return day_of(int(match[1] or year), int(match[2]), int(match[3])) if match else None


def _holidays(rows: list[_Row]) -> list[ReadHoliday]:
    """Days of one name that follow each other are one holiday."""
    found: list[ReadHoliday] = []
    for row in rows:
        before = found[-1] if found else None
        if (
            before is not None
            and before.name == row.name
            and before.last + timedelta(days=1) == row.first
        ):  # fmt: skip
            found[-1] = ReadHoliday(row.name, before.first, row.last, (), before.line, before.said)
        else:
            found.append(ReadHoliday(row.name, row.first, row.last, (), row.line, row.said))
    return found


def _place_of(row: _Row, holidays: list[ReadHoliday]) -> int | None:
    """By name; without one, or with a word such as 调休, the holiday that lies nearest."""
    named = [place for place, one in enumerate(holidays) if row.name and one.name == row.name]
    if not named and row.name not in ("", "调休", "补班", "make-up"):
        return None
    places = named or range(len(holidays))
    return min(places, key=lambda place: _distance(row.first, holidays[place]), default=None)


def _distance(day: date, holiday: ReadHoliday) -> int:
    return min(abs((day - holiday.first).days), abs((day - holiday.last).days))
