"""Does what the calendar asks for by now: ladder steps and timers, in the order of their moments.

Ladder steps before timers of the same moment: who held the work is told before the token moves on.
"""

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal, select

from engine.commands.due.fire_timer import TimerFired, fire_timer
from engine.commands.due.send_ladder_step import LadderStepSent, send_ladder_step
from engine.commands.engine import Engine
from engine.model import LadderStep, Timer, table_of
from engine.model.text_order import by_code_point

BATCH = 200

_steps, _timers = table_of(LadderStep), table_of(Timer)


@dataclass
class MomentsReport:
    """What was done, in the order in which it was done."""

    steps: list[LadderStepSent] = field(default_factory=list)
    timers: list[TimerFired] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.steps or self.timers)


@dataclass(frozen=True, order=True)
class _Moment:
    due_at: datetime
    rank: int
    place: str  # of timers due together: the element's id, so that they fire in one order whatever their keys
    key: str
    row: Any = field(compare=False)


def do_due_moments(
    engine: Engine, instance_key: str | None = None, until: datetime | None = None
) -> MomentsReport:
    """All that is due at the engine's present moment, of one case or of all. Safe to call from anywhere at any time.

    One transaction for each; what another process does meanwhile is not done again. With `until`, what fell due later
    than that is left to its own turn.
    """
    report = MomentsReport()
    while True:
        batch, is_all = _due(engine, instance_key, until)
        before = len(report.steps) + len(report.timers)
        _do_all(engine, batch, until, report)
        if is_all or len(report.steps) + len(report.timers) == before:
            return report  # What is left is in the hands of others, or of a person.


def _do_all(engine: Engine, batch: list[_Moment], until: datetime | None, report: MomentsReport) -> None:
    seen = {moment.key for moment in batch}
    heapq.heapify(batch)
    while batch and not engine.is_stopping():
        moment = heapq.heappop(batch)
        done = _do(engine, moment, report)
        if done is None:
            continue
        engine.late.note(done.late_by)
        if done.next_at is not None and done.next_at <= engine.clock.now():
            # After downtime the next rung or round may be due already, and before others of this batch.
            for fresh in _due(engine, done.instance_key, until)[0]:
                if fresh.key not in seen or fresh.key == moment.key:
                    seen.add(fresh.key)
                    heapq.heappush(batch, fresh)


def _do(engine: Engine, moment: _Moment, report: MomentsReport) -> LadderStepSent | TimerFired | None:
    if moment.rank == 0:
        sent = send_ladder_step(engine, moment.row)
        if sent is not None:
            report.steps.append(sent)
        return sent
    fired = fire_timer(engine, moment.row)
    if fired is not None:
        report.timers.append(fired)
    return fired


def _due(engine: Engine, instance_key: str | None, by: datetime | None) -> tuple[list[_Moment], bool]:
    """What is due, and whether that is all of it."""
    now = engine.clock.now()
    values: dict[str, Any] = {"moment": now if by is None else min(by, now)}
    if instance_key is not None:
        values["case"] = instance_key
    with engine.store.reading() as session:
        connection = session.connection()
        found = [
            [_Moment(row.at, rank, row.place, row.key, row) for row in connection.execute(wanted, values)]
            for rank, wanted in enumerate(_OF_ALL if instance_key is None else _OF_CASE)
        ]
    # Where one kind has more than fits, the other one must not run ahead of it.
    until = min((rows[-1].due_at for rows in found if len(rows) == BATCH), default=None)
    moments = [moment for rows in found for moment in rows if until is None or moment.due_at <= until]
    return moments, until is None


def _wanted(rows: Any, at: str, key: str, place: ColumnElement[str]) -> Select[Any]:
    return (
        select(rows, rows.c[at].label("at"), rows.c[key].label("key"), place.label("place"))
        .where(rows.c.state == "waiting", rows.c[at] <= bindparam("moment"))
        .order_by(rows.c[at], "place", rows.c[key])
        .limit(BATCH)
    )


_OF_ALL = (
    _wanted(_steps, "due_at", "step_key", literal("")),
    _wanted(_timers, "fires_at", "timer_key", by_code_point(_timers.c.element_id)),
)
_OF_CASE = tuple(
    wanted.where(rows.c.instance_key == bindparam("case"))
    for wanted, rows in zip(_OF_ALL, (_steps, _timers), strict=True)
)
