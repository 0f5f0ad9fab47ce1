"""A person finishes a task with the values of its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.commands.case.json_values import given_values
from engine.commands.case.on_case import IncidentPlace, on_case
from engine.commands.case.open_task import TaskFinder, require_worker
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import InvalidForm, UserTask
from engine.people import Actor, refusal


@dataclass(frozen=True)
class Completed:
    """`next_task_keys`: tasks that this step opened and the same person may take."""

    instance_key: str
    business_key: str
    is_ended: bool
    next_task_keys: tuple[str, ...]


def complete_user_task(
    engine: Engine, actor: Actor, *, user_task_key: str, values: Mapping[str, Any]
) -> Completed:
    """Raises NotFound; Conflict when someone else was first or holds it; Forbidden; InvalidForm; CaseStopped."""
    find = TaskFinder(user_task_key, actor)
    values = given_values(values)

    def change(work: CaseWork) -> Completed:
        find.check_open(work)
        require_worker(work, find.row, actor)
        cleaned = checked_values(work, find.row.form_ref, values)
        work.tasks.complete(user_task_key, cleaned)
        work.note("task.completed", user_task_key, {"element": find.row.element_id, "values": cleaned})
        work.complete(user_task_key, cleaned)
        return Completed(
            work.record.instance_key,
            work.record.business_key,
            work.record.state != "running",
            _next_tasks(work, actor),
        )

    def keep_draft(session: Session) -> None:
        session.execute(
            update(UserTask)
            .where(UserTask.user_task_key == user_task_key, UserTask.state == "open")
            .values(draft=dict(values))
        )

    about = IncidentPlace(element_instance_key=user_task_key)
    return on_case(engine, actor, find, change, keep_anyway=keep_draft, about=about)


def checked_values(work: CaseWork, form_ref: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form accepts. Without a form everything is taken as it is. Raises InvalidForm."""
    form = work.release.forms.get(form_ref) if form_ref else None
    if form is None:
        return dict(values)
    result = form.validate(values)
    if result.errors:
        raise InvalidForm(form.key, result.errors)
    return result.values


def _next_tasks(work: CaseWork, actor: Actor) -> tuple[str, ...]:
    return tuple(
        key
        for key, row in work.tasks.opened.items()
        if row["assignee"] == actor.username
        or (
            row["assignee"] is None
            and refusal(work.frame.directory, actor.username, work.tasks.specs(key), work.frame.excluded)
            is None
        )
    )
