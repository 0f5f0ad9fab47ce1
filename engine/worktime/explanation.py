"""Why a deadline is what it is: as data for pages and audits, and as one sentence for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.worktime.calendar import DAY, Calendar
from engine.worktime.limits import Unit
from engine.worktime.recurring import AnyLimit, RecurringRule, parse_any_limit

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_WHY = {
    "weekend": ("周末", "weekend"),
    "holiday": ("放假", "holiday"),
    "make-up workday": ("调休上班", "make-up workday"),
    "extra workday": ("加班日", "extra workday"),
    "closed day": ("停业", "closed day"),
    "night": ("下班时间", "outside working hours"),
    "break": ("午休", "break"),
    "start day": ("起始日不计", "the starting day does not count"),
    "roll": ("顺延", "rolled to the next working day"),
    "pause": ("暂停", "paused"),
}


@dataclass(frozen=True)
class Segment:
    """A stretch of local time. `kind`: counted | skipped | paused. `amount` in hours or days, by the limit."""

    start: datetime
    end: datetime
    kind: str
    why: str
    amount: float = 0
    name: Mapping[str, str] | None = None

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "kind": self.kind,
            "why": self.why,
            "amount": self.amount,
        }
        if self.name:
            data["name"] = dict(self.name)
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Segment":
        return cls(
            datetime.fromisoformat(data["from"]),
            datetime.fromisoformat(data["to"]),
            data["kind"],
            data["why"],
            data["amount"],
            data.get("name"),
        )


@dataclass(frozen=True)
class Explanation:
    """Moments are local to the calendar. `notices`: numbers of the published schedules that were used."""

    limit: AnyLimit
    started_at: datetime
    due_at: datetime
    calendar: str
    calendar_version: str
    notices: tuple[str, ...]
    is_provisional: bool
    segments: tuple[Segment, ...]

    def to_data(self) -> dict[str, Any]:
        return {
            "limit": str(self.limit),
            "started_at": self.started_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "calendar": self.calendar,
            "calendar_version": self.calendar_version,
            "notices": list(self.notices),
            "provisional": self.is_provisional,
            "segments": [segment.to_data() for segment in self.segments],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Explanation":
        return cls(
            parse_any_limit(data["limit"]),
            datetime.fromisoformat(data["started_at"]),
            datetime.fromisoformat(data["due_at"]),
            data["calendar"],
            data["calendar_version"],
            tuple(data["notices"]),
            data["provisional"],
            tuple(Segment.from_data(segment) for segment in data["segments"]),
        )


def day_segments(
    start: datetime, last: date, calendar: Calendar, *, counts_free_days: bool, counted_to: date | None = None
) -> list[Segment]:
    """Whole days after the starting day; neighbours of one kind are put together."""
    first_end = datetime.combine(start.date() + DAY, time())
    found = [Segment(start, first_end, "skipped", "start day")]
    day = start.date() + DAY
    while day <= last:
        kind = calendar.kind_of(day)
        begin, end = datetime.combine(day, time()), datetime.combine(day + DAY, time())
        if counted_to is not None and day > counted_to:
            found = _joined(found, Segment(begin, end, "skipped", "roll", 0, kind.name or None))
        elif counts_free_days:
            found = _joined(found, Segment(begin, end, "counted", "calendar day", 1))
        elif kind.is_working:
            found = _joined(found, Segment(begin, end, "counted", kind.why, 1, kind.name or None))
        else:
            found = _joined(found, Segment(begin, end, "skipped", kind.why, 0, kind.name or None))
        day += DAY
    return found


def rule_segments(start: datetime, day: date, due: datetime, calendar: Calendar) -> list[Segment]:
    """Up to the end of the day that a recurring rule names, then the days that it is rolled over."""
    named_end = min(datetime.combine(day + DAY, time()), due)
    found: list[Segment] = []
    position = max(start, named_end)  # The named day may lie before the start; only its roll reaches past it.
    if start < named_end:
        found.append(Segment(start, named_end, "counted", "rule", round((named_end - start) / DAY, 4)))
    while position < due:
        end = min(datetime.combine(position.date() + DAY, time()), due)
        name = calendar.kind_of(position.date()).name or None
        found = _joined(found, Segment(position, end, "skipped", "roll", 0, name))
        position = end
    return found


def working_segments(start: datetime, end: datetime, calendar: Calendar) -> list[Segment]:
    """Shifts counted in hours, and what lies between them."""
    found: list[Segment] = []
    day, position = start.date(), start
    while position < end:
        day_end = min(datetime.combine(day + DAY, time()), end)
        kind = calendar.kind_of(day)
        if not kind.is_working:
            found = _joined(found, Segment(position, day_end, "skipped", kind.why, 0, kind.name or None))
        else:
            for begin_time, end_time in calendar.shifts_on(day):
                begin, finish = datetime.combine(day, begin_time), datetime.combine(day, end_time)
                if finish <= position or begin >= end:
                    continue
                if begin > position:
                    why = (
                        "break"
                        if found and found[-1].kind == "counted" and found[-1].end.date() == day
                        else "night"
                    )
                    found = _joined(found, Segment(position, begin, "skipped", why))
                    position = begin
                stop = min(finish, end)
                hours = (stop - position) / timedelta(hours=1)
                found.append(Segment(position, stop, "counted", kind.why, round(hours, 4), kind.name or None))
                position = stop
            if position < day_end:
                found = _joined(found, Segment(position, day_end, "skipped", "night"))
        position = max(position, day_end)
        day += DAY
    return found


def _joined(found: list[Segment], segment: Segment) -> list[Segment]:
    last = found[-1] if found else None
    if (
        last is not None
        and (last.kind, last.why, last.name) == (segment.kind, segment.why, segment.name)
        and last.end == segment.start
    ):
        found[-1] = Segment(
            last.start, segment.end, last.kind, last.why, last.amount + segment.amount, last.name
        )
    else:
        found.append(segment)
    return found


def says(explanation: Explanation, locale: str = "zh") -> str:
    """One sentence: from when, what counted, what was skipped, due when."""
    is_zh = locale.startswith("zh")
    start, due = _moment(explanation.started_at, locale), _end(explanation.due_at, locale)
    limit = explanation.limit.says(locale)
    counted = _counted(explanation, locale)
    skipped = _skipped(explanation, locale)
    if is_zh:
        is_rule = isinstance(explanation.limit, RecurringRule)
        sentence = f"从 {start} 起{'，' if is_rule else ' ' if limit[0].isdigit() else ''}{limit}"
        sentence += f"：{counted}" if counted else ""
        sentence += f"；不计：{skipped}" if skipped else ""
        sentence += f"；{due} 到期。"
        if explanation.is_provisional:
            sentence += "该年放假安排尚未公布，为暂定时间。"
        return sentence
    sentence = f"{limit[0].upper()}{limit[1:]} from {start}"
    sentence += f": {counted}" if counted else ""
    sentence += f"; not counted: {skipped}" if skipped else ""
    sentence += f"; due {due}."
    if explanation.is_provisional:
        sentence += " Provisional: the holidays of that year are not published yet."
    return sentence


def _counted(explanation: Explanation, locale: str) -> str:
    if isinstance(explanation.limit, RecurringRule) or explanation.limit.is_elapsed:
        return ""
    is_zh = locale.startswith("zh")
    unit_is_day = explanation.limit.unit in (Unit.WD, Unit.CD, Unit.CM)
    parts: dict[tuple[date, date], tuple[float, Segment]] = {}
    for segment in explanation.segments:
        if segment.kind != "counted":
            continue
        first, last = segment.start.date(), (segment.end - timedelta(microseconds=1)).date()
        amount, _ = parts.get((first, last), (0.0, segment))
        parts[first, last] = (amount + segment.amount, segment)
    if len(parts) > 6:
        total = sum(amount for amount, _ in parts.values())
        return _amount(total, unit_is_day, is_zh)
    texts = []
    for (first, last), (amount, segment) in parts.items():
        days = _day(first, locale) if first == last else f"{_day(first, locale)}–{_day(last, locale)}"
        note = ""
        if segment.why in ("make-up workday", "extra workday"):
            note = f"（{_WHY[segment.why][0]}）" if is_zh else f" ({_WHY[segment.why][1]})"
        texts.append(f"{days}{note} {_amount(amount, unit_is_day, is_zh)}")
    return ("，" if is_zh else ", ").join(texts)


def _skipped(explanation: Explanation, locale: str) -> str:
    is_zh = locale.startswith("zh")
    texts = []
    for segment in explanation.segments:
        if segment.kind == "counted" or segment.why in ("night", "break"):
            continue
        first, last = segment.start.date(), (segment.end - timedelta(microseconds=1)).date()
        days = _day(first, locale) if first == last else f"{_day(first, locale)}–{_day(last, locale)}"
        why = _WHY.get(segment.why, (segment.why, segment.why))[0 if is_zh else 1]
        if segment.name:
            name = segment.name.get("zh" if is_zh else "en", "")
            why = f"{name}{why}" if is_zh else f"{name}, {why}" if segment.why == "roll" else name
        texts.append(f"{days}（{why}）" if is_zh else f"{days} ({why})")
    if len(texts) > 6:
        shown = ("、" if is_zh else ", ").join(texts[:5])
        return f"{shown}等共 {len(texts)} 段" if is_zh else f"{shown} and {len(texts) - 5} more"
    return ("、" if is_zh else ", ").join(texts)


def _amount(amount: float, is_day: bool, is_zh: bool) -> str:
    shown = f"{amount:.2f}".rstrip("0").rstrip(".")
    if is_zh:
        return f"{shown} {'天' if is_day else '小时'}"
    unit = "day" if is_day else "hour"
    return f"{shown} {unit}{'' if amount == 1 else 's'}"


def _day(day: date, locale: str) -> str:
    if locale.startswith("zh"):
        return f"{day.month}月{day.day}日"
    return f"{day.day} {('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')[day.month - 1]}"


def _end(local: datetime, locale: str) -> str:
    """A moment that ends something: midnight is 24:00 of the day before."""
    if local.time() != time():
        return _moment(local, locale)
    return _moment(local - DAY, locale, "24:00")


def _moment(local: datetime, locale: str, clock: str | None = None) -> str:
    clock = clock or f"{local:%H:%M}"
    weekday = _WEEKDAYS["zh" if locale.startswith("zh") else "en"][local.weekday()]
    day = _day(local.date(), locale)
    if locale.startswith("zh"):
        return f"{local.year}年{day}（周{weekday}）{clock}"
    return f"{weekday} {day} {local.year} {clock}"
