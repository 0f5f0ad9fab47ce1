"""Moves what the engine does by itself: a job to another moment, a timer that no promise stands behind."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.case.access import require_case
from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import Job, NotFound, Timer, WrongState
from engine.people import Actor


def move_job(engine: Engine, actor: Actor, *, key: str, due_at: datetime) -> None:
    """Raises NotFound, Forbidden; WrongState when the job is not waiting."""

    def change(work: CaseWork) -> None:
        require_case(work.session, work.record, work.frame.directory, actor, "job.change")
        done = work.session.execute(
            update(Job).where(Job.job_key == key, Job.state == "waiting").values(due_at=due_at)
        )
        _require_moved(done, key)
        work.note("job.moved", key, {"due_at": due_at.isoformat()})

    on_case(engine, actor, lambda session: _instance_of(session, Job.job_key, Job, key), change)


def move_timer(engine: Engine, actor: Actor, *, key: str, due_at: datetime) -> None:
    """Raises NotFound, Forbidden; WrongState for a timer that shares a clock: that deadline is a promise.

    A promise moves by pausing and resuming its clock, so that its explanation stays true.
    """

    def change(work: CaseWork) -> None:
        require_case(work.session, work.record, work.frame.directory, actor, "job.change")
        row = work.session.execute(select(Timer.clock_key, Timer.due_at).where(Timer.timer_key == key)).one()
        if row.clock_key is not None:
            raise WrongState(
                f"Expected a timer of its own, but {key} shares the clock of a promise: pause or resume that clock.",
                "这个定时器跟随一个时限的时钟，请改为暂停或恢复该时钟。",
            )
        done = work.session.execute(
            update(Timer)
            .where(Timer.timer_key == key, Timer.state == "waiting")
            .values(due_at=due_at, fires_at=due_at, explanation=None)
        )
        _require_moved(done, key)
        work.note("timer.moved", key, {"from": row.due_at.isoformat(), "due_at": due_at.isoformat()})

    on_case(engine, actor, lambda session: _instance_of(session, Timer.timer_key, Timer, key), change)


def _instance_of(session: Session, column: Any, table: Any, key: str) -> str:
    found = session.execute(select(table.instance_key).where(column == key)).scalar_one_or_none()
    if found is None:
        raise NotFound("job", key, "作业")
    return str(found)


def _require_moved(done: Any, key: str) -> None:
    if done.rowcount != 1:
        raise WrongState(f"Expected job {key} waiting, but it is not.", "此作业不在等待状态。")
