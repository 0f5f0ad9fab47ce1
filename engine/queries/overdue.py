"""A supervisor's list: broken promises in the units that the person answers for, the longest broken first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.model import ClockRow, LadderStep, Organisation, ProcessInstance
from engine.people import Actor, Directory
from engine.queries.case_steps import Step, open_steps
from engine.queries.promise import AT_RISK, BREACHED, CLOCK_COLUMNS, PAUSED, Promise, make_promise
from engine.queries.source import Source
from engine.queries.visible import visible_cases

MOST_SHOWN = 100
_CASE = (
    ProcessInstance.business_key,
    ProcessInstance.subject,
    ProcessInstance.organisation_key,
    ProcessInstance.unit_key.label("case_unit_key"),
    ProcessInstance.release_key,
    ProcessInstance.profile_id,
    ProcessInstance.complained_about,
    ProcessInstance.is_safety,
    Organisation.calendar,
    Organisation.directory_version,
)


@dataclass(frozen=True)
class OverdueLine:
    """`rung` is how often it was escalated; `next_rung_at` when the next one up hears of it."""

    row: Any
    promise: Promise
    directory: Directory
    step: Step | None
    step_name: str
    rung: int
    next_rung_at: datetime | None


@dataclass(frozen=True)
class Board:
    lines: Sequence[OverdueLine]
    running: int
    by_status: dict[str, int]


def find_board(source: Source, actor: Actor, locale: str) -> Board:
    now = source.clock.now()
    with source.store.reading() as session:
        visible = visible_cases(actor, "report.read")
        rows = session.execute(
            select(*CLOCK_COLUMNS, *_CASE)
            .join(ProcessInstance, ProcessInstance.instance_key == ClockRow.instance_key)
            .join(Organisation, Organisation.organisation_key == ProcessInstance.organisation_key)
            .where(ClockRow.stopped_at.is_(None), ProcessInstance.state == "running", visible)
            .order_by(ClockRow.due_at, ClockRow.clock_key)
        ).all()
        running = session.execute(
            select(func.count(ProcessInstance.instance_key)).where(
                ProcessInstance.state == "running", visible
            )
        ).scalar_one()
        promises = [
            (
                row,
                make_promise(
                    row,
                    source.releases.get(session, row.release_key),
                    row.profile_id,
                    source.calendars.get(row.calendar, session),
                    now,
                    locale,
                ),
            )
            for row in rows
        ]
        late = [(row, one) for row, one in promises if one.status == BREACHED][:MOST_SHOWN]
        steps = open_steps(session, {row.instance_key for row, _ in late})
        rungs = _rungs(session, [row.clock_key for row, _ in late])
        lines = []
        for row, promise in late:
            of_case = steps.get(row.instance_key, [])
            step = next((one for one in of_case if one.key == row.element_instance_key), None)
            step = step or next(iter(of_case), None)
            release = source.releases.get(session, row.release_key)
            number, next_at = rungs.get(row.clock_key, (0, None))
            lines.append(
                OverdueLine(
                    row=row,
                    promise=promise,
                    directory=source.directories.get(session, row.organisation_key, row.directory_version),
                    step=step,
                    step_name=release.name_of(step.row.process_key, step.row.element_id, locale)
                    if step
                    else promise.element_name,
                    rung=number,
                    next_rung_at=next_at,
                )
            )
    by_status: dict[str, set[str]] = {name: set() for name in (AT_RISK, BREACHED, PAUSED)}
    for row, promise in promises:
        by_status.setdefault(promise.status, set()).add(row.instance_key)
    return Board(lines, running, {name: len(keys) for name, keys in by_status.items()})


def _rungs(session: Session, clock_keys: Sequence[str]) -> dict[str, tuple[int, datetime | None]]:
    found: dict[str, tuple[int, datetime | None]] = {}
    if not clock_keys:
        return found
    for row in session.execute(
        select(LadderStep.clock_key, LadderStep.number, LadderStep.state, LadderStep.due_at).where(
            LadderStep.clock_key.in_(clock_keys), LadderStep.kind == "rung"
        )
    ):
        number, next_at = found.get(row.clock_key, (0, None))
        if row.state == "sent":
            found[row.clock_key] = (max(number, row.number), next_at)
        elif row.state == "waiting":
            found[row.clock_key] = (number, row.due_at)
    return found
