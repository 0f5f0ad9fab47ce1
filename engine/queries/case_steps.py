"""The open tasks of cases: what is next, who does it, until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import Candidate, UserTask
from engine.people import Directory

_COLUMNS = (
    UserTask.user_task_key,
    UserTask.instance_key,
    UserTask.process_key,
    UserTask.element_id,
    UserTask.unit_key,
    UserTask.assignee,
    UserTask.claimed_at,
    UserTask.created_at,
    UserTask.due_at,
)


@dataclass(frozen=True)
class Step:
    """`candidates` as (role key, unit key, username); roles are named by the register, people by the directory."""

    row: Any
    candidates: tuple[tuple[str, str, str], ...]

    @property
    def key(self) -> str:
        return str(self.row.user_task_key)

    @property
    def due_at(self) -> datetime | None:
        moment: datetime | None = self.row.due_at
        return moment


def open_steps(session: Session, instance_keys: Collection[str]) -> dict[str, list[Step]]:
    """By case, the one due first at the head. Two statements for any number of cases."""
    if not instance_keys:
        return {}
    rows = session.execute(
        select(*_COLUMNS)
        .where(UserTask.instance_key.in_(instance_keys), UserTask.state == "open")
        .order_by(UserTask.due_at.is_(None), UserTask.due_at, UserTask.user_task_key)
    ).all()
    candidates: dict[str, list[tuple[str, str, str]]] = {}
    unclaimed = [row.user_task_key for row in rows if row.assignee is None]
    if unclaimed:
        for key, *spec in session.execute(
            select(Candidate.user_task_key, Candidate.role_key, Candidate.unit_key, Candidate.username).where(
                Candidate.user_task_key.in_(unclaimed)
            )
        ):
            role, unit, username = spec
            candidates.setdefault(key, []).append((role, unit, username))
    found: dict[str, list[Step]] = {}
    for row in rows:
        found.setdefault(row.instance_key, []).append(Step(row, tuple(candidates.get(row.user_task_key, ()))))
    return found


def who_may(directory: Directory, step: Step, excluded: Collection[str]) -> tuple[str, ...]:
    """People who may take an unclaimed step."""
    names: dict[str, None] = {}
    for role, unit, username in step.candidates:
        for name in (username,) if username else directory.holders_in(role, unit):
            if name not in excluded:
                names[name] = None
    return tuple(names)
