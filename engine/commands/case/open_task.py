"""A user task and who may work on it, as the task commands need them."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.commands.case.access import refuse_accused, takes_part
from engine.commands.case.separation import refusal_of_separated, separated
from engine.commands.case.work import CaseWork
from engine.model import (
    Candidate,
    Conflict,
    Forbidden,
    NotFound,
    ProcessInstance,
    Unit,
    UserTask,
    WrongState,
)
from engine.people import Actor, CandidateSpec, is_allowed, refusal, require
from engine.people.candidates import EVERYONE

_COLUMNS = (
    UserTask.user_task_key,
    UserTask.instance_key,
    UserTask.organisation_key,
    UserTask.process_key,
    UserTask.element_id,
    UserTask.name,
    UserTask.form_ref,
    UserTask.unit_key,
    UserTask.state,
    UserTask.assignee,
    UserTask.claimed_at,
    UserTask.ended_at,
    UserTask.completed_by,
)
_FIND = select(*_COLUMNS).where(UserTask.user_task_key == bindparam("of_task"))
_CANDIDATES = select(Candidate.role_key, Candidate.unit_key, Candidate.username).where(
    Candidate.user_task_key == bindparam("of_task")
)


class TaskFinder:
    """Finds the task in the transaction of the command, and keeps its row for the command's checks."""

    def __init__(self, user_task_key: str, actor: Actor) -> None:
        self.user_task_key = user_task_key
        self.actor = actor
        self.row: Any = None

    def __call__(self, session: Session) -> str:
        if session.get_bind().dialect.name == "postgresql":
            # Waits for whoever works on the case: the task as it stands afterwards tells who was first.
            session.execute(
                select(ProcessInstance.instance_key)
                .join(UserTask, UserTask.instance_key == ProcessInstance.instance_key)
                .where(UserTask.user_task_key == self.user_task_key)
                .with_for_update(of=ProcessInstance)
            )
        self.row = session.connection().execute(_FIND, {"of_task": self.user_task_key}).one_or_none()
        if self.row is None:
            raise NotFound("task", self.user_task_key, "待办")
        self._refuse_finished(session)
        return str(self.row.instance_key)

    def _refuse_finished(self, session: Session) -> None:
        if self.row.state == "open":
            return
        require_told(session, self.row, self.actor)
        if self.row.state == "completed":
            raise Conflict(
                f"Expected task {self.row.name} open, but {self.row.completed_by} completed it at "
                f"{self.row.ended_at:%Y-%m-%d %H:%M:%S} UTC.",
                f"“{self.row.name}”已由 {self.row.completed_by} 于 {self.row.ended_at:%Y-%m-%d %H:%M:%S}（UTC）完成。",
                by=self.row.completed_by,
                at=self.row.ended_at,
            )
        if self.row.state == "cancelled":
            raise WrongState(
                f"Expected task {self.row.name} open, but the case went on without it.",
                f"“{self.row.name}”已随流程取消，无需办理。",
            )

    def check_open(self, work: CaseWork) -> None:
        """The row was read before the case was locked: another command may have been first (PostgreSQL)."""
        if self.user_task_key not in work.run.waiting:
            self(work.session)
            raise WrongState(
                f"Expected task {self.row.name} open, but the case does not wait there.",
                f"“{self.row.name}”不在等待办理。",
            )


def candidates_of(session: Session, user_task_key: str) -> list[CandidateSpec]:
    return [
        CandidateSpec(*row) for row in session.connection().execute(_CANDIDATES, {"of_task": user_task_key})
    ]


def require_worker(work: CaseWork, row: Any, actor: Actor) -> None:
    """Who completes a task must be allowed to hold it, and no one else may hold it. Raises Forbidden, Conflict."""
    if actor.is_system:
        return
    separate = refusal_of_separated(actor.username, separated(work.frame, row.process_key, row.element_id))
    if separate is not None:
        raise Forbidden(*separate)
    specs = candidates_of(work.session, row.user_task_key)
    reason = refusal(work.frame.directory, actor.username, specs, work.frame.excluded)
    if reason is not None and actor.username in work.frame.excluded:
        raise Forbidden(*reason)
    is_own = reason is None or row.assignee == actor.username
    # Before anything is said of who holds it: a stranger learns no name.
    if reason is not None and not is_own and not _is_everywhere(actor):
        raise Forbidden(*reason)
    place = work.frame.directory.units.get(row.unit_key)
    if row.assignee not in (None, actor.username) and not _is_everywhere(actor):
        raise Conflict(
            f"Expected task {row.name} free, but {row.assignee} has claimed it at {row.claimed_at:%Y-%m-%d %H:%M:%S} UTC.",
            f"“{row.name}”已由 {row.assignee} 于 {row.claimed_at:%Y-%m-%d %H:%M:%S}（UTC）领取。",
            by=row.assignee,
            at=row.claimed_at,
        )
    require(
        actor,
        "task.work",
        organisation_key=work.record.organisation_key,
        unit_path=place.path if place else None,
        is_own=is_own,
    )


def _is_everywhere(actor: Actor) -> bool:
    """The administrator may take any task, which is recorded like every act."""
    return is_allowed(actor, "task.work", organisation_key="", is_own=False)


def require_told(session: Session, row: Any, actor: Actor) -> None:
    """Who may hear what became of a task: its candidates, who takes part in its case or supervises there.

    Raises Forbidden.
    """
    held = {(one.role_key, one.unit_key) for one in actor.memberships}
    is_candidate = actor.organisation_key == row.organisation_key and any(
        one.username == actor.username or one.role_key == EVERYONE or (one.role_key, one.unit_key) in held
        for one in candidates_of(session, row.user_task_key)
    )
    case = session.execute(
        select(
            ProcessInstance.instance_key, ProcessInstance.started_by, ProcessInstance.complained_about
        ).where(ProcessInstance.instance_key == row.instance_key)
    ).one()
    refuse_accused(case.complained_about, actor)
    path = session.execute(select(Unit.path).where(Unit.unit_key == row.unit_key)).scalar_one_or_none()
    require(
        actor,
        "task.read",
        organisation_key=row.organisation_key,
        unit_path=path,
        is_own=is_candidate or takes_part(session, case, actor),
    )
