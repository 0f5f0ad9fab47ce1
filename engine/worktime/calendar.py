"""Working calendars: shifts, weekly days, holidays and make-up workdays, with prefix sums for speed.

All arithmetic is done in the calendar's own local time; a change of the clocks (summer time) neither adds to nor
takes from a shift.
"""

import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HORIZON_YEARS = 12  # beyond the last known year: enough for the longest limit (60 months) and its pauses

Shift = tuple[time, time]


class CalendarMissing(ValueError):
    """A moment outside of the days that a calendar can count in: before its first table, or far beyond its last."""

    def __init__(self, calendar: str, moment: date | None, known_from: date, reaches_through: date) -> None:
        self.calendar, self.moment, self.known_from = calendar, moment, known_from
        if moment is not None and moment < known_from:
            self.en = (
                f"Expected a moment from {known_from} on, the first day that calendar {calendar} knows, but it is {moment}; "
                f"add the holiday table of {moment.year} to processes/calendars/{calendar}."
            )
            self.zh = (
                f"日历“{calendar}”从 {known_from} 起才有数据，无法计算 {moment}；"
                f"请在 processes/calendars/{calendar} 中补充 {moment.year} 年的放假安排。"
            )
        else:
            where = "one beyond it" if moment is None else str(moment)
            self.en = f"Expected a moment up to {reaches_through}, as far as calendar {calendar} counts, but it is {where}."
            self.zh = f"日历“{calendar}”最多推算到 {reaches_through}，无法计算{'更晚的时间' if moment is None else f' {moment}'}。"
        super().__init__(self.en)


@dataclass(frozen=True)
class DayKind:
    """Why a day is free or worked. `name` holds the holiday's name in zh and en, or is empty."""

    is_working: bool
    why: str  # weekday | weekend | holiday | make-up workday | closed day | extra workday
    name: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """The published notice that a year's table comes from."""

    year: int
    title: str
    number: str
    published: str


