"""Who may see or touch a case: who takes part in it, who supervises its unit; never the person complained about."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.model import Candidate, Forbidden, InvalidInput, NotFound, Notice, ProcessInstance, UserTask
from engine.people import ACTS, Actor, Directory, is_allowed, require
from engine.people.candidates import RECUSED
from engine.people.permissions import SUBTREE, roles_for

ACCUSED = "complained_about"


def require_case(session: Session, record: Any, directory: Directory, actor: Actor, act: str) -> None:
    """`record`: a CaseRecord or a row with its columns. Raises Forbidden."""
    refuse_accused(record.complained_about, actor)
    unit = directory.units.get(record.unit_key)
    if _supervises_a_task(session, record, directory, actor, act):
        return
    require(
        actor,
        act,
        organisation_key=record.organisation_key,
        unit_path=unit.path if unit else None,
        is_own=takes_part(session, record, actor),
    )


def _supervises_a_task(session: Session, record: Any, directory: Directory, actor: Actor, act: str) -> bool:
    """An open task of the case may lie in another unit than the case: its supervisor answers for it too."""
    if SUBTREE not in {ACTS[act][role] for role in roles_for(actor, act)}:
        return False
    keys = session.execute(
        select(UserTask.unit_key)
        .where(UserTask.instance_key == record.instance_key, UserTask.state == "open")
        .distinct()
    ).scalars()
    places = [directory.units[key].path for key in keys if key in directory.units]
    return any(
        is_allowed(actor, act, organisation_key=record.organisation_key, unit_path=path) for path in places
    )


def refuse_accused(complained_about: str | None, actor: Actor) -> None:
    """Raises Forbidden, whatever roles the person complained about holds."""
    if complained_about and complained_about == actor.username:
        raise Forbidden(*RECUSED)


def refuse_other_accused(complained_about: str | None, values: Mapping[str, Any]) -> None:
    """Who is complained about is said by a person at a task; what comes from outside never takes that back.

    Raises InvalidInput.
    """
    if complained_about and values.get(ACCUSED, complained_about) != complained_about:
        raise InvalidInput(
            f"Expected {ACCUSED} to stay as it is: only a person at a task changes it (COI-1).",
            "被投诉人只能由办理待办的人员更改（回避规则 COI-1）。",
        )


def require_case_read(engine: Engine, session: Session, actor: Actor, instance_key: str) -> None:
    """Raises NotFound, Forbidden."""
    row = session.execute(
        select(
            ProcessInstance.instance_key,
            ProcessInstance.organisation_key,
            ProcessInstance.unit_key,
            ProcessInstance.started_by,
            ProcessInstance.complained_about,
        ).where(ProcessInstance.instance_key == instance_key)
    ).one_or_none()
    if row is None:
        raise NotFound("case", instance_key, "事项")
    directory = engine.directories.get(session, row.organisation_key)
    require_case(session, row, directory, actor, "case.read")


def takes_part(session: Session, record: Any, actor: Actor) -> bool:
    """Registered it, works or worked on it, may take one of its open tasks, or was told of it."""
    if record.started_by == actor.username:
        return True
    mine = or_(
        UserTask.assignee == actor.username,
        UserTask.completed_by == actor.username,
        (UserTask.state == "open") & UserTask.user_task_key.in_(_takeable(actor)),
    )
    holds = session.execute(
        select(UserTask.user_task_key).where(UserTask.instance_key == record.instance_key, mine).limit(1)
    ).first()
    if holds is not None:
        return True
    told = session.execute(
        select(Notice.notice_key)
        .where(Notice.instance_key == record.instance_key, Notice.recipient == actor.username)
        .limit(1)
    ).first()
    return told is not None


def _takeable(actor: Actor) -> Any:
    by_role = [
        (Candidate.role_key == held.role_key) & (Candidate.unit_key == held.unit_key)
        for held in actor.memberships
    ]
    return select(Candidate.user_task_key).where(or_(Candidate.username == actor.username, *by_role))
