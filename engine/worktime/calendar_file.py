"""Reads a calendar from its folder: `calendar.toml` and one file a year with the notice it comes from.

What was changed at run time (calendar_change.py) is laid over the files and checked by the same rules.
"""

import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from engine.worktime.calendar import Calendar, Notice, Shift
from engine.worktime.calendar_change import CalendarChange, RawCalendar, laid_over

_KNOWN = {"title", "based_on", "zone", "weekdays", "shifts", "own_shifts", "closed", "extra"}
_NO_CHANGES: Mapping[str, Sequence[CalendarChange]] = {}
_KNOWN_YEAR = {"notice", "holiday"}
_KNOWN_HOLIDAY = {"name", "from", "to", "makeup"}
Days = dict[date, Mapping[str, str]]


class CalendarFileError(ValueError):
    """A calendar file that cannot be used: names the file, the reason and the remedy."""

    def __init__(self, file_name: str, en: str, zh: str) -> None:
        super().__init__(f"{file_name}: {en}")
        self.en = f"{file_name}: {en}"
        self.zh = f"{file_name}：{zh}"


def load_calendar(
    folder: Path, name: str, changes: Mapping[str, Sequence[CalendarChange]] = _NO_CHANGES
) -> Calendar:
    """The calendar `name` from `folder`/`name`, with what was changed since, by calendar. Raises CalendarFileError."""
    raw = _raw(folder, name, changes)
    base, base_path = raw.base, raw.place / "calendar.toml"
    holidays: Days = {}
    makeup: Days = {}
    notices = []
    for number in _without_gap(raw):
        path, year = raw.place / f"{number}.toml", raw.years[number]
        notices.append(_notice(path, year))
        for count, holiday in enumerate(year.get("holiday", []), 1):
            _read_holiday(path, count, holiday, holidays, makeup)
    for day in sorted(makeup.keys() & holidays.keys()):
        raise CalendarFileError(
            str(raw.place),
            f"Expected {day} either free or worked, but it is a holiday and a make-up workday.",
            f"{day} 既是假日又是调休上班日。",
        )
    first, last = notices[0].year, notices[-1].year
    return Calendar(
        name=name,
        title=base.get("title", {"zh": name, "en": name}),
        zone=_zone(base_path, base),
        weekdays=_weekdays(base_path, base.get("weekdays", [0, 1, 2, 3, 4])),
        shifts=_shifts(base_path, "shifts", base.get("shifts")),
        holidays=holidays,
        makeup=makeup,
        known_from=date(first, 1, 1),
        known_through=date(last, 12, 31),
        version=f"{name}-{last}-{hashlib.sha256(raw.digested).hexdigest()[:8]}",
        notices=tuple(notices),
        own_shifts={
            day: _shifts(base_path, f"own_shifts.{day}", shifts)
            for day, shifts in _by_day(base_path, "own_shifts", base)
        },
        closed=dict(_by_day(base_path, "closed", base)),
        extra=dict(_by_day(base_path, "extra", base)),
        based_on=base.get("based_on"),
    )


def calendar_names(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("*/calendar.toml"))


def _raw(folder: Path, name: str, changes: Mapping[str, Sequence[CalendarChange]]) -> RawCalendar:
    """What files and changes say; a site's calendar over the one that it is based on."""
    place = folder / name
    own = changes.get(name, ())
    is_file = re.fullmatch(r"[A-Za-z0-9_-]+", name) is not None and (place / "calendar.toml").is_file()
    # The name comes from settings of an organisation: it may not lead out of the folder.
    if not is_file and not any(one.makes_site for one in own):
        known = ", ".join(calendar_names(folder)) or "none"
        raise CalendarFileError(
            str(place / "calendar.toml"),
            f"Expected a calendar {name!r}, but there is none (known: {known}).",
            f"没有名为“{name}”的日历（已有：{known}）。",
        )
    base: dict[str, Any] = {}
    years: dict[int, dict[str, Any]] = {}
    digested = b""
    if is_file:
        base_path = place / "calendar.toml"
        base = _read(base_path, _KNOWN)
        digested = base_path.read_bytes()
        for path in sorted(place.glob("[0-9][0-9][0-9][0-9].toml")):
            digested += path.read_bytes()
            years[int(path.stem)] = _read(path, _KNOWN_YEAR)
    raw = laid_over(RawCalendar(place, base, years, digested), own)
    parent = raw.base.get("based_on")
    if parent is None:
        return raw
    under = None if parent == name else _raw(folder, str(parent), changes)
    if under is None or "based_on" in under.base:
        raise _refused(
            place / "calendar.toml",
            "based_on",
            "a calendar that is based on no other",
            "一个不再沿用其他日历的日历",
        )
    return raw.over(under)


