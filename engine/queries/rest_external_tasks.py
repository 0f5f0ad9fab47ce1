"""Jobs that wait for a worker outside, by the filter names of the Camunda 7 REST API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from engine.model import Job, ProcessDefinition, ProcessInstance
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
from engine.queries.visible import visible_cases


def _statement(actor: Actor) -> Rows:
    return _of_anyone().where(visible_cases(actor, "external_task.work"))


def _of_anyone() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Job.job_key,
            Job.topic,
            Job.instance_key,
            Job.element_instance_key,
            Job.element_id,
            Job.process_key,
            Job.state,
            Job.due_at,
            Job.priority,
            Job.retries_left,
            Job.worker,
            Job.lease_until,
            Job.error,
            Job.created_at,
            Job.payload,
            ProcessInstance.organisation_key,
            ProcessInstance.definition_key,
            ProcessInstance.release_key,
            ProcessInstance.business_key,
            ProcessDefinition.version_tag,
        )
        .join(ProcessInstance, ProcessInstance.instance_key == Job.instance_key)
        .outerjoin(ProcessDefinition, ProcessDefinition.definition_key == ProcessInstance.definition_key)
        .where(Job.is_external.is_(True), Job.state.in_(("waiting", "running", "failed")))
    )


def external_tasks_by_key(session: Session, job_keys: Sequence[str]) -> dict[str, Any]:
    rows = session.execute(_of_anyone().where(Job.job_key.in_(job_keys)))
    return {row.job_key: row for row in rows}


_has_retries = and_(Job.retries_left > 0, Job.state != "failed")


def external_tasks(now: datetime) -> Listing:
    """`now` decides which locks still hold."""
    is_locked = and_(Job.state == "running", Job.lease_until > now)
    not_locked = or_(Job.state != "running", Job.lease_until <= now)
    return Listing(
        statement=_statement,
        key=Job.job_key,
        filters={
            "externalTaskId": equals(Job.job_key),
            "externalTaskIdIn": one_of(Job.job_key),
            "topicName": equals(Job.topic),
            "topicNameLike": like(Job.topic),
            "workerId": equals(Job.worker),
            "locked": when(is_locked),
            "notLocked": when(not_locked),
            "withRetriesLeft": when(_has_retries),
            "noRetriesLeft": when(~_has_retries),
            "lockExpirationBefore": before(Job.lease_until),
            "lockExpirationAfter": after(Job.lease_until),
            "activityId": equals(Job.element_id),
            "activityIdIn": one_of(Job.element_id),
            "executionId": equals(Job.element_instance_key),
            "processInstanceId": equals(Job.instance_key),
            "processInstanceIdIn": one_of(Job.instance_key),
            "processDefinitionId": equals(ProcessInstance.definition_key),
            "processDefinitionKey": equals(ProcessInstance.process_key),
            "processDefinitionKeyIn": one_of(ProcessInstance.process_key),
            "priorityHigherThanOrEquals": Filter("number", lambda value: Job.priority >= value),
            "priorityLowerThanOrEquals": Filter("number", lambda value: Job.priority <= value),
            "tenantIdIn": one_of(ProcessInstance.organisation_key),
            "active": always(),
            "suspended": never(),
        },
        sorts={
            "id": Job.job_key,
            "lockExpirationTime": Job.lease_until,
            "processInstanceId": Job.instance_key,
            "processDefinitionId": ProcessInstance.definition_key,
            "processDefinitionKey": ProcessInstance.process_key,
            "taskPriority": Job.priority,
            "createTime": Job.created_at,
            "tenantId": ProcessInstance.organisation_key,
        },
        default_sort=(("createTime", False),),
    )
