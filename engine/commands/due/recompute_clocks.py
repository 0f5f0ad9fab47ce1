"""When a year's holidays have been published, provisional deadlines are counted again, and their timers move along."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import ClockRow, NotFound, Organisation, WrongState
from engine.people import SYSTEM


@dataclass(frozen=True)
class ClockMoved:
    instance_key: str
    limit_id: str
    was_due_at: datetime
    due_at: datetime


def recompute_clocks(engine: Engine) -> list[ClockMoved]:
    """Counts every open provisional clock whose calendar knows more by now; returns those that moved.

    One transaction a case. Called when a process starts, since calendars are files that are read at the start.
    """
    return [moved for instance_key in _cases(engine) for moved in _of_case(engine, instance_key)]


def _of_case(engine: Engine, instance_key: str) -> list[ClockMoved]:
    try:
        return on_case(engine, SYSTEM, lambda _session: instance_key, _recompute)
    except (NotFound, WrongState):
        return []  # It ended meanwhile.


def _cases(engine: Engine) -> list[str]:
    with engine.store.reading() as session:
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


def _recompute(work: CaseWork) -> list[ClockMoved]:
    moved = []
    for clock in work.clocks.open.values():
        if not clock.state.is_provisional or clock.row["breached_at"] is not None:
            continue
        was = clock.due_at
        anew = clock.state.recomputed(work.frame.calendar)
        work.clocks.change(clock, anew, clock.row["state"])
        if anew.due_at != was:
            moved.append(ClockMoved(work.record.instance_key, clock.row["limit_id"], was, anew.due_at))
            work.note(
                "clock.recomputed",
                clock.row["limit_id"],
                {"was": was.isoformat(), "due_at": anew.due_at.isoformat()},
            )
    return moved
