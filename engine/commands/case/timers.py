"""What a timer of a diagram means as a row: due when, shared with which clock, how often."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.commands.case.clocks import JUST_AFTER, CaseClocks
from engine.commands.case.host import CaseHost
from engine.model import InvalidInput
from engine.spiff import Scope, WaitingPlace
from engine.worktime import LimitError, due_at, parse_any_limit, parse_cycle, parse_iso_duration


@dataclass(frozen=True)
class TimerPlan:
    due_at: datetime
    fires_at: datetime
    clock_key: str | None = None
    cycles_left: int | None = None
    cycle_seconds: int | None = None
    explanation: dict[str, Any] | None = None
    is_paused: bool = False  # with the clock that it shares


def plan_timer(place: WaitingPlace, scope: Scope, host: CaseHost, clocks: CaseClocks) -> TimerPlan | None:
    """None: the profile says that there is no such promise, so the timer never fires.

    Raises: InvalidInput with the timer's text when it is neither a limit nor an ISO 8601 moment or duration.
    """
    host.limits_named.clear()
    value = host.text(place.text, scope)
    named = list(host.limits_named)
    if value is None and named:
        return None
    if not isinstance(value, str):
        raise _unreadable(place, value)
    if place.kind == "repeating_timer":
        return _cycle(place, value, host.now)
    if named and (clock := clocks.of_limit(named[-1], place.host_key)) is not None:
        is_paused = clock.row["state"] == "paused"
        return TimerPlan(clock.due_at, clock.due_at + JUST_AFTER, clock_key=clock.key, is_paused=is_paused)
    try:
        due = due_at(host.now, _limit(value, named, host), host.calendar)
    except LimitError:
        moment = _elapsed(place, value, host)
        return TimerPlan(moment, moment)
    return TimerPlan(due.due_at, due.due_at + JUST_AFTER, explanation=due.explanation.to_data())


def _limit(value: str, named: list[str], host: CaseHost) -> Any:
    if named and host.profile is not None and host.profile.limits[named[-1]].value == value:
        return host.profile.limits[named[-1]].limit  # a range counts to its upper end
    return parse_any_limit(value)


def _elapsed(place: WaitingPlace, value: str, host: CaseHost) -> datetime:
    try:
        return host.now + parse_iso_duration(value)
    except LimitError:
        pass
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as problem:
        raise _unreadable(place, value) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=host.calendar.zone)


def _cycle(place: WaitingPlace, value: str, now: datetime) -> TimerPlan:
    try:
        repetitions, span = parse_cycle(value)
    except LimitError as problem:
        raise _unreadable(place, value) from problem
    due = now + span
    return TimerPlan(
        due,
        due,
        cycles_left=-1 if repetitions is None else repetitions,
        cycle_seconds=int(span / timedelta(seconds=1)),
    )


def _unreadable(place: WaitingPlace, value: object) -> InvalidInput:
    return InvalidInput(
        f"Expected timer {place.element_id} to give a limit such as 2 WD or an ISO 8601 moment, but it gives {value!r}.",
        f"定时器“{place.element_id}”应给出时限（如 2 WD）或 ISO 8601 时间，但得到 {value!r}。",
    )
