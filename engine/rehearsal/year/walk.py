"""Moments along one way: each step ends when its limit is due, counted from where the former one ended.

Units never convert: due moments are computed one after the other, on the days of the calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.rehearsal.year.named_limits import StepLimit
from engine.rehearsal.year.routes import Route, Stop
from engine.rehearsal.year.timed_steps import Step
from engine.worktime import AnyLimit, Calendar, due_at


@dataclass(frozen=True)
class Leg:
    step: Step
    limit: StepLimit
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Walked:
    """`due_at`: when the promise is due; all moments in UTC."""

    legs: tuple[Leg, ...]
    starts_at: datetime
    ends_at: datetime
    due_at: datetime
    is_provisional: bool

    @property
    def is_kept(self) -> bool:
        return self.ends_at <= self.due_at


class DueMoments:
    """Due moments and ways walked, each computed once: many start dates come to the same close of business, and
    promises of several lengths go the same ways. Keeps what it is asked about alive, so that ids stay its own.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._found: dict[tuple[datetime, AnyLimit], tuple[datetime, bool]] = {}
        self._ends: dict[tuple[int, datetime, str], tuple[StepLimit, datetime, bool]] = {}
        self._legs: dict[tuple[int, datetime, str, bool], tuple[tuple[Leg, ...], bool]] = {}
        self._timed: dict[int, tuple[Route, tuple[Stop, ...], frozenset[str]]] = {}

    def of(self, start: datetime, limit: AnyLimit) -> tuple[datetime, bool]:
        """(due moment, whether it is provisional). Raises CalendarMissing."""
        key = (start, limit)
        found = self._found.get(key)
        if found is None:
            due = due_at(start, limit, self._calendar)
            found = self._found[key] = (due.due_at, due.is_provisional)
        return found

    def end(self, step: Step, begins: datetime, chosen: str) -> tuple[StepLimit, datetime, bool]:
        key = (id(step), begins, chosen)
        found = self._ends.get(key)
        if found is None:
            found = self._ends[key] = _end(step, begins, self, chosen)
        return found

    def legs(
        self, route: Route, start: datetime, choices: Mapping[str, str], *, is_from_case: bool
    ) -> tuple[tuple[Leg, ...], bool]:
        """The legs of a way, and whether one of them is provisional."""
        timed, expressions = self._timed_stops(route)
        chosen = " ".join(choices[one] for one in choices if one in expressions)
        key = (id(route), start, chosen, is_from_case)
        found = self._legs.get(key)
        if found is None:
            found = self._legs[key] = _legs(timed, start, self, choices, is_from_case=is_from_case)
        return found

    def _timed_stops(self, route: Route) -> tuple[tuple[Stop, ...], frozenset[str]]:
        """The stops that take time, or from whose entry a later one counts; and the expressions on them."""
        found = self._timed.get(id(route))
        if found is None:
            starts = {step.start for step in route.steps}
            timed = tuple(one for one in route.stops if one.step is not None or one.place[1] in starts)
            found = (route, timed, frozenset(step.expression for step in route.steps))
            self._timed[id(route)] = found
        return found[1], found[2]


def walk(
    route: Route,
    start: datetime,
    promised: StepLimit,
    due: DueMoments,
    *,
    choices: Mapping[str, str],
    is_from_case: bool,
) -> Walked:
    """`choices`: expression → the limit that it chooses; of another choice the latest limit is taken, as the worst."""
    promise_due, is_provisional = due.of(start, promised.limit)
    legs, is_later_provisional = due.legs(route, start, choices, is_from_case=is_from_case)
    ends = legs[-1].ends_at if legs else start
    return Walked(legs, start, ends, promise_due, is_provisional or is_later_provisional)


def _legs(
    stops: tuple[Stop, ...],
    start: datetime,
    due: DueMoments,
    choices: Mapping[str, str],
    *,
    is_from_case: bool,
) -> tuple[tuple[Leg, ...], bool]:
    now, legs, is_provisional = start, [], False
    entered: dict[str, datetime] = {}
    for stop in stops:
        entered.setdefault(stop.place[1], now)
        step = stop.step
        if step is None:
            continue
        begins = _begins(step, now, start, entered, is_from_case=is_from_case)
        if begins is None:
            continue
        limit, ends, is_later_provisional = due.end(step, begins, choices.get(step.expression, ""))
        is_provisional |= is_later_provisional
        # A limit from the case's start may be over before the step begins: it then takes no time.
        legs.append(Leg(step, limit, now, max(now, ends)))
        now = max(now, ends)
    return tuple(legs), is_provisional


def _begins(
    step: Step, now: datetime, start: datetime, entered: Mapping[str, datetime], *, is_from_case: bool
) -> datetime | None:
    """None: it began before this way does, at a moment that only a case can tell."""
    if step.start is None:
        return now
    if step.start == "case":
        return start if is_from_case else None
    return entered.get(step.start)


def _end(step: Step, begins: datetime, due: DueMoments, chosen: str) -> tuple[StepLimit, datetime, bool]:
    limits = [one for one in step.limits if one.name == chosen] or list(step.limits)
    ends = [(*due.of(begins, one.limit), one) for one in limits]
    # Where all hold, the earliest ends the step; where one of them holds, the latest is the worst.
    moment, is_provisional, limit = (max if step.is_choice else min)(ends, key=lambda one: one[0])
    return limit, moment, is_provisional
