"""Counts for the people who run the server: no names, no subjects, no organisations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.model import ClockRow, Incident, Job, LadderStep, Notice, ProcessInstance, Timer, UserTask
from engine.queries.source import Source


@dataclass(frozen=True)
class Measure:
    """`values`: state (empty where there is only one value) → value."""

    name: str
    help: str
    values: Mapping[str, float]


def find_measures(source: Source) -> list[Measure]:
    now = source.clock.now()
    with source.store.reading() as session:
        open_tasks, overdue_tasks = session.execute(
            select(
                func.count(UserTask.user_task_key),
                func.count(UserTask.user_task_key).filter(UserTask.due_at < now),
            ).where(UserTask.state == "open")
        ).one()
        oldest = session.execute(
            select(func.min(Timer.fires_at)).where(Timer.state == "waiting")
        ).scalar_one_or_none()
        late = max((now - oldest).total_seconds(), 0) if oldest is not None else 0
        incidents = session.execute(
            select(func.count(Incident.incident_key)).where(Incident.resolved_at.is_(None))
        ).scalar_one()
        return [
            Measure("huiyin_cases", "Cases by state.", _by(session, ProcessInstance.state)),
            Measure("huiyin_user_tasks_open", "User tasks that wait for a person.", {"": open_tasks}),
            Measure(
                "huiyin_user_tasks_overdue", "Open user tasks past their due moment.", {"": overdue_tasks}
            ),
            Measure("huiyin_clocks", "Measured promises by state.", _by(session, ClockRow.state)),
            Measure("huiyin_timers", "Timers by state.", _by(session, Timer.state)),
            Measure(
                "huiyin_timer_lateness_seconds", "Age of the oldest timer that should have fired.", {"": late}
            ),
            Measure(
                "huiyin_ladder_steps", "Warnings and escalations by state.", _by(session, LadderStep.state)
            ),
            Measure("huiyin_jobs", "Jobs by state.", _by(session, Job.state)),
            Measure("huiyin_notices", "Notices by state.", _by(session, Notice.state)),
            Measure("huiyin_incidents_open", "Incidents that wait for a person.", {"": incidents}),
        ]


def _by(session: Session, column: Any) -> dict[str, float]:
    rows = session.execute(select(column, func.count()).group_by(column)).all()
    return {row[0]: row[1] for row in rows} or {"": 0}
