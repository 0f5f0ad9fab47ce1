"""Open deadlines that another calendar would move: promises that run, and timers of a limit that stand alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.due.recompute_clocks import OWN_TIMERS, due_of_timer
from engine.model import ClockRow, Organisation, ProcessInstance, Timer
from engine.worktime import Calendar, ClockState

_CASE = (ProcessInstance.instance_key, ProcessInstance.organisation_key, Organisation.calendar)


@dataclass(frozen=True)
class MovingDeadline:
    """`limit_name` is None for a timer that stands alone. `is_provisional`: whether it will still be."""

    instance_key: str
    organisation_key: str
    process_key: str | None
    element_id: str
    element_instance_key: str
    limit_name: str | None
    limit_id: str
    was: datetime
    due_at: datetime
    is_provisional: bool

    @property
    def is_moved(self) -> bool:
        """False: only the doubt about it ends, or begins."""
        return self.was != self.due_at


def moving_deadlines(session: Session, calendars: Mapping[str, Calendar]) -> Iterator[MovingDeadline]:
    """`calendars`: by name as they would be; organisations with another calendar are left alone."""
    clocks = _of_calendars(
        (
            ClockRow.process_key,
            ClockRow.element_id,
            ClockRow.element_instance_key,
            ClockRow.limit_name,
            ClockRow.limit_id,
            ClockRow.data,
        ),
        ClockRow.instance_key,
        calendars,
        (ClockRow.stopped_at.is_(None), ClockRow.breached_at.is_(None)),
    )
    for row in session.execute(clocks):
        state = ClockState.from_data(row.data)
        anew = state.moved_by(calendars[row.calendar])
        if anew is not None:
            yield MovingDeadline(
                row.instance_key,
                row.organisation_key,
                row.process_key,
                row.element_id,
                row.element_instance_key,
                row.limit_name,
                row.limit_id,
                state.due_at,
                anew.due_at,
                anew.is_provisional,
            )
    timers = _of_calendars(
        (Timer.element_id, Timer.element_instance_key, Timer.text, Timer.due_at, Timer.explanation),
        Timer.instance_key,
        calendars,
        OWN_TIMERS,
    )
    for row in session.execute(timers):
        due = due_of_timer(row.explanation, calendars[row.calendar])
        if due.due_at != row.due_at:
            yield MovingDeadline(
                row.instance_key,
                row.organisation_key,
                None,
                row.element_id,
                row.element_instance_key,
                None,
                row.text,
                row.due_at,
                due.due_at,
                due.is_provisional,
            )


def _of_calendars(columns: Any, instance_key: Any, calendars: Mapping[str, Calendar], where: Any) -> Any:
    return (
        select(*columns, *_CASE)
        .join(ProcessInstance, ProcessInstance.instance_key == instance_key)
        .join(Organisation, Organisation.organisation_key == ProcessInstance.organisation_key)
        .where(ProcessInstance.state == "running", Organisation.calendar.in_(calendars), *where)
        .order_by(ProcessInstance.instance_key)
    )
