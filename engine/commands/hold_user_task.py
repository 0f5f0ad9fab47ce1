"""Claiming, releasing and drafting: a person takes a task, gives it back, or puts half a form aside."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from engine.commands.case.json_values import given_values
from engine.commands.case.on_case import on_case
from engine.commands.case.open_task import TaskFinder, require_worker
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import Conflict, UserTask
from engine.people import Actor


def claim_user_task(engine: Engine, actor: Actor, *, user_task_key: str) -> None:
    """Idempotent for its holder. Raises Conflict naming who holds it and since when; Forbidden."""
    find = TaskFinder(user_task_key, actor)

    def change(work: CaseWork) -> None:
        find.check_open(work)
        if find.row.assignee == actor.username:
            return
        require_worker(work, find.row, actor)
        if find.row.assignee is not None:
            raise Conflict(
                f"Expected task {find.row.name} free, but {find.row.assignee} holds it.",
                f"“{find.row.name}”已由 {find.row.assignee} 领取。",
                by=find.row.assignee,
                at=find.row.claimed_at,
            )
        _hold(work, user_task_key, actor.username)
        work.note("task.claimed", user_task_key, {"element": find.row.element_id})

    on_case(engine, actor, find, change)


def release_user_task(engine: Engine, actor: Actor, *, user_task_key: str) -> None:
    """Back to its group. Only the holder (or the administrator) may."""
    find = TaskFinder(user_task_key, actor)

    def change(work: CaseWork) -> None:
        find.check_open(work)
        require_worker(work, find.row, actor)
        if find.row.assignee is None:
            return
        _hold(work, user_task_key, None)
        work.note("task.released", user_task_key, {"element": find.row.element_id})

    on_case(engine, actor, find, change)


def save_draft(engine: Engine, actor: Actor, *, user_task_key: str, values: Mapping[str, Any]) -> None:
    """Keeps half a form. Not checked: that happens when it is completed."""
    find = TaskFinder(user_task_key, actor)
    draft = given_values(values)

    def change(work: CaseWork) -> None:
        find.check_open(work)
        require_worker(work, find.row, actor)
        work.session.execute(
            update(UserTask).where(UserTask.user_task_key == user_task_key).values(draft=draft)
        )

    on_case(engine, actor, find, change)


def _hold(work: CaseWork, user_task_key: str, username: str | None) -> None:
    work.session.execute(
        update(UserTask)
        .where(UserTask.user_task_key == user_task_key)
        .values(assignee=username, claimed_at=work.now if username else None)
    )
