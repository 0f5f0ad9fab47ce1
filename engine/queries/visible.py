"""Which cases and tasks a person may see, as conditions of SQL: the one place that every query asks.

The person complained about sees nothing of the case, whatever roles that person holds (COI-1).
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from engine.model import Candidate, Notice, ProcessInstance, Unit, UserTask
from engine.people import ACTS, Actor
from engine.people.candidates import EVERYONE
from engine.people.permissions import ALL, ORGANISATION, SUBTREE, roles_for

Condition = ColumnElement[bool]


def not_accused(actor: Actor) -> Condition:
    """Over ProcessInstance."""
    accused = ProcessInstance.complained_about
    return or_(accused.is_(None), accused != actor.username)


def visible_cases(actor: Actor, act: str = "case.read") -> Condition:
    """Over ProcessInstance: the cases on which `actor` may do `act`, as far as the permission table reaches."""
    return and_(not_accused(actor), _reach(actor, act))


def _reach(actor: Actor, act: str) -> Condition:
    scopes = ACTS[act]
    roles = roles_for(actor, act)
    reached = {scopes[role] for role in roles}
    if actor.is_system or ALL in reached:
        return true()
    if not reached or actor.organisation_key is None:
        return false()
    same_organisation = ProcessInstance.organisation_key == actor.organisation_key
    if ORGANISATION in reached:
        return same_organisation
    ways = [_takes_part(actor)]
    paths = [
        held.unit_path
        for held in actor.memberships
        if held.role_key in roles and scopes[held.role_key] == SUBTREE
    ]
    if paths:
        units = units_below(paths)
        # A task of the case may lie in another unit than the case: its supervisor answers for it too.
        task = aliased(UserTask)
        tasks = select(task.instance_key).where(task.state == "open", task.unit_key.in_(units))
        ways += [ProcessInstance.unit_key.in_(units), ProcessInstance.instance_key.in_(tasks)]
    return and_(same_organisation, or_(*ways))


def units_below(paths: list[str]) -> Select[str]:
    """Keys of the units at or below any of the paths, as a subquery."""
    unit = aliased(Unit)
    return select(unit.unit_key).where(or_(*(unit.path.startswith(path, autoescape=True) for path in paths)))


def may_take(actor: Actor, task: Any = UserTask) -> Condition:
    """Over Candidate joined to `task`: a way by which `actor` may take the task."""
    ways: list[Condition] = [Candidate.username == actor.username]
    ways += [
        and_(Candidate.role_key == held.role_key, Candidate.unit_key == held.unit_key)
        for held in actor.memberships
    ]
    if actor.organisation_key is not None:
        ways.append(and_(Candidate.role_key == EVERYONE, task.organisation_key == actor.organisation_key))
    return or_(*ways)


def _takes_part(actor: Actor) -> Condition:
    """Registered it, holds or held a task of it, may take one, or was told of it."""
    name, case = actor.username, ProcessInstance.instance_key
    # Names of their own for the tables: the statement around may hold tasks and notices too.
    task, offer, notice = aliased(UserTask), aliased(UserTask), aliased(Notice)
    held = select(task.instance_key).where(or_(task.assignee == name, task.completed_by == name))
    offered = (
        select(offer.instance_key)
        .join(Candidate, Candidate.user_task_key == offer.user_task_key)
        .where(offer.state == "open", may_take(actor, offer))
    )
    told = select(notice.instance_key).where(notice.recipient == name, notice.instance_key.is_not(None))
    return or_(ProcessInstance.started_by == name, case.in_(held), case.in_(offered), case.in_(told))


def has_act(actor: Actor, act: str) -> bool:
    """Whether any role of the person gives the act anywhere."""
    return actor.is_system or bool(roles_for(actor, act))
