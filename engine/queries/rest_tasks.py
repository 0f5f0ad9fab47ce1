"""Open user tasks, by the filter names of the Camunda 7 REST API."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select

from engine.model import Candidate, ProcessInstance, UserTask
from engine.people import Actor
from engine.queries.rest_listing import (
    Filter,
    Listing,
    Rows,
    after,
    always,
    before,
    equals,
    like,
    never,
    one_of,
    when,
)
from engine.queries.rest_reach import has_candidate, visible_tasks


def _statement(actor: Actor) -> Rows:
    return (
        select(
            UserTask.user_task_key,
            UserTask.instance_key,
            UserTask.organisation_key,
            UserTask.process_key,
            UserTask.element_id,
            UserTask.name,
            UserTask.form_ref,
            UserTask.assignee,
            UserTask.claimed_at,
            UserTask.created_at,
            UserTask.due_at,
            UserTask.follow_up_at,
            UserTask.priority,
            ProcessInstance.business_key,
            ProcessInstance.definition_key,
            ProcessInstance.release_key,
        )
        .join(ProcessInstance, ProcessInstance.instance_key == UserTask.instance_key)
        .where(UserTask.state == "open", visible_tasks(actor))
    )


def _in_groups(roles: Sequence[str]) -> ColumnElement[bool]:
    return and_(UserTask.assignee.is_(None), has_candidate(Candidate.role_key.in_(roles)))


OPEN_TASKS = Listing(
    statement=_statement,
    key=UserTask.user_task_key,
    filters={
        "taskId": equals(UserTask.user_task_key),
        "taskIdIn": one_of(UserTask.user_task_key),
        "processInstanceId": equals(UserTask.instance_key),
        "processInstanceIdIn": one_of(UserTask.instance_key),
        "executionId": equals(UserTask.user_task_key),
        "processInstanceBusinessKey": equals(ProcessInstance.business_key),
        "processInstanceBusinessKeyIn": one_of(ProcessInstance.business_key),
        "processInstanceBusinessKeyLike": like(ProcessInstance.business_key),
        "processDefinitionId": equals(ProcessInstance.definition_key),
        "processDefinitionKey": equals(ProcessInstance.process_key),
        "processDefinitionKeyIn": one_of(ProcessInstance.process_key),
        "taskDefinitionKey": equals(UserTask.element_id),
        "taskDefinitionKeyIn": one_of(UserTask.element_id),
        "taskDefinitionKeyLike": like(UserTask.element_id),
        "name": equals(UserTask.name),
        "nameLike": like(UserTask.name),
        "nameNotEqual": Filter("text", lambda value: UserTask.name != value),
        "assignee": equals(UserTask.assignee),
        "assigneeIn": one_of(UserTask.assignee),
        "assigneeLike": like(UserTask.assignee),
        "assigned": when(UserTask.assignee.is_not(None)),
        "unassigned": when(UserTask.assignee.is_(None)),
        # As that API has it: candidates are asked for unassigned tasks only.
        "candidateUser": Filter(
            "text", lambda name: and_(UserTask.assignee.is_(None), has_candidate(Candidate.username == name))
        ),
        "candidateGroup": Filter("text", lambda role: _in_groups([role])),
        "candidateGroups": Filter("texts", _in_groups),
        "withCandidateGroups": when(has_candidate(Candidate.role_key != "")),
        "withCandidateUsers": when(has_candidate(Candidate.username != "")),
        "involvedUser": Filter(
            "text", lambda name: or_(UserTask.assignee == name, has_candidate(Candidate.username == name))
        ),
        "priority": Filter("number", lambda value: UserTask.priority == value),
        "minPriority": Filter("number", lambda value: UserTask.priority >= value),
        "maxPriority": Filter("number", lambda value: UserTask.priority <= value),
        "dueDate": Filter("moment", lambda value: UserTask.due_at == value),
        "dueBefore": before(UserTask.due_at),
        "dueAfter": after(UserTask.due_at),
        "withoutDueDate": when(UserTask.due_at.is_(None)),
        "followUpBefore": before(UserTask.follow_up_at),
        "followUpAfter": after(UserTask.follow_up_at),
        "createdOn": Filter("moment", lambda value: UserTask.created_at == value),
        "createdBefore": before(UserTask.created_at),
        "createdAfter": after(UserTask.created_at),
        "tenantIdIn": one_of(UserTask.organisation_key),
        "withoutTenantId": never(),
        "active": always(),
        "suspended": never(),
    },
    sorts={
        "id": UserTask.user_task_key,
        "instanceId": UserTask.instance_key,
        "executionId": UserTask.user_task_key,
        "name": UserTask.name,
        "nameCaseInsensitive": func.lower(UserTask.name),
        "assignee": UserTask.assignee,
        "priority": UserTask.priority,
        "created": UserTask.created_at,
        "dueDate": UserTask.due_at,
        "followUpDate": UserTask.follow_up_at,
        "tenantId": UserTask.organisation_key,
    },
    default_sort=(("created", False),),
)
