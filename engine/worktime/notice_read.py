"""What was read of a year's notice, whichever way it came, and what is strange about it."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.worktime.calendar_change import year_content


@dataclass(frozen=True)
class ReadHoliday:
    name: str
    first: date
    last: date
    makeup: tuple[date, ...]
    line: int
    said: str

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=count) for count in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Doubt:
    """`line` counts from 1; 0 when it is about the whole. A harmless one does not stand in the way."""

    line: int
    said: str
    en: str
    zh: str
    is_harmless: bool = False


@dataclass(frozen=True)
class ReadNotice:
    """`published` is ISO or empty; `year` None when neither the text nor the reader's caller named it."""

    year: int | None
    title: str
    number: str
    published: str
    holidays: tuple[ReadHoliday, ...]
    doubts: tuple[Doubt, ...]

    @property
    def is_sound(self) -> bool:
        return self.year is not None and bool(self.holidays) and all(one.is_harmless for one in self.doubts)

    def content(self, english: Mapping[str, str]) -> dict[str, Any]:
        """For a CalendarChange. `english`: names of holidays as earlier years give them; else the Chinese one stands."""
        return year_content(
            {"title": self.title, "number": self.number, "published": self.published},
            [
                ({"zh": one.name, "en": english.get(one.name, one.name)}, one.first, one.last, one.makeup)
                for one in self.holidays
            ],
        )


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def no_year() -> Doubt:
    return Doubt(
        0, "", "The text does not say which year it is for: choose the year.", "文中没有写明是哪一年：请选择年份。"
    )  # fmt: skip


def no_days() -> Doubt:
    return Doubt(
        0,
        "",
        "No holiday was read. Expected lines such as 元旦：1月1日（周四）至3日（周六）放假调休，共3天。",
        "没有读到任何假日。每行应类似：元旦：1月1日（周四）至3日（周六）放假调休，共3天。",
    )


def doubts_of(year: int, holidays: Sequence[ReadHoliday]) -> list[Doubt]:
    """Days that cannot be: of another year, twice, both free and worked."""
    found: list[Doubt] = []
    earliest, latest = date(year - 1, 12, 1), date(year + 1, 1, 31)
    free: dict[date, str] = {}
    for holiday in holidays:
        for day in (*holiday.days, *holiday.makeup):
            if not earliest <= day <= latest:
                found.append(
                    Doubt(
                        holiday.line, holiday.said, f"{day} does not belong to {year}.", f"{day} 不属于 {year} 年。"
                    )
                )  # fmt: skip
                break
        for day in holiday.days:
            if day in free:
                found.append(
                    Doubt(
                        holiday.line,
                        holiday.said,
                        f"{day} is in {free[day]} and in {holiday.name}.",
                        f"{day} 同时属于{free[day]}和{holiday.name}。",
                    )
                )
                break
            free[day] = holiday.name
    worked = list(itertools.chain.from_iterable(one.makeup for one in holidays))
    for holiday in holidays:
        for day in holiday.makeup:
            if day in free or worked.count(day) > 1:
                found.append(
                    Doubt(
                        holiday.line,
                        holiday.said,
                        f"{day} is to be worked, but it is named twice or is a day off.",
                        f"{day} 要上班，但它重复出现或又是放假日。",
                    )
                )
    return found


def weekday_doubts(read: ReadNotice, weekdays: frozenset[int], usual: Sequence[str]) -> list[Doubt]:
    """What is strange beside the calendar: a make-up day that is worked anyway, a holiday of last year that is missing."""
    found = [
        Doubt(
            holiday.line,
            holiday.said,
            f"{day} is an ordinary workday: it needs no make-up.",
            f"{day} 本来就是工作日，不需要调休上班。",
            is_harmless=True,
        )
        for holiday in read.holidays
        for day in holiday.makeup
        if day.weekday() in weekdays
    ]
    named = "、".join(one.name for one in read.holidays)
    missing = [one for one in usual if one not in named]
    if missing:
        found.append(
            Doubt(
                0,
                "",
                f"Last year had {', '.join(missing)} too: nothing was read of it.",
                f"上一年还有{'、'.join(missing)}，这次没有读到。",
                is_harmless=True,
            )
        )
    return found
