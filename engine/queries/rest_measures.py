"""Counts for the people who run the server: no names, no subjects, no organisations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from engine.jobs import JobQueue
from engine.model import LATE, ClockRow, Incident, Job, LadderStep, Notice, ProcessInstance, Timer, UserTask
from engine.queries.source import Source


@dataclass(frozen=True)
class Measure:
    """`values`: of the label (empty where there is only one value) → value."""

    name: str
    help: str
    values: Mapping[str, float]
    label: str = "state"


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
        queues = JobQueue().inspect(session, now)
        late_number, late_most = _fired_late(session, now)
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
            Measure(
                "huiyin_queue_due",
                "Due rows that wait for a worker.",
                {one.queue: one.due for one in queues},
                "queue",
            ),
            Measure(
                "huiyin_queue_oldest_seconds",
                "How long the oldest due row has waited.",
                {
                    one.queue: (now - one.oldest_due_at).total_seconds() if one.oldest_due_at else 0
                    for one in queues
                },
                "queue",
            ),
            Measure(
                "huiyin_timers_late_last_day",
                f"Timers of the last 24 hours that fired more than {LATE.total_seconds():g} seconds late.",
                {"": late_number},
            ),
            Measure(
                "huiyin_timers_late_most_seconds_last_day",
                "How late the latest of them was.",
                {"": late_most},
            ),
            Measure("huiyin_notices", "Notices by state.", _by(session, Notice.state)),
            Measure("huiyin_incidents_open", "Incidents that wait for a person.", {"": incidents}),
        ]


def _fired_late(session: Session, now: datetime) -> tuple[int, float]:
    """(how many timers of the last day fired late, how many seconds the latest of them)."""
    late_by = Timer.fired_at - Timer.fires_at  # moments are milliseconds in the database
    milliseconds = func.max(type_coerce(late_by, BigInteger))
    number, most = session.execute(
        select(func.count(), milliseconds).where(
            Timer.state == "fired",
            Timer.fires_at > now - timedelta(days=1),
            type_coerce(late_by, BigInteger) > LATE.total_seconds() * 1000,
        )
    ).one()
    return number, (most or 0) / 1000


def _by(session: Session, column: Any) -> dict[str, float]:
    rows = session.execute(select(column, func.count()).group_by(column)).all()
    return {row[0]: row[1] for row in rows} or {"": 0}