def _without_gap(raw: RawCalendar) -> list[int]:
    numbers = sorted(raw.years)
    if not numbers:
        raise CalendarFileError(
            str(raw.place),
            "Expected at least one year, such as 2026.toml.",
            "至少需要一个年份文件，例如 2026.toml。",
        )
    missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if missing:
        raise CalendarFileError(
            str(raw.place),
            f"Expected all years without a gap, but {missing} are missing.",
            f"缺少年份 {missing}。",
        )
    return numbers


def _read(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CalendarFileError(
            str(path), f"Expected TOML, but {problem}.", f"不是有效的 TOML：{problem}。"
        ) from problem
    for key in data:
        if key not in known:
            raise _refused(
                path, key, f"one of {', '.join(sorted(known))}", f"{'、'.join(sorted(known))} 之一"
            )
    return data


def _read_holiday(path: Path, number: int, holiday: Any, holidays: Days, makeup: Days) -> None:
    place, year = f"holiday {number}", int(path.stem)
    if not isinstance(holiday, dict) or not holiday.keys() <= _KNOWN_HOLIDAY:
        raise _refused(path, place, "name, from, to and makeup", "name、from、to、makeup")
    name, first, last = (holiday.get(key) for key in ("name", "from", "to"))
    if not (isinstance(name, dict) and name.get("zh") and name.get("en")):
        raise _refused(path, f"{place}, name", "a name in zh and en", "中英文名称")
    if not (_is_date(first) and _is_date(last) and first <= last <= first + timedelta(days=60)):
        raise _refused(path, f"{place}, from and to", "two dates, the earlier first", "两个日期，先早后晚")
    for count in range((last - first).days + 1):
        holidays[first + timedelta(days=count)] = name
    for day in holiday.get("makeup", []):
        # New Year's make-up workday may lie in the December before.
        if not _is_date(day) or (day + timedelta(days=31)).year not in (year, year + 1) or day.year > year:
            raise _refused(
                path,
                f"{place}, makeup",
                f"days of {path.stem}, but {day} is none",
                f"{path.stem} 年的日期，但 {day} 不是",
            )
        makeup[day] = name


def _notice(path: Path, year: Mapping[str, Any]) -> Notice:
    notice = year.get("notice", {})
    return Notice(
        int(path.stem), notice.get("title", ""), notice.get("number", ""), str(notice.get("published", ""))
    )


def _zone(path: Path, base: Mapping[str, Any]) -> ZoneInfo:
    try:
        return ZoneInfo(base["zone"])
    except (KeyError, TypeError, ValueError, OSError) as problem:
        raise _refused(path, "zone", "a zone such as Asia/Shanghai", "时区，例如 Asia/Shanghai") from problem


def _weekdays(path: Path, numbers: Any) -> frozenset[int]:
    """At least one, or no working day would ever come."""
    if isinstance(numbers, list) and numbers and all(one in range(7) for one in numbers):
        return frozenset(numbers)
    raise _refused(
        path, "weekdays", "numbers from 0 (Monday) to 6, at least one", "0（周一）到 6 的数字，至少一个"
    )


def _shifts(path: Path, place: str, pairs: Any) -> tuple[Shift, ...]:
    """In order and apart from each other. Work over midnight is not counted: a shift ends on its day."""
    try:
        shifts = tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)
    except (TypeError, ValueError):
        shifts = ()
    moments = list(itertools.chain(*shifts))
    is_whole = all(one.tzinfo is None and one.microsecond == 0 for one in moments)
    if (
        shifts
        and is_whole
        and all(a <= b for a, b in itertools.pairwise(moments))
        and all(a < b for a, b in shifts)
    ):
        return shifts
    raise _refused(
        path, place, 'shifts in order, such as [["09:00", "12:00"], ["13:00", "18:00"]]',
        '按先后排列的班次，例如 [["09:00", "12:00"], ["13:00", "18:00"]]',
    )  # fmt: skip


def _by_day(path: Path, key: str, base: Mapping[str, Any]) -> Iterator[tuple[date, Any]]:
    for text, value in base.get(key, {}).items():
        try:
            yield date.fromisoformat(text), value
        except ValueError as problem:
            raise _refused(
                path, f"{key}.{text}", "a date such as 2026-02-13", "日期，例如 2026-02-13"
            ) from problem


def _is_date(value: Any) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)


def _refused(path: Path, place: str, en: str, zh: str) -> CalendarFileError:
    return CalendarFileError(str(path), f"{place}: Expected {en}.", f"{place}：应为{zh}。")
