"""Where one past case stands, read in few prepared statements: it is asked for between all steps of all cases."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.commands.imports.pace import Measure
from engine.commands.releases.installed import InstalledRelease
from engine.model import Candidate, ClockRow, Incident, ProcessInstance, UserTask
from engine.people import CandidateSpec

_CASE = select(ProcessInstance.ended_at, ProcessInstance.complained_about).where(
    ProcessInstance.instance_key == bindparam("key")
)
# Most urgent first, then in the order in which they were opened.
_TASKS = (
    select(
        UserTask.user_task_key,
        UserTask.process_key,
        UserTask.element_id,
        UserTask.form_ref,
        UserTask.assignee,
        Candidate.role_key,
        Candidate.unit_key,
        Candidate.username,
    )
    .outerjoin(Candidate, Candidate.user_task_key == UserTask.user_task_key)
    .where(UserTask.instance_key == bindparam("key"), UserTask.state == "open")
    .order_by(UserTask.due_at.is_(None), UserTask.due_at, UserTask.created_at, UserTask.user_task_key)
)
_CLOCKS = select(ClockRow.element_instance_key, ClockRow.due_at).where(
    ClockRow.instance_key == bindparam("key"), ClockRow.state == "running"
)
_INCIDENT = (
    select(Incident.message)
    .where(Incident.instance_key == bindparam("key"), Incident.resolved_at.is_(None))
    .limit(1)
)


@dataclass(frozen=True)
class WaitingTask:
    user_task_key: str
    process_key: str
    element_id: str
    form_ref: str | None
    assignee: str | None
    names: dict[str, str]
    candidates: tuple[CandidateSpec, ...]


@dataclass(frozen=True)
class Situation:
    ended_at: datetime | None
    accused: str | None
    tasks: tuple[WaitingTask, ...] = ()

    def task(self, user_task_key: str) -> WaitingTask | None:
        return next((one for one in self.tasks if one.user_task_key == user_task_key), None)


def read_situation(session: Session, instance_key: str, release: InstalledRelease) -> Situation:
    key = {"key": instance_key}
    case = session.execute(_CASE, key).one()
    if case.ended_at is not None:
        return Situation(case.ended_at, case.complained_about)
    found: dict[str, list[CandidateSpec]] = {}
    tasks = {}
    for row in session.execute(_TASKS, key):
        tasks[row.user_task_key] = row
        specs = found.setdefault(row.user_task_key, [])
        if row.role_key is not None:
            specs.append(CandidateSpec(row.role_key, row.unit_key, row.username))
    return Situation(
        None,
        case.complained_about,
        tuple(
            WaitingTask(
                row.user_task_key,
                row.process_key,
                row.element_id,
                row.form_ref,
                row.assignee,
                {locale: release.name_of(row.process_key, row.element_id, locale) for locale in ("zh", "en")},
                tuple(found[row.user_task_key]),
            )
            for row in tasks.values()
        ),
    )


def read_measures(session: Session, instance_key: str) -> list[Measure]:
    return [
        Measure(row.element_instance_key, row.due_at)
        for row in session.execute(_CLOCKS, {"key": instance_key})
    ]


def read_incident(session: Session, instance_key: str) -> dict[str, str] | None:
    """The message of a step that failed and waits for a person."""
    return session.execute(_INCIDENT, {"key": instance_key}).scalar_one_or_none()
