"""Stops a case where it stands, and lets it go on: no step is taken and no timer fires in between; clocks go on.

Promises to people do not wait for our repairs: a clock that should wait is paused by its own command.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.case.on_case import on_case
from engine.commands.case.suspended import HELD
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.repair.reason import require_reason, require_repair
from engine.model import Job, Timer, WrongState
from engine.people import Actor


def suspend_case(engine: Engine, actor: Actor, *, instance_key: str, reason: str) -> None:
    """Raises NotFound, Forbidden; InvalidInput without a reason; WrongState when it is over or suspended already."""
    require_reason(reason)

    def change(work: CaseWork) -> None:
        require_repair(work, actor)
        work.require_moving()
        work.record.suspended_at, work.record.suspended_by = work.now, actor.username
        _set_states(work.session, instance_key, "waiting", HELD)
        work.note("case.suspended", work.record.business_key, {"reason": reason})

    on_case(engine, actor, lambda _session: instance_key, change)


def resume_case(engine: Engine, actor: Actor, *, instance_key: str, reason: str) -> None:
    """What fell due meanwhile is done now, a repeating timer once. Raises as `suspend_case`."""
    require_reason(reason)

    def change(work: CaseWork) -> None:
        require_repair(work, actor)
        since = work.record.suspended_at
        if since is None:
            raise WrongState(
                f"Expected case {work.record.business_key} suspended, but it is at work.",
                f"事项“{work.record.business_key}”没有暂停流转。",
            )
        work.record.suspended_at = work.record.suspended_by = None
        _leave_out_missed_rounds(work.session, instance_key, work.now)
        _set_states(work.session, instance_key, HELD, "waiting")
        work.correct(None, {})  # Conditions that variables have made true meanwhile go on now.
        facts = {"reason": reason, "suspended_at": since.isoformat()}
        work.note("case.resumed", work.record.business_key, facts)

    on_case(engine, actor, lambda _session: instance_key, change)


def _set_states(session: Session, instance_key: str, was: str, now: str) -> None:
    session.execute(
        update(Timer).where(Timer.instance_key == instance_key, Timer.state == was).values(state=now)
    )
    # Mail that is on its way is no step of the case.
    session.execute(
        update(Job)
        .where(Job.instance_key == instance_key, Job.state == was, Job.kind != "notice")
        .values(state=now)
    )


def _leave_out_missed_rounds(session: Session, instance_key: str, now: datetime) -> None:
    """Of the rounds that a repeating timer missed only the last one is left to be done."""
    rows = session.execute(
        select(Timer.timer_key, Timer.fires_at, Timer.cycle_seconds, Timer.cycles_left).where(
            Timer.instance_key == instance_key,
            Timer.state == HELD,
            Timer.cycle_seconds.is_not(None),
            Timer.fires_at <= now,
        )
    ).all()
    for row in rows:
        every = timedelta(seconds=row.cycle_seconds)
        missed = (now - row.fires_at) // every
        if row.cycles_left >= 0:
            missed = min(missed, row.cycles_left - 1)
        at = row.fires_at + missed * every
        left = row.cycles_left if row.cycles_left < 0 else row.cycles_left - missed
        session.execute(
            update(Timer)
            .where(Timer.timer_key == row.timer_key)
            .values(due_at=at, fires_at=at, cycles_left=left)
        )
