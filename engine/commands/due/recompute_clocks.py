"""When a calendar knows more than it did, deadlines are counted again, and their timers move along."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from engine.commands.case.clocks import JUST_AFTER
from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import ClockRow, NotFound, Organisation, Timer, WrongState
from engine.people import SYSTEM
from engine.worktime import Calendar, DueMoment, Explanation, due_at

OWN_TIMERS = (Timer.clock_key.is_(None), Timer.explanation.is_not(None), Timer.state.in_(("waiting", "held")))


@dataclass(frozen=True)
class ClockMoved:
    instance_key: str
    limit_id: str
    was_due_at: datetime
    due_at: datetime


def recompute_clocks(engine: Engine) -> list[ClockMoved]:
    """Counts every open provisional clock whose calendar knows more by now; returns those that moved.

    One transaction a case. Called when a process starts, since the files of a calendar are read at the start.
    """
    return [moved for instance_key in _cases(engine) for moved in recompute_case(engine, instance_key)]


def recompute_case(
    engine: Engine, instance_key: str, why: str = "", *, is_all: bool = False
) -> list[ClockMoved]:
    """`is_all`: also what was sure until now, because a person changed the calendar; `why` stands in the history."""

    def change(work: CaseWork) -> list[ClockMoved]:
        moved = _recompute(work, why, is_all=is_all)
        return moved + (_recompute_timers(work, why) if is_all else [])

    try:
        return on_case(engine, SYSTEM, lambda _session: instance_key, change)
    except (NotFound, WrongState):
        return []  # It ended meanwhile.


def _cases(engine: Engine) -> list[str]:
    with engine.store.reading() as session:
        engine.calendars.look(session)
        rows = session.execute(
            select(ClockRow.instance_key, ClockRow.data, Organisation.calendar)
            .join(Organisation, Organisation.organisation_key == ClockRow.organisation_key)
            .where(ClockRow.is_provisional.is_(True), ClockRow.stopped_at.is_(None))
        ).all()
    return list(
        dict.fromkeys(
            row.instance_key
            for row in rows
            if row.data["explanation"]["calendar_version"] != engine.calendars.get(row.calendar).version
        )
    )


def _recompute(work: CaseWork, why: str, *, is_all: bool) -> list[ClockMoved]:
    moved = []
    calendar = work.frame.calendar
    for clock in work.clocks.open.values():
        if clock.row["breached_at"] is not None:
            continue
        if clock.state.is_provisional and "moved" not in clock.state.explanation:
            anew = clock.state.recomputed(calendar)
        elif is_all and (other := clock.state.moved_by(calendar)) is not None:
            anew = other
        else:
            continue
        was = clock.due_at
        work.clocks.change(clock, anew, clock.row["state"])
        if anew.due_at != was:
            moved.append(_noted(work, "clock.recomputed", clock.row["limit_id"], was, anew.due_at, why))
    return moved


def _recompute_timers(work: CaseWork, why: str) -> list[ClockMoved]:
    """Timers of a limit that no clock stands behind."""
    moved = []
    rows = work.session.execute(
        select(Timer.timer_key, Timer.element_id, Timer.due_at, Timer.explanation).where(
            Timer.instance_key == work.record.instance_key, *OWN_TIMERS
        )
    ).all()
    for row in rows:
        due = due_of_timer(row.explanation, work.frame.calendar)
        if due.due_at == row.due_at:
            continue
        work.session.execute(
            update(Timer)
            .where(Timer.timer_key == row.timer_key)
            .values(
                due_at=due.due_at,
                fires_at=due.due_at + JUST_AFTER,
                explanation=due.explanation.to_data(),
            )
        )
        moved.append(_noted(work, "timer.recomputed", row.element_id, row.due_at, due.due_at, why))
    return moved


def due_of_timer(explanation: Mapping[str, Any], calendar: Calendar) -> DueMoment:
    """When a timer that was counted by another calendar is due by this one."""
    said = Explanation.from_data(explanation)
    return due_at(said.started_at, said.limit, calendar)


def _noted(work: CaseWork, act: str, subject: str, was: datetime, due: datetime, why: str) -> ClockMoved:
    facts = {"was": was.isoformat(), "due_at": due.isoformat()} | ({"reason": why} if why else {})
    work.note(act, subject, facts)
    return ClockMoved(work.record.instance_key, subject, was, due)
