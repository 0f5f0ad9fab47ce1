"""Moments along one way: each step ends when its limit is due, counted from where the former one ended.

Units never convert: due moments are computed one after the other, on the days of the calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.rehearsal.year.named_limits import StepLimit
from engine.rehearsal.year.routes import Route
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
    """Due moments, each computed once: many start dates come to the same close of business."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._found: dict[tuple[datetime, AnyLimit], tuple[datetime, bool]] = {}

    def of(self, start: datetime, limit: AnyLimit) -> tuple[datetime, bool]:
        """(due moment, whether it is provisional). Raises CalendarMissing."""
        key = (start, limit)
        found = self._found.get(key)
        if found is None:
            due = due_at(start, limit, self._calendar)
            found = self._found[key] = (due.due_at, due.is_provisional)
        return found


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
    now, legs = start, []
    entered: dict[str, datetime] = {}
    for stop in route.stops:
        entered.setdefault(stop.place[1], now)
        step = stop.step
        if step is None:
            continue
        begins = _begins(step, now, start, entered, is_from_case=is_from_case)
        if begins is None:
            continue
        limit, ends, is_later_provisional = _end(step, begins, due, choices)
        is_provisional |= is_later_provisional
        # A limit from the case's start may be over before the step begins: it then takes no time.
        legs.append(Leg(step, limit, now, max(now, ends)))
        now = max(now, ends)
    return Walked(tuple(legs), start, now, promise_due, is_provisional)


def _begins(
    step: Step, now: datetime, start: datetime, entered: Mapping[str, datetime], *, is_from_case: bool
) -> datetime | None:
    """None: it began before this way does, at a moment that only a case can tell."""
    if step.start is None:
        return now
    if step.start == "case":
        return start if is_from_case else None
    return entered.get(step.start)


def _end(
    step: Step, begins: datetime, due: DueMoments, choices: Mapping[str, str]
) -> tuple[StepLimit, datetime, bool]:
    chosen = choices.get(step.expression)
    limits = [one for one in step.limits if one.name == chosen] or list(step.limits)
    ends = [(*due.of(begins, one.limit), one) for one in limits]
    # Where all hold, the earliest ends the step; where one of them holds, the latest is the worst.
    moment, is_provisional, limit = (max if step.is_choice else min)(ends, key=lambda one: one[0])
    return limit, moment, is_provisional
