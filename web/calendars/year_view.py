"""A calendar's year as months of weeks, each day with the sign and the words that it is known by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from engine.worktime import Calendar
from web.languages import current_locale
from web.languages import gettext as _

_OF_WHY = {
    "holiday": "off",
    "closed day": "closed",
    "make-up workday": "work",
    "extra workday": "work",
    "weekend": "weekend",
    "weekday": "plain",
}


@dataclass(frozen=True)
class Day:
    """`mark` is a word of one or two letters; an ordinary day has none. `says` is its name in whole words."""

    day: date
    kind: str  # plain | weekend | off | closed | work | half
    mark: str
    says: str


@dataclass(frozen=True)
class Month:
    number: int
    name: str
    weeks: tuple[tuple[Day | None, ...], ...]
    workdays: int


@dataclass(frozen=True)
class Stretch:
    """Days in a row of one name: a holiday, as a line of text."""

    name: str
    kind: str
    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


def year_of(calendar: Calendar, year: int) -> list[Month]:
    return [_month(calendar, year, number) for number in range(1, 13)]


def named_days(calendar: Calendar, year: int) -> list[Stretch]:
    """All days that are not what their weekday says, in order."""
    found: list[Stretch] = []
    days = [date(year, 1, 1) + timedelta(days=count) for count in range(366)]
    told = [(one, _day(calendar, one)) for one in days if one.year == year]
    for (kind, says), group in groupby(told, lambda pair: (pair[1].kind, pair[1].says)):
        of_kind = [day for day, _day_of in group]
        if kind in ("off", "closed", "work", "half"):
            found.append(Stretch(says, kind, of_kind[0], of_kind[-1]))
    return found


def kind_word(kind: str) -> str:
    return {
        "off": _("holiday"),
        "closed": _("closed here"),
        "work": _("worked though it would be free"),
        "half": _("other hours"),
        "weekend": _("free day of the week"),
        "plain": _("workday"),
    }[kind]


def kind_mark(kind: str) -> str:
    """The sign in the day's box; colour only repeats it."""
    return {"off": _("off"), "closed": _("shut"), "work": _("work"), "half": _("half")}.get(kind, "")


def day_word(day: date) -> str:
    """`2月14日（周六）` or `Sat 14 Feb`."""
    zh = "一二三四五六日"[day.weekday()]
    if current_locale() == "zh":
        return f"{day.month}月{day.day}日（周{zh}）"
    return f"{day:%a} {day.day} {day:%b}"


def shifts_word(calendar: Calendar, day: date) -> str:
    return "、".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in calendar.shifts_on(day))


def _month(calendar: Calendar, year: int, number: int) -> Month:
    day = date(year, number, 1)
    boxes: list[Day | None] = [None] * day.weekday()
    while day.month == number:
        boxes.append(_day(calendar, day))
        day += timedelta(days=1)
    boxes += [None] * (-len(boxes) % 7)
    workdays = sum(one is not None and calendar.is_working_day(one.day) for one in boxes)
    name = f"{number}月" if current_locale() == "zh" else f"{date(year, number, 1):%B}"
    weeks = tuple(tuple(boxes[at : at + 7]) for at in range(0, len(boxes), 7))
    return Month(number, name, weeks, workdays)


def _day(calendar: Calendar, day: date) -> Day:
    why = calendar.kind_of(day)
    kind, name = _OF_WHY[why.why], _name(why.name)
    if why.is_working and calendar.shifts_on(day) != calendar.shifts:
        kind, name = "half", shifts_word(calendar, day)
    return Day(day, kind, kind_mark(kind), name)


def _name(names: Mapping[str, str]) -> str:
    return names.get(current_locale()) or names.get("zh") or ""
