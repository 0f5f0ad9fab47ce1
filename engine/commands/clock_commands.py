"""What people do to a clock: pause it with a reason, let it run again, acknowledge its breach."""

from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.case.access import refuse_accused
from engine.commands.case.clocks import OpenClock
from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import ClockRow, InvalidInput, LadderStep, NotFound, Notice, UserTask, WrongState
from engine.people import Actor, require


def pause_clock(
    engine: Engine, actor: Actor, *, clock_key: str, kind: str, reason: str, evidence: str = ""
) -> None:
    """Raises InvalidInput without a reason; WrongState when the promise may not be paused or is broken already."""
    if not reason.strip():
        raise InvalidInput("Expected a reason for the pause.", "暂停必须填写原因。")

    def change(work: CaseWork) -> None:
        clock = _clock(work, actor, clock_key, "clock.pause")
        if not clock.row["is_pausable"]:
            raise WrongState("This limit may not be paused.", "此时限不允许暂停。")
        if clock.row["state"] != "running":
            raise WrongState(
                f"Expected a running clock, but it is {clock.row['state']}.", "此时限不在运行中，不能暂停。"
            )
        if work.now > clock.due_at:
            raise WrongState(
                "Expected a promise that is not broken yet, but it is overdue.",
                "此时限已经超时，不能再暂停。",
            )
        state = clock.state.pause(work.now, kind=kind, reason=reason, evidence=evidence, by=actor.username)
        work.clocks.change(clock, state, "paused")
        work.note(
            "clock.paused", clock.row["limit_id"], {"kind": kind, "reason": reason, "evidence": evidence}
        )

    on_case(engine, actor, _finder(clock_key), change)


def resume_clock(engine: Engine, actor: Actor, *, clock_key: str) -> None:
    def change(work: CaseWork) -> None:
        clock = _clock(work, actor, clock_key, "clock.pause")
        if clock.row["state"] != "paused":
            raise WrongState("Expected a paused clock.", "此时限没有暂停。")
        work.clocks.change(clock, clock.state.resume(work.now, work.frame.calendar), "running")
        work.note("clock.resumed", clock.row["limit_id"], {"due_at": clock.due_at.isoformat()})

    on_case(engine, actor, _finder(clock_key), change)


def acknowledge_clock(engine: Engine, actor: Actor, *, clock_key: str) -> None:
    """Someone has taken the breach in hand: the ladder stops climbing. Twice is once."""

    def change(work: CaseWork) -> None:
        clock = _clock(work, actor, clock_key, "clock.acknowledge")
        if clock.row["acknowledged_at"] is not None:
            return
        if clock.row["breached_at"] is None:
            raise WrongState(
                "Expected a broken promise, but it is not due yet.", "此时限尚未超时，无需确认。"
            )
        clock.row["acknowledged_at"] = work.now
        clock.row["acknowledged_by"] = actor.username
        clock.is_changed = True
        work.session.execute(
            update(LadderStep)
            .where(LadderStep.clock_key == clock_key, LadderStep.state == "waiting")
            .values(state="cancelled")
        )
        work.session.execute(
            update(Notice)
            .where(Notice.clock_key == clock_key, Notice.acknowledged_at.is_(None))
            .values(acknowledged_at=work.now)
        )
        work.note("clock.acknowledged", clock.row["limit_id"], {})

    on_case(engine, actor, _finder(clock_key), change)


def _finder(clock_key: str) -> Callable[[Session], str]:
    def find(session: Session) -> str:
        found = session.execute(
            select(ClockRow.instance_key).where(ClockRow.clock_key == clock_key)
        ).scalar_one_or_none()
        if found is None:
            raise NotFound("clock", clock_key, "时限")
        return found

    return find


def _clock(work: CaseWork, actor: Actor, clock_key: str, act: str) -> OpenClock:
    clock = work.clocks.open.get(clock_key)
    if clock is None:
        raise WrongState("Expected a clock that still counts, but it has stopped.", "此时限已经结束。")
    refuse_accused(work.record.complained_about, actor)
    unit = work.frame.directory.units.get(clock.row["unit_key"])
    require(
        actor,
        act,
        organisation_key=work.record.organisation_key,
        unit_path=unit.path if unit else None,
        is_own=_takes_part(work, actor, clock_key),
    )
    return clock


def _takes_part(work: CaseWork, actor: Actor, clock_key: str) -> bool:
    """Holds an open task of the case, or was told of this clock."""
    holds = work.session.execute(
        select(UserTask.user_task_key).where(
            UserTask.instance_key == work.record.instance_key,
            UserTask.assignee == actor.username,
            UserTask.state == "open",
        )
    ).first()
    told = work.session.execute(
        select(Notice.notice_key).where(Notice.clock_key == clock_key, Notice.recipient == actor.username)
    ).first()
    return holds is not None or told is not None