@dataclass(frozen=True)
class Calendar:
    name: str
    title: Mapping[str, str]
    zone: ZoneInfo
    weekdays: frozenset[int]  # 0 = Monday
    shifts: tuple[Shift, ...]
    holidays: Mapping[date, Mapping[str, str]]
    makeup: Mapping[date, Mapping[str, str]]
    known_from: date
    known_through: date
    version: str
    notices: tuple[Notice, ...] = ()
    own_shifts: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)  # half days of this site
    closed: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    extra: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    based_on: str | None = None  # the calendar that this site takes everything else from

    def without_makeup(self) -> "Calendar":
        """The same calendar if nobody worked on make-up days."""
        return replace(self, makeup={}, version=f"{self.version} without make-up days")

    def kind_of(self, day: date) -> DayKind:
        if day in self.closed:
            return DayKind(False, "closed day", self.closed[day])
        if day in self.extra:
            return DayKind(True, "extra workday", self.extra[day])
        if day in self.holidays:
            return DayKind(False, "holiday", self.holidays[day])
        if day in self.makeup:
            return DayKind(True, "make-up workday", self.makeup[day])
        if day.weekday() in self.weekdays:
            return DayKind(True, "weekday")
        return DayKind(False, "weekend")

    def is_working_day(self, day: date) -> bool:
        return self.kind_of(day).is_working

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        if not self.is_working_day(day):
            return ()
        return self.own_shifts.get(day, self.shifts)

    def close_of_business(self, day: date) -> datetime:
        """Local end of the last shift of a working day."""
        return datetime.combine(day, self.shifts_on(day)[-1][1])

    def start_of_business(self, day: date) -> datetime:
        return datetime.combine(day, self.shifts_on(day)[0][0])

    def is_provisional(self, day: date) -> bool:
        """Whether the holidays of that day's year are not published yet."""
        return day > self.known_through

    def local(self, moment: datetime) -> datetime:
        """Local time without zone. A moment without zone is read in the calendar's. Raises CalendarMissing."""
        # The year is looked at first: near the years 1 and 9999 the zone itself could not be applied.
        if not self.known_from.year - 1 <= moment.year <= self.reaches_through.year + 1:
            raise self._missing(moment.date())
        local = moment if moment.tzinfo is None else moment.astimezone(self.zone).replace(tzinfo=None)
        if not self.known_from <= local.date() <= self.reaches_through:
            raise self._missing(local.date())
        return local

    @cached_property
    def reaches_through(self) -> date:
        """The last day that is counted in at all; after known_through by weekly days only."""
        return self.known_through.replace(year=self.known_through.year + HORIZON_YEARS)

    def _missing(self, day: date | None) -> CalendarMissing:
        return CalendarMissing(self.name, day, self.known_from, self.reaches_through)

    def utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    @cached_property
    def _sums(self) -> tuple[list[float], list[int]]:
        """For each day from known_from: working seconds, and working days, before it."""
        seconds, days = [0.0], [0]
        lengths: dict[tuple[Shift, ...], float] = {}
        day = self.known_from
        while day <= self.reaches_through:
            shifts = self.shifts_on(day)
            if shifts not in lengths:
                lengths[shifts] = sum(_length(shift) for shift in shifts)
            seconds.append(seconds[-1] + lengths[shifts])
            days.append(days[-1] + bool(shifts))
            day += DAY
        return seconds, days

    def _index(self, day: date) -> int:
        if not self.known_from <= day <= self.reaches_through:
            raise self._missing(day)
        return (day - self.known_from).days

    def worked_before(self, local: datetime) -> float:
        """Working seconds from known_from to a local moment."""
        total = self._sums[0][self._index(local.date())]
        for start, end in self.shifts_on(local.date()):
            if local.time() >= end:
                total += _length((start, end))
            elif local.time() > start:
                total += (local - datetime.combine(local.date(), start)).total_seconds()
        return total

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time in [start, end]; nothing when end is before start."""
        if end <= start:
            return timedelta(0)
        seconds = self.worked_before(self.local(end)) - self.worked_before(self.local(start))
        return timedelta(seconds=round(seconds, 3))

    def at_worked(self, seconds: float) -> datetime:
        """The first local moment at which so many working seconds have passed since known_from.

        Where that is the end of a shift it is that end, not the start of the next.
        """
        sums = self._sums[0]
        if seconds < 1e-4:
            return datetime.combine(self.known_from, time())  # Nothing has been worked before the first day.
        index = bisect.bisect_left(sums, seconds - 1e-4) - 1
        day = self.known_from + index * DAY
        left = seconds - sums[index]
        for start, end in self.shifts_on(day):
            length = _length((start, end))
            if left <= length + 1e-4:
                return datetime.combine(day, start) + timedelta(seconds=round(left, 3))
            left -= length
        raise self._missing(None)

    def add_working_time(self, start: datetime, span: timedelta) -> datetime:
        """Moment (UTC) after `span` of working time; `start` itself when the span is nothing."""
        if not span:
            return start
        return self.utc(self.at_worked(self.worked_before(self.local(start)) + span.total_seconds()))

    def nth_working_day_after(self, day: date, number: int) -> date:
        """`day` itself does not count."""
        days = self._sums[1]
        target = days[self._index(day) + 1] + number
        index = bisect.bisect_left(days, target)
        if index >= len(days):
            raise self._missing(None)
        return self.known_from + (index - 1) * DAY

    def nth_working_day_before(self, day: date, number: int) -> date:
        days = self._sums[1]
        target = days[self._index(day)] - number
        return self.known_from + max(bisect.bisect_right(days, target) - 1, 0) * DAY

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is one. The reader of calendar files sees to it that some days are."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when last is earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        days = self._sums[1]
        return days[self._index(last) + 1] - days[self._index(first) + 1]


def _length(shift: Shift) -> float:
    start, end = shift
    return (end.hour - start.hour) * 3600 + (end.minute - start.minute) * 60 + (end.second - start.second)
