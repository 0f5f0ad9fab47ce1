"""Begins the cases that a calendar rule asks for, once each period, also after the engine was away."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.commands.due.lateness import late_facts
from engine.commands.due.plan_calendar_starts import moments_of, plan_calendar_starts, version_of
from engine.commands.engine import Engine
from engine.commands.start_instance import BegunPeriod, start_instance
from engine.model import CalendarStart, HuiyinError, Organisation, WrongState, table_of
from engine.people import SYSTEM
from engine.worktime import Calendar, CalendarMissing, Period, next_period, parse_recurring

BATCH = 100
TRY_AGAIN_AFTER = timedelta(minutes=10)

_starts = table_of(CalendarStart)
_WAITING = _starts.c.state == "waiting"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CalendarStarted:
    instance_key: str
    business_key: str
    period: str
    late_by: timedelta


class _Taken(WrongState):
    """Another process began this period between our look and our claim."""

    def __init__(self) -> None:
        super().__init__("The period has its case already.", "这一周期的事项已经登记。")


def next_calendar_start_at(engine: Engine) -> datetime | None:
    with engine.store.reading() as session:
        found: datetime | None = session.execute(
            select(func.min(_starts.c.fires_at)).where(_WAITING)
        ).scalar_one()
    return found


def do_calendar_starts(engine: Engine) -> list[CalendarStarted]:
    """Plans, then begins all that is due by now in the order of the moments. Safe to call from anywhere at any time."""
    plan_calendar_starts(engine)
    begun: list[CalendarStarted] = []
    while not engine.is_stopping():
        due = _due(engine)
        done = [one for row in due if (one := _begin(engine, row)) is not None]
        begun += done
        if not due:
            break
    return begun


def _due(engine: Engine) -> list[Any]:
    wanted = (
        select(_starts, Organisation.calendar.label("own_calendar"))
        .join(Organisation, Organisation.organisation_key == _starts.c.organisation_key)
        .where(_WAITING, _starts.c.fires_at <= engine.clock.now())
        .order_by(_starts.c.fires_at, _starts.c.start_key)
        .limit(BATCH)
    )
    with engine.store.reading() as session:
        engine.calendars.look(session)
        return list(session.execute(wanted))


def _begin(engine: Engine, row: Any) -> CalendarStarted | None:
    """None when another process was first, when the catch-up policy lets the period pass, or when it failed."""
    now = engine.clock.now()
    calendar = engine.calendars.get(row.own_calendar)
    following = _following(row, calendar)
    is_over = following is not None and following.begins_at <= now  # the engine was away for the whole period
    if is_over and engine.settings.catch_up != "all":
        _move_on(engine, row, following, calendar)
        return None

    def claim(session: Session, instance_key: str) -> None:
        _claim(session, row, following, calendar, instance_key)

    facts = {"by": "calendar", "rule": row.rule, "period": row.period, "due_at": row.due_at.isoformat()}
    period = BegunPeriod(row.starts_at, claim, facts | late_facts(row.starts_at, now))
    try:
        started = start_instance(
            engine,
            SYSTEM,
            variables={},
            process_key=row.process_key,
            profile_id=row.profile_id,
            organisation_key=row.organisation_key,
            period=period,
        )
    except _Taken:
        return None
    except HuiyinError as problem:
        _put_off(engine, row, problem)
        return None
    late_by = now - row.starts_at
    engine.late.note(late_by)
    return CalendarStarted(started.instance_key, started.business_key, row.period, late_by)


def _following(row: Any, calendar: Calendar) -> Period | None:
    """None: the calendar does not reach so far. The row rests until it does."""
    try:
        return next_period(parse_recurring(row.rule), date.fromisoformat(row.period), row.due_at, calendar)
    except CalendarMissing:
        return None


def _claim(
    session: Session, row: Any, following: Period | None, calendar: Calendar, instance_key: str | None
) -> None:
    values: dict[str, Any] = {"former_day": row.period, "former_due_at": row.due_at, "error": None}
    values["calendar"] = version_of(calendar)
    if instance_key is not None:
        values["instance_key"] = instance_key
    values |= moments_of(following) if following is not None else {"state": "off"}
    done = session.execute(
        update(_starts)
        .where(_starts.c.start_key == row.start_key, _WAITING, _starts.c.period == row.period)
        .values(**values)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise _Taken


def _move_on(engine: Engine, row: Any, following: Period | None, calendar: Calendar) -> None:
    """`once` and `skip`: of the periods that passed unseen none is begun; the running one is, and says that it is late."""
    try:
        with engine.store.transaction() as session:
            _claim(session, row, following, calendar, None)
    except _Taken:
        return
    _log.warning("Period %s of %s was passed over: the engine was away.", row.period, row.process_key)


def _put_off(engine: Engine, row: Any, problem: HuiyinError) -> None:
    _log.error("The case of %s (%s) could not be begun: %s", row.process_key, row.period, problem)
    with engine.store.transaction() as session:
        session.execute(
            update(_starts)
            .where(_starts.c.start_key == row.start_key, _WAITING, _starts.c.period == row.period)
            .values(fires_at=engine.clock.now() + TRY_AGAIN_AFTER, error=str(problem))
        )
