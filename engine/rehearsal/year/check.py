"""`check_year`: on which start dates of a year a promise cannot be kept, on which way, and by which step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from engine.rehearsal.year.promises import Promise, Untold, promises_of
from engine.rehearsal.year.routes import Route
from engine.rehearsal.year.subject import Subject
from engine.rehearsal.year.walk import DueMoments, Leg, Walked, walk
from engine.worktime import Calendar, CalendarMissing

_DAY = timedelta(days=1)
_ORDER = {"some": 0, "never": 1, "kept": 2}  # what a date decides comes first


@dataclass(frozen=True)
class DayVerdict:
    """One start date. `broken`: numbers of the ways that cannot keep the promise on this date, though on others they do."""

    day: date
    broken: tuple[int, ...]
    is_provisional: bool


@dataclass(frozen=True)
class RouteYear:
    """One way over the year. `verdict`: kept | some (dates break it) | never (its steps are longer than the promise).

    `worst` is the start that passes the promise by most; `blame` the leg to blame there, None when it is kept.
    """

    number: int
    route: Route
    verdict: str
    broken_days: int
    worst: Walked
    blame: Leg | None


@dataclass(frozen=True)
class PromiseYear:
    promise: Promise
    days: tuple[DayVerdict, ...]
    routes: tuple[RouteYear, ...]  # those that break most first

    @property
    def broken_days(self) -> int:
        """Dates that break a way which other dates do not."""
        return sum(bool(day.broken) for day in self.days)

    @property
    def never(self) -> tuple[RouteYear, ...]:
        return tuple(one for one in self.routes if one.verdict == "never")


@dataclass(frozen=True)
class YearCheck:
    family: str
    profile_id: str
    year: int
    calendar: Calendar
    promises: tuple[PromiseYear, ...]
    untold: tuple[Untold, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether the year's own notice is not known yet."""
        return self.calendar.is_provisional(date(self.year, 12, 31))


def check_year(subject: Subject, calendar: Calendar, year: int) -> YearCheck:
    """Each date at the opening and at the close of business, also free days. Raises CalendarMissing."""
    starts = dict(_starts(calendar, year))
    due = DueMoments(calendar)
    found = list(promises_of(subject.models, subject.profile, subject.decisions))
    return YearCheck(
        subject.family,
        subject.profile.id,
        year,
        calendar,
        tuple(_promise(one, starts, due) for one in found if isinstance(one, Promise)),
        tuple(dict.fromkeys(one for one in found if isinstance(one, Untold))),
    )


def _starts(calendar: Calendar, year: int) -> Iterator[tuple[date, tuple[datetime, datetime]]]:
    try:
        calendar.local(datetime.combine(date(year, 1, 1), time(12)))
        calendar.local(datetime.combine(date(year, 12, 31), time(12)))
    except ValueError as problem:
        if isinstance(problem, CalendarMissing):
            raise
        raise CalendarMissing(calendar.name, None, calendar.known_from, calendar.reaches_through) from problem
    day = date(year, 1, 1)
    while day.year == year:
        shifts = calendar.shifts_on(day) or calendar.shifts
        first, last = datetime.combine(day, shifts[0][0]), datetime.combine(day, shifts[-1][1])
        yield day, (calendar.utc(first), calendar.utc(last))
        day += _DAY


def _promise(
    promise: Promise, starts: Mapping[date, tuple[datetime, datetime]], due: DueMoments
) -> PromiseYear:
    broken: dict[date, list[int]] = {day: [] for day in starts}
    provisional: set[date] = set()
    routes = []
    for number, route in enumerate(promise.routes, 1):
        walks = {day: _worse(promise, route, moments, due) for day, moments in starts.items()}
        missed = [day for day, walked in walks.items() if not walked.is_kept]
        provisional |= {day for day, walked in walks.items() if walked.is_provisional}
        verdict = "kept" if not missed else "never" if len(missed) == len(walks) else "some"
        if verdict == "some":
            for day in missed:
                broken[day].append(number)
        worst = max(walks.values(), key=lambda one: one.ends_at - one.due_at)
        blame = _blame(worst, list(walks.values())) if missed else None
        routes.append(RouteYear(number, route, verdict, len(missed), worst, blame))
    routes.sort(key=lambda one: (_ORDER[one.verdict], -one.broken_days, one.worst.due_at - one.worst.ends_at))
    days = tuple(DayVerdict(day, tuple(ones), day in provisional) for day, ones in broken.items())
    return PromiseYear(promise, days, tuple(routes))


def _worse(promise: Promise, route: Route, moments: tuple[datetime, datetime], due: DueMoments) -> Walked:
    choices = {promise.expression: promise.limit.name} if promise.expression else {}
    walks = [
        walk(route, one, promise.limit, due, choices=choices, is_from_case=promise.is_from_case)
        for one in moments
    ]
    return max(walks, key=lambda one: one.ends_at - one.due_at)


def _blame(worst: Walked, walks: list[Walked]) -> Leg | None:
    """The leg that takes most more than it usually does; where all take what they always do, the longest one."""
    if not worst.legs:
        return None
    usual = [
        median((one.legs[at].ends_at - one.legs[at].begins_at).total_seconds() for one in walks)
        for at in range(len(worst.legs))
    ]
    over = [
        ((leg.ends_at - leg.begins_at).total_seconds() - usual[at], leg.ends_at - leg.begins_at, leg)
        for at, leg in enumerate(worst.legs)
    ]
    return max(over, key=lambda one: one[:2])[2]
