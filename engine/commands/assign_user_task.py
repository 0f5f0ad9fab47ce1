"""A supervisor hands a task to someone, with the reason; never to the person complained about."""

from sqlalchemy import insert, update

from engine.commands.case.access import refuse_accused
from engine.commands.case.on_case import on_case
from engine.commands.case.open_task import TaskFinder, candidates_of
from engine.commands.case.separation import refusal_of_separated, separated
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import Candidate, Forbidden, NotFound, UserTask, new_key
from engine.people import Actor, CandidateSpec, is_allowed, refusal, require


def assign_user_task(engine: Engine, actor: Actor, *, user_task_key: str, to: str, reason: str) -> None:
    """Raises Forbidden when the actor may not assign here, or `to` may not hold the task (COI-1)."""
    find = TaskFinder(user_task_key, actor)

    def change(work: CaseWork) -> None:
        find.check_open(work)
        refuse_accused(work.record.complained_about, actor)
        unit = work.frame.directory.units.get(find.row.unit_key)
        require(
            actor,
            "task.assign",
            organisation_key=work.record.organisation_key,
            unit_path=unit.path if unit else None,
        )
        person = work.frame.directory.people.get(to)
        if person is None or not person.is_active:
            raise NotFound("person", to, "人员")
        # The supervisor may choose outside of the candidates, but never the person complained about.
        barred = refusal(work.frame.directory, to, (CandidateSpec(username=to),), work.frame.excluded)
        barred = barred or refusal_of_separated(
            to, separated(work.frame, find.row.process_key, find.row.element_id)
        )
        if barred is not None:
            raise Forbidden(*barred)
        _require_staff(work, to)
        work.session.execute(
            update(UserTask)
            .where(UserTask.user_task_key == user_task_key)
            .values(assignee=to, claimed_at=work.now)
        )
        _add_candidate(work, user_task_key, to)
        work.note("task.assigned", user_task_key, {"to": to, "from": find.row.assignee, "reason": reason})
        work.notices.tell(
            "task_reassigned",
            (to,),
            once=f"reassigned:{user_task_key}:{new_key()}",
            facts={
                "task": work.frame.task_names(find.row.process_key, find.row.element_id),
                "message": reason,
            },
            user_task_key=user_task_key,
        )

    on_case(engine, actor, find, change)


def _require_staff(work: CaseWork, username: str) -> None:
    """Somebody without any role could never complete the task: it would lie there for good."""
    person = work.frame.directory.actor(username)
    organisation_key = work.record.organisation_key
    if person is None or not is_allowed(person, "task.work", organisation_key=organisation_key, is_own=True):
        raise Forbidden(
            f"Expected a member of staff, but {username} holds no role that works on tasks.",
            f"“{username}”没有可办理待办的角色，不能改派。",
        )


def _add_candidate(work: CaseWork, user_task_key: str, username: str) -> None:
    if CandidateSpec(username=username) not in candidates_of(work.session, user_task_key):
        work.session.execute(
            insert(Candidate).values(user_task_key=user_task_key, role_key="", unit_key="", username=username)
        )
