"""A supervisor gives a timer or a promise another moment, with the reason; the explanation says that a person did."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.repair.reason import require_reason, require_repair
from engine.model import ClockRow, InvalidInput, NotFound, Timer, WrongState
from engine.people import Actor


def move_due_moment(engine: Engine, actor: Actor, *, key: str, due_at: datetime, reason: str) -> None:
    """`key`: of a waiting timer, or of a running clock; timers that share the clock move along.

    Raises NotFound, Forbidden; InvalidInput without a reason or for a moment that is past; WrongState when it waits no more,
    is paused or broken already, or the timer shares a clock (move that).
    """
    require_reason(reason)
    if due_at.tzinfo is None or due_at <= engine.clock.now():
        raise InvalidInput(
            "Expected a moment that is yet to come, with its zone.", "新的到期时间必须晚于现在，并带有时区。"
        )

    def change(work: CaseWork) -> None:
        require_repair(work, actor)
        clock = work.clocks.open.get(key)
        if clock is None:
            was = _move_timer(work, key, due_at)
            work.note("timer.moved", key, _facts(was, due_at, reason))
            return
        if clock.row["state"] != "running" or work.now > clock.due_at:
            raise WrongState(
                "Expected a clock that runs and is not overdue.", "此时限没有在计时，或已经超时，不能改期。"
            )
        was = clock.due_at
        moved = {"by": actor.username, "at": work.now.isoformat(), **_facts(was, due_at, reason)}
        said = clock.state.explanation
        state = replace(
            clock.state,
            due_at=due_at,
            is_provisional=False,
            explanation={**said, "moved": [*said.get("moved", ()), moved]},
        )
        work.clocks.change(clock, state, "running")
        work.note("clock.moved", clock.row["limit_id"], _facts(was, due_at, reason))

    on_case(engine, actor, lambda session: _instance_of(session, key), change)


def _facts(was: datetime, due_at: datetime, reason: str) -> dict[str, str]:
    return {"from": was.isoformat(), "due_at": due_at.isoformat(), "reason": reason}


def _move_timer(work: CaseWork, key: str, due_at: datetime) -> datetime:
    row = work.session.execute(
        select(Timer.clock_key, Timer.due_at, Timer.state).where(Timer.timer_key == key)
    ).one_or_none()
    if row is None or row.state not in ("waiting", "held"):
        raise WrongState("Expected a timer or a clock that still waits.", "此定时器或时限已不在等待。")
    if row.clock_key is not None:
        raise WrongState(
            f"Expected a timer of its own, but {key} shares the clock {row.clock_key}: move that.",
            "这个定时器跟随一个时限的时钟，请改那个时限的到期时间。",
        )
    work.session.execute(
        update(Timer).where(Timer.timer_key == key).values(due_at=due_at, fires_at=due_at, explanation=None)
    )
    was: datetime = row.due_at
    return was


def _instance_of(session: Session, key: str) -> str:
    for column, table_key in (
        (Timer.instance_key, Timer.timer_key),
        (ClockRow.instance_key, ClockRow.clock_key),
    ):
        found = session.execute(select(column).where(table_key == key)).scalar_one_or_none()
        if found is not None:
            return found
    raise NotFound("timer or clock", key, "定时器或时限")
