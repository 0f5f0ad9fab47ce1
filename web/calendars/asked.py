"""What a person asks a calendar to become, read from the form: a year's notice, a day, or a new site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.model import InvalidInput
from engine.worktime import Calendar, Doubt, ReadNotice, read_notice, weekday_doubts

LONGEST_NOTICE = 20_000  # letters; the longest one published so far has about 2,000
_SITE_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
KINDS = ("closed", "extra", "half", "usual")


@dataclass(frozen=True)
class AskedNotice:
    """`doubts`: of the text itself and beside the calendar."""

    text: str
    read: ReadNotice
    doubts: tuple[Doubt, ...]
    english: Mapping[str, str]

    @property
    def content(self) -> dict[str, Any]:
        return self.read.content(self.english)

    @property
    def reason(self) -> str:
        """What the record will say, unless the person says more."""
        return self.read.number or self.read.title


def asked_notice(form: Mapping[str, str], calendar: Calendar) -> AskedNotice:
    """Never refuses: what is wrong with the text are its doubts. Raises InvalidInput for a text that is far too long."""
    text = form.get("text", "")
    if len(text) > LONGEST_NOTICE:
        raise InvalidInput(
            f"Expected a notice of at most {LONGEST_NOTICE} letters, but it has {len(text)}.",
            f"通知正文最多 {LONGEST_NOTICE} 字，现有 {len(text)} 字。",
        )
    chosen = form.get("year", "")
    read = read_notice(text, int(chosen) if re.fullmatch(r"[12]\d{3}", chosen) else None)
    before = calendar.known_through if read.year is None else date(read.year - 1, 12, 31)
    usual = [zh for zh, _en in _names(calendar, before.year)]
    known = dict(pair for names in calendar.holidays.values() for pair in _pairs(names))
    english = {
        one.name: " and ".join(known.get(part, part) for part in one.name.split("、"))
        for one in read.holidays
    }
    doubts = (*read.doubts, *weekday_doubts(read, calendar.weekdays, usual)) if read.holidays else read.doubts
    return AskedNotice(text, read, tuple(doubts), english)


def asked_day(form: Mapping[str, str], calendar: Calendar) -> tuple[date, dict[str, Any]]:
    """(day, content of the change). Raises InvalidInput with what to mend."""
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError as wrong:
        raise InvalidInput("Expected a date.", "请选择日期。") from wrong
    kind, name = form.get("kind", ""), form.get("name", "").strip()[:60]
    if not calendar.known_from <= day <= calendar.reaches_through:
        raise InvalidInput(
            f"Expected a day from {calendar.known_from} to {calendar.reaches_through}.",
            f"日期应在 {calendar.known_from} 至 {calendar.reaches_through} 之间。",
        )
    if kind not in KINDS:
        raise InvalidInput("Expected to be told what the day is.", "请选择这一天的性质。")
    if kind in ("closed", "extra") and not name:
        raise InvalidInput(
            "Expected a name for the day, such as Stocktaking.", "请填写这一天的名称，例如“盘点”。"
        )
    said: dict[str, Any] = {
        "kind": kind,
        "name": {"zh": name, "en": form.get("name_en", "").strip()[:60] or name},
    }
    if kind == "half":
        said["shifts"] = _shifts(form.get("hours", ""))
        if not calendar.is_working_day(day):
            raise InvalidInput(
                f"{day} is a free day: only a workday can have other hours.",
                f"{day} 不是工作日：只有工作日才能另设时段。",
            )
    return day, {"days": {day.isoformat(): said}}


def asked_site(form: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """(name of the new calendar, content). Raises InvalidInput."""
    key, title = form.get("key", "").strip(), form.get("title", "").strip()[:60]
    if not _SITE_KEY.fullmatch(key):
        raise InvalidInput(
            "Expected a short name of small letters and digits, such as shanghai_east.",
            "请填写由小写字母和数字组成的简称，例如 shanghai_east。",
        )
    if not title:
        raise InvalidInput("Expected the site's name.", "请填写网点名称。")
    named = {"zh": title, "en": form.get("title_en", "").strip()[:60] or title}
    return key, {"site": {"based_on": form.get("based_on", ""), "title": named}}


def _shifts(text: str) -> list[list[str]]:
    """`09:00-12:00, 13:00-15:00`. What is no shift is refused by the reader of calendars, in its words."""
    found = re.findall(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})", text)
    if not found:
        raise InvalidInput(
            "Expected hours such as 09:00-12:00, several with a comma between.",
            "请填写时段，例如 09:00-12:00，多个时段用逗号分开。",
        )
    return [[f"{int(a):02d}:{b}", f"{int(c):02d}:{d}"] for a, b, c, d in found]


def _names(calendar: Calendar, year: int) -> list[tuple[str, str]]:
    days = sorted(day for day in calendar.holidays if day.year == year)
    return list(dict.fromkeys(pair for day in days for pair in _pairs(calendar.holidays[day])))


def _pairs(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(zh, en). A holiday of two names is two: 国庆节、中秋节 beside National Day and Mid-Autumn Festival."""
    zh, en = names.get("zh", "").split("、"), names.get("en", "").split(" and ")
    return list(zip(zh, en, strict=True)) if len(zh) == len(en) else [("、".join(zh), " and ".join(en))]
