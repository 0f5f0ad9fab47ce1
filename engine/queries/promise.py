"""A due moment with its reason: what pages draw wherever a promise stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from engine.model import ClockRow
from engine.profiles import ProfileLimit
from engine.queries.source import ReleaseView
from engine.worktime import (
    Calendar,
    ClockState,
    Explanation,
    LimitError,
    due_at,
    is_breached,
    parse_limit,
    says,
)

# Columns of a clock that a Promise is made of; the row may carry more.
CLOCK_COLUMNS = (
    ClockRow.clock_key,
    ClockRow.instance_key,
    ClockRow.limit_name,
    ClockRow.limit_id,
    ClockRow.process_key,
    ClockRow.element_id,
    ClockRow.element_instance_key,
    ClockRow.unit_key,
    ClockRow.warn,
    ClockRow.state,
    ClockRow.started_at,
    ClockRow.due_at,
    ClockRow.is_provisional,
    ClockRow.is_pausable,
    ClockRow.stopped_at,
    ClockRow.breached_at,
    ClockRow.acknowledged_at,
    ClockRow.acknowledged_by,
    ClockRow.data,
)

ON_TIME, AT_RISK, BREACHED, PAUSED, MET, GIVEN_UP = (
    "on_time",
    "at_risk",
    "breached",
    "paused",
    "met",
    "cancelled",
)


@dataclass(frozen=True)
class Promise:
    """One clock as people read it. `is_fact` is false for a default of ours, not a rule of the source."""

    row: Any
    clock: ClockState
    calendar: Calendar
    limit: ProfileLimit | None
    status: str
    element_name: str
    source: str

    @property
    def key(self) -> str:
        return str(self.row.clock_key)

    @property
    def due_at(self) -> datetime:
        moment: datetime = self.row.due_at
        return moment

    @property
    def is_open(self) -> bool:
        return self.row.stopped_at is None

    @property
    def is_working(self) -> bool:
        """Whether it is measured in working time."""
        return self.clock.limit.is_working

    @property
    def is_fact(self) -> bool:
        return self.limit is not None and self.limit.is_fact

    @property
    def explanation(self) -> Explanation:
        return Explanation.from_data(self.clock.explanation)

    def title(self, locale: str) -> str:
        text: Mapping[str, str] = self.limit.text if self.limit else {}
        return text.get(locale) or self.element_name

    def says(self, locale: str) -> str:
        """Why it is due then, in one sentence; without the pauses, which stand beside it."""
        return says(self.explanation, locale)


def make_promise(
    row: Any, release: ReleaseView, profile_id: str, calendar: Calendar, now: datetime, locale: str
) -> Promise:
    clock = ClockState.from_data(row.data)
    profile = release.profile(profile_id)
    return Promise(
        row=row,
        clock=clock,
        calendar=calendar,
        limit=profile.limits.get(row.limit_name) if profile else None,
        status=_status(row, clock, calendar, now),
        element_name=release.name_of(row.process_key, row.element_id, locale)
        if row.element_id != row.process_key
        else release.names.get(row.process_key) or row.process_key,
        source=profile.source if profile else "",
    )


def _status(row: Any, clock: ClockState, calendar: Calendar, now: datetime) -> str:
    if row.state == "met":
        return MET
    if row.state == "cancelled":
        return GIVEN_UP
    if row.state == "paused":
        return PAUSED
    if row.breached_at is not None or is_breached(row.due_at, now):
        return BREACHED
    warnings = [at for label in row.warn if (at := _warning_at(clock, label, calendar)) is not None]
    return AT_RISK if warnings and now >= min(warnings) else ON_TIME


def _warning_at(clock: ClockState, label: str, calendar: Calendar) -> datetime | None:
    try:
        if label.endswith("%"):
            return clock.moment_at_share(int(label[:-1]) / 100, calendar)
        if label.startswith("from "):
            return due_at(clock.started_at, parse_limit(label[5:]), calendar).due_at
        return clock.moment_before_due(parse_limit(label), calendar)
    except (LimitError, ValueError):
        return None


def promise_of_timer(row: Any, calendar: Calendar, element_name: str, now: datetime) -> Promise:
    """A timer with a limit of its own explains its due moment like a clock. `row`: key, element and data of the timer."""
    explanation = Explanation.from_data(row.explanation)
    clock = ClockState(
        calendar.utc(explanation.started_at),
        explanation.limit,
        row.due_at,
        explanation.is_provisional,
        row.explanation,
    )
    shown = SimpleNamespace(
        clock_key=row.timer_key,
        limit_id=row.element_id,
        element_id=row.element_id,
        due_at=row.due_at,
        stopped_at=None,
        is_provisional=explanation.is_provisional,
    )
    status = risk_of(row.due_at, clock.started_at, calendar, now)
    return Promise(shown, clock, calendar, None, status, element_name, "")


def risk_of(due: datetime, since: datetime, calendar: Calendar, now: datetime) -> str:
    """The status of a due moment that no clock measures: at risk in its last quarter of working time."""
    if is_breached(due, now):
        return BREACHED
    whole = calendar.working_time_between(since, due) or (due - since)
    left = calendar.working_time_between(now, due)
    return AT_RISK if whole > timedelta(0) and left * 4 <= whole else ON_TIME
