"""Sends one step of a ladder: tells people that a promise is about to be, or has been, broken: warnings, the breach, and the rungs above it.

Source: design, section 5; procedures.md 1.6 (DEF): log the breach, tell the supervisor, one level up after each
further equal interval, until somebody acknowledges it or the work is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.commands.case.clocks import OpenClock
from engine.commands.case.on_case import CaseStopped, on_case
from engine.commands.case.record import LostRace, lock_case
from engine.commands.case.work import CaseWork
from engine.commands.due.ladder_people import rungs_of, workers_of
from engine.commands.due.lateness import late_facts
from engine.commands.engine import Engine
from engine.model import LadderStep, NotFound, Notice, WrongState, new_key
from engine.people import SYSTEM, Rung
from engine.worktime import Explanation, says


@dataclass(frozen=True)
class LadderStepSent:
    instance_key: str
    kind: str
    told: tuple[str, ...]
    late_by: timedelta
    next_at: datetime | None = None  # when the rung above it is due


class _Gone(WrongState):
    def __init__(self) -> None:
        super().__init__("The step is no longer waiting.", "此步骤已不在等待。")


def send_ladder_step(engine: Engine, row: Any) -> LadderStepSent | None:
    """`row`: all columns of a due step. None when it was not sent: another process did, or nobody need hear of it."""
    now = engine.clock.now()
    try:
        told, next_at = on_case(engine, SYSTEM, _claim(row, now), _sender(row))
    except (_Gone, LostRace):
        return None
    except (WrongState, NotFound, CaseStopped):
        _give_up(engine, row.step_key)  # The case is over; nobody is told of what no longer matters.
        return None
    return LadderStepSent(row.instance_key, row.kind, tuple(told), now - row.due_at, next_at)


def _claim(row: Any, now: datetime) -> Any:
    def claim(session: Session) -> str:
        lock_case(session, row.instance_key)
        done = session.execute(
            update(LadderStep)
            .where(LadderStep.step_key == row.step_key, LadderStep.state == "waiting")
            .values(state="sent", sent_at=now)
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise _Gone
        return str(row.instance_key)

    return claim


def _give_up(engine: Engine, step_key: str) -> None:
    with engine.store.transaction() as session:
        session.execute(
            update(LadderStep)
            .where(LadderStep.step_key == step_key, LadderStep.state == "waiting")
            .values(state="cancelled")
        )


def _sender(row: Any) -> Callable[[CaseWork], tuple[list[str], datetime | None]]:
    """Who was told, and when the next rung is due."""

    def change(work: CaseWork) -> tuple[list[str], datetime | None]:
        clock = work.clocks.open.get(row.clock_key)
        if clock is None or clock.row["state"] == "paused" or clock.row["acknowledged_at"] is not None:
            raise WrongState(
                "The promise is kept, paused or in hand already.", "时限已办结、暂停或已有人处理。"
            )
        match row.kind:
            case "warning":
                return _warn(work, clock, row), None
            case "breach":
                return _breach(work, clock, row)
            case _:
                return _rung(work, clock, row)

    return change


def _warn(work: CaseWork, clock: OpenClock, row: Any) -> list[str]:
    """Who works on it hears at each share; the first rung hears at the last one, while there is time to act."""
    # With the due moment: after a pause the same warning may come again, before another one.
    once = f"{clock.key}:warning:{row.label}:{clock.due_at:%Y%m%dT%H%M%S}"
    facts = _facts(work, clock) | {"share": row.label}
    told = work.notices.tell(
        "deadline_warning",
        workers_of(work, clock),
        once=once,
        facts=facts,
        clock_key=clock.key,
        user_task_key=_task_key(work, clock),
    )
    if row.number == len(clock.row["warn"]) - 1:
        told += _first_rung(work, clock, "deadline_warning", once, facts)
    late = late_facts(row.due_at, work.now)
    work.note("deadline.warned", clock.row["limit_id"], {"share": row.label, "told": told} | late)
    return told


def _breach(work: CaseWork, clock: OpenClock, row: Any) -> tuple[list[str], datetime | None]:
    clock.row["breached_at"] = clock.due_at
    clock.row["state"] = "breached"
    clock.is_changed = True
    once, facts = f"{clock.key}:breach", _facts(work, clock)
    told = work.notices.tell(
        "deadline_breached",
        workers_of(work, clock),
        once=once,
        facts=facts,
        clock_key=clock.key,
        user_task_key=_task_key(work, clock),
    )
    told += _first_rung(work, clock, "deadline_breached", once, facts)
    noted = {"due_at": clock.due_at.isoformat(), "told": told} | late_facts(row.due_at, work.now)
    work.note("clock.breached", clock.row["limit_id"], noted)
    # Above the head of the organisation there is nobody left to tell.
    next_at = _plan_next(work, clock, 1, row.due_at) if len(rungs_of(work, clock)) > 1 else None
    return told, next_at


def _rung(work: CaseWork, clock: OpenClock, row: Any) -> tuple[list[str], datetime | None]:
    """The lowest rung that has not heard of this breach yet: people may have changed since the last one."""
    waiting = _unheard(work, clock)
    told: list[str] = []
    if waiting:
        told = work.notices.tell(
            "escalation",
            waiting[0].usernames,
            once=f"{clock.key}:rung:{row.number}",
            facts=_facts(work, clock),
            role_key=waiting[0].role_key,
            clock_key=clock.key,
        )
    late = late_facts(row.due_at, work.now)
    work.note("clock.escalated", clock.row["limit_id"], {"rung": row.number, "told": told} | late)
    next_at = _plan_next(work, clock, row.number + 1, row.due_at) if len(waiting) > 1 else None
    return told, next_at


def _unheard(work: CaseWork, clock: OpenClock) -> list[Rung]:
    heard = set(
        work.session.execute(
            select(Notice.recipient).where(
                Notice.clock_key == clock.key, Notice.kind.in_(("deadline_breached", "escalation"))
            )
        ).scalars()
    )
    return [rung for rung in rungs_of(work, clock) if not heard.issuperset(rung.usernames)]


def _first_rung(work: CaseWork, clock: OpenClock, kind: str, once: str, facts: dict[str, Any]) -> list[str]:
    rungs = rungs_of(work, clock)
    if not rungs:
        return []
    return work.notices.tell(
        kind, rungs[0].usernames, once=once, facts=facts, role_key=rungs[0].role_key, clock_key=clock.key
    )


def _plan_next(work: CaseWork, clock: OpenClock, number: int, after: datetime) -> datetime:
    """The next rung one interval later: when."""
    due_at = work.clocks.next_rung_at(clock, after)
    work.session.execute(
        insert(LadderStep).values(
            step_key=new_key(),
            clock_key=clock.key,
            instance_key=work.record.instance_key,
            kind="rung",
            number=number,
            label="",
            due_at=due_at,
            state="waiting",
            sent_at=None,
        )
    )
    return due_at


def _task_key(work: CaseWork, clock: OpenClock) -> str | None:
    key = str(clock.row["element_instance_key"])
    place = work.run.waiting.get(key)
    return key if place is not None and place.kind == "user_task" else None


def _facts(work: CaseWork, clock: OpenClock) -> dict[str, Any]:
    limit = work.profile.limits.get(clock.row["limit_name"]) if work.profile else None
    explanation = Explanation.from_data(clock.state.explanation)
    holder = next(iter(workers_of(work, clock)), None)
    directory = work.frame.directory
    return {
        "task": work.frame.task_names(clock.row["process_key"], clock.row["element_id"]),
        "due": clock.due_at,
        "limit": {
            locale: (limit.text.get(locale) if limit else "") or clock.row["limit_name"]
            for locale in ("zh", "en")
        },
        "clause": clock.row["limit_id"],
        "why": {locale: says(explanation, locale) for locale in ("zh", "en")},
        "assignee": {locale: directory.shown(holder, locale) for locale in ("zh", "en")},
    }
