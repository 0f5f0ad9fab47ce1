"""Fires one timer whose moment has come, once.

The keeper only rings; the row is the alarm. A row is taken with a conditional update in the transaction that moves
the token, so two processes can never fire one timer twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.commands.case.on_case import CaseStopped, IncidentPlace, on_case
from engine.commands.case.record import LostRace, lock_case
from engine.commands.case.suspended import HELD, CaseSuspended
from engine.commands.case.work import CaseWork
from engine.commands.due.lateness import late_facts
from engine.commands.engine import Engine
from engine.model import NotFound, Timer, WrongState
from engine.people import SYSTEM


@dataclass(frozen=True)
class TimerFired:
    instance_key: str
    element_id: str
    late_by: timedelta
    next_at: datetime | None = None  # of a repeating timer: when its next round is due


class _Gone(WrongState):
    """Another process fired the timer, or its branch ended, between our look and our claim."""

    def __init__(self) -> None:
        super().__init__("The timer is no longer waiting.", "定时器已不在等待。")


def fire_timer(engine: Engine, row: Any) -> TimerFired | None:
    """`row`: all columns of a due timer. None when it was not fired: another process did, or its case waits no more.

    A timer whose branch fails becomes an incident and waits for a person.
    """
    try:
        next_at = _fire(engine, row)
    except (_Gone, CaseStopped, LostRace):
        return None  # Fired by another process; an incident holds it; others keep changing the case.
    except CaseSuspended:
        _set_state(engine, row.timer_key, HELD)  # Somebody let it go on alone; it waits with its case.
        return None
    except (WrongState, NotFound):
        _set_state(engine, row.timer_key, "cancelled")  # The case ended, or waits there no more.
        return None
    return TimerFired(row.instance_key, row.element_id, engine.clock.now() - row.fires_at, next_at)


def _fire(engine: Engine, row: Any) -> datetime | None:
    """When it is due again."""
    now = engine.clock.now()
    times, next_at = _rounds(engine, row)

    def claim(session: Session) -> str:
        values: dict[str, Any] = {"fired_at": now}
        if next_at is None:
            values["state"] = "fired"
        else:
            left = row.cycles_left
            values |= {
                "due_at": next_at,
                "fires_at": next_at,
                "cycles_left": left if left < 0 else left - _passed(row, next_at),
            }
        lock_case(session, row.instance_key)
        done = session.execute(
            update(Timer)
            .where(Timer.timer_key == row.timer_key, Timer.state == "waiting", Timer.fires_at == row.fires_at)
            .values(**values)
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise _Gone
        return str(row.instance_key)

    def change(work: CaseWork) -> None:
        if row.timer_key not in work.run.waiting:
            raise WrongState("The case does not wait for this timer.", "事项已不在等待此定时器。")
        facts = {"due_at": row.due_at.isoformat(), "rounds": times} | late_facts(row.fires_at, now)
        work.note("timer.fired", row.element_id, facts)
        if row.cycles_left is None:
            work.places.note_fired(row.timer_key)
            work.fire(row.timer_key)
            return
        for _ in range(times):
            if row.timer_key in work.run.waiting:
                work.spawn(row.timer_key)

    def hold(session: Session) -> None:
        session.execute(
            update(Timer)
            .where(Timer.timer_key == row.timer_key, Timer.state == "waiting")
            .values(state="failed")
        )

    on_case(
        engine,
        SYSTEM,
        claim,
        change,
        keep_anyway=hold,
        about=IncidentPlace("timer", element_instance_key=row.timer_key),
    )
    return next_at


def _set_state(engine: Engine, timer_key: str, state: str) -> None:
    with engine.store.transaction() as session:
        session.execute(
            update(Timer).where(Timer.timer_key == timer_key, Timer.state == "waiting").values(state=state)
        )


def _rounds(engine: Engine, row: Any) -> tuple[int, datetime | None]:
    """(how often its branch starts now, when the timer is due next). The catch-up policy decides after downtime."""
    if row.cycles_left is None:
        return 1, None
    every = timedelta(seconds=row.cycle_seconds)
    policy = engine.settings.catch_up
    missed = (engine.clock.now() - row.fires_at) // every  # whole rounds that passed unseen after this one
    if policy == "all" or missed == 0:
        next_at = row.fires_at + every
        times = 1
    else:
        next_at = row.fires_at + (missed + 1) * every
        times = 1 if policy == "once" else 0
    if 0 <= row.cycles_left <= _passed(row, next_at):
        return times, None
    return times, next_at


def _passed(row: Any, next_at: Any) -> int:
    return int((next_at - row.fires_at) / timedelta(seconds=row.cycle_seconds))
