"""Reads a calendar from its folder: `calendar.toml` and one file a year with the notice it comes from."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.worktime.calendar import Calendar, Notice, Shift


class CalendarFileError(ValueError):
    """A calendar file that cannot be used: names the file, the reason and the remedy."""

    def __init__(self, file_name: str, en: str, zh: str) -> None:
        super().__init__(f"{file_name}: {en}")
        self.en = f"{file_name}: {en}"
        self.zh = f"{file_name}：{zh}"


def load_calendar(folder: Path, name: str) -> Calendar:
    """The calendar `name` from `folder`/`name`. Raises CalendarFileError."""
    place = folder / name
    if not (place / "calendar.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in folder.glob("*/calendar.toml"))) or "none"
        raise CalendarFileError(
            str(place / "calendar.toml"),
            f"Expected a calendar {name!r}, but there is none (known: {known}).",
            f"没有名为“{name}”的日历（已有：{known}）。",
        )
    base = _read(place / "calendar.toml")
    years = sorted(place.glob("[0-9][0-9][0-9][0-9].toml"))
    if not years:
        raise CalendarFileError(
            str(place),
            "Expected at least one year, such as 2026.toml.",
            "至少需要一个年份文件，例如 2026.toml。",
        )
    numbers = [int(path.stem) for path in years]
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
        raise CalendarFileError(
            str(place),
            f"Expected all years without a gap, but {missing} are missing.",
            f"缺少年份 {missing}。",
        )
    digest = hashlib.sha256((place / "calendar.toml").read_bytes())
    holidays: dict[date, Mapping[str, str]] = {}
    makeup: dict[date, Mapping[str, str]] = {}
    notices = []
    for path in years:
        digest.update(path.read_bytes())
        year = _read(path)
        notices.append(_notice(path, year))
        for holiday in year.get("holiday", []):
            label = holiday["name"]
            for day in _days(holiday["from"], holiday["to"]):
                holidays[day] = label
            for day in holiday.get("makeup", []):
                _in_year(path, day)
                makeup[day] = label
    try:
        zone = ZoneInfo(base["zone"])
    except (KeyError, ZoneInfoNotFoundError) as problem:
        raise CalendarFileError(
            str(place / "calendar.toml"),
            "Expected a zone such as Asia/Shanghai.",
            "缺少时区 zone，例如 Asia/Shanghai。",
        ) from problem
    return Calendar(
        name=name,
        title=base.get("title", {"zh": name, "en": name}),
        zone=zone,
        weekdays=frozenset(base.get("weekdays", (0, 1, 2, 3, 4))),
        shifts=_shifts(base["shifts"]),
        holidays=holidays,
        makeup=makeup,
        known_from=date(numbers[0], 1, 1),
        known_through=date(numbers[-1], 12, 31),
        version=f"{name}-{numbers[-1]}-{digest.hexdigest()[:8]}",
        notices=tuple(notices),
        own_shifts={
            date.fromisoformat(day): _shifts(shifts) for day, shifts in base.get("own_shifts", {}).items()
        },
        closed={date.fromisoformat(day): label for day, label in base.get("closed", {}).items()},
        extra={date.fromisoformat(day): label for day, label in base.get("extra", {}).items()},
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise CalendarFileError(
            str(path), f"Expected TOML, but {problem}.", f"不是有效的 TOML：{problem}。"
        ) from problem


def _notice(path: Path, year: Mapping[str, Any]) -> Notice:
    notice = year.get("notice", {})
    return Notice(
        int(path.stem), notice.get("title", ""), notice.get("number", ""), str(notice.get("published", ""))
    )


def _shifts(pairs: list[list[str]]) -> tuple[Shift, ...]:
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _in_year(path: Path, day: date) -> None:
    if day.year != int(path.stem):
        raise CalendarFileError(
            str(path),
            f"Expected days of {path.stem}, but {day} is none.",
            f"日期 {day} 不属于 {path.stem} 年。",
        )
