"""Which user tasks a person may see, as SQL; which cases says `visible.py`."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from engine.model import Candidate, UserTask
from engine.people import ACTS, Actor
from engine.people.permissions import ALL, ORGANISATION, SUBTREE, roles_for
from engine.queries.visible import may_take, not_accused, units_below


def visible_tasks(actor: Actor) -> ColumnElement[bool]:
    """Over UserTask joined to ProcessInstance. Nothing of a case that complains about the person (COI-1)."""
    return and_(not_accused(actor), _reach(actor))


def _reach(actor: Actor) -> ColumnElement[bool]:
    scopes = ACTS["task.read"]
    roles = roles_for(actor, "task.read")
    reached = {scopes[role] for role in roles}
    if actor.is_system or ALL in reached:
        return true()
    if not reached or actor.organisation_key is None:
        return false()
    same_organisation = UserTask.organisation_key == actor.organisation_key
    if ORGANISATION in reached:
        return same_organisation
    ways: list[ColumnElement[bool]] = [
        UserTask.assignee == actor.username,
        UserTask.completed_by == actor.username,
        has_candidate(may_take(actor)),
    ]
    paths = [
        held.unit_path
        for held in actor.memberships
        if held.role_key in roles and scopes[held.role_key] == SUBTREE
    ]
    if paths:
        ways.append(UserTask.unit_key.in_(units_below(paths)))
    return and_(same_organisation, or_(*ways))


def has_candidate(condition: ColumnElement[bool]) -> Any:
    """Whether one of the task's candidates is such a one."""
    return exists().where(Candidate.user_task_key == UserTask.user_task_key, condition).correlate(UserTask)
