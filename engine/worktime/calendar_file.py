"""Reads a calendar from its folder: `calendar.toml` and one file a year with the notice it comes from."""

import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from engine.worktime.calendar import Calendar, Notice, Shift

_KNOWN = {"title", "zone", "weekdays", "shifts", "own_shifts", "closed", "extra"}
_KNOWN_YEAR = {"notice", "holiday"}
_KNOWN_HOLIDAY = {"name", "from", "to", "makeup"}
Days = dict[date, Mapping[str, str]]


class CalendarFileError(ValueError):
    """A calendar file that cannot be used: names the file, the reason and the remedy."""

    def __init__(self, file_name: str, en: str, zh: str) -> None:
        super().__init__(f"{file_name}: {en}")
        self.en = f"{file_name}: {en}"
        self.zh = f"{file_name}：{zh}"


def load_calendar(folder: Path, name: str) -> Calendar:
    """The calendar `name` from `folder`/`name`. Raises CalendarFileError."""
    place = folder / name
    # The name comes from settings of an organisation: it may not lead out of the folder.
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name) or not (place / "calendar.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in folder.glob("*/calendar.toml"))) or "none"
        raise CalendarFileError(
            str(place / "calendar.toml"),
            f"Expected a calendar {name!r}, but there is none (known: {known}).",
            f"没有名为“{name}”的日历（已有：{known}）。",
        )
    base_path, years = place / "calendar.toml", _years(place)
    base = _read(base_path, _KNOWN)
    holidays: Days = {}
    makeup: Days = {}
    notices = []
    digest = hashlib.sha256(base_path.read_bytes())
    for path in years:
        digest.update(path.read_bytes())
        year = _read(path, _KNOWN_YEAR)
        notices.append(_notice(path, year))
        for number, holiday in enumerate(year.get("holiday", []), 1):
            _read_holiday(path, number, holiday, holidays, makeup)
    for day in sorted(makeup.keys() & holidays.keys()):
        raise CalendarFileError(
            str(place),
            f"Expected {day} either free or worked, but it is a holiday and a make-up workday.",
            f"{day} 既是假日又是调休上班日。",
        )
    first, last = int(years[0].stem), int(years[-1].stem)
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
        version=f"{name}-{last}-{digest.hexdigest()[:8]}",
        notices=tuple(notices),
        own_shifts={
            day: _shifts(base_path, f"own_shifts.{day}", shifts)
            for day, shifts in _by_day(base_path, "own_shifts", base)
        },
        closed=dict(_by_day(base_path, "closed", base)),
        extra=dict(_by_day(base_path, "extra", base)),
    )


def _years(place: Path) -> list[Path]:
    """The files of the years, without a gap."""
    years = sorted(place.glob("[0-9][0-9][0-9][0-9].toml"))
    if not years:
        raise CalendarFileError(
            str(place),
            "Expected at least one year, such as 2026.toml.",
            "至少需要一个年份文件，例如 2026.toml。",
        )
    numbers = [int(path.stem) for path in years]
    missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if missing:
        raise CalendarFileError(
            str(place),
            f"Expected all years without a gap, but {missing} are missing.",
            f"缺少年份 {missing}。",
        )
    return years


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
    place = f"holiday {number}"
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
        if not _is_date(day) or day.year != int(path.stem):
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
