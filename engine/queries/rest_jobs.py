"""Work that the engine owes, timers among it, and incidents, by the filter names of the Camunda 7 REST API."""

from typing import Any

from sqlalchemy import and_, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from engine.model import Incident, Job, ProcessInstance, Timer
from engine.people import Actor
from engine.queries.rest_listing import (
    Filter,
    Listing,
    Rows,
    after,
    before,
    equals,
    like,
    never,
    one_of,
    when,
)
from engine.queries.visible import visible_cases

_jobs = select(
    Job.job_key.label("job_key"),
    literal("job").label("source"),
    Job.instance_key.label("instance_key"),
    Job.element_instance_key.label("element_instance_key"),
    Job.element_id.label("element_id"),
    Job.state.label("state"),
    Job.due_at.label("due_at"),
    Job.retries_left.label("retries_left"),
    Job.priority.label("priority"),
    Job.error.label("error"),
    Job.created_at.label("created_at"),
).where(Job.is_external.is_(False), Job.state.in_(("waiting", "running", "failed")))
_timers = select(
    Timer.timer_key,
    literal("timer"),
    Timer.instance_key,
    Timer.element_instance_key,
    Timer.element_id,
    Timer.state,
    Timer.fires_at,
    literal(1),
    literal(0),
    null(),
    null(),
).where(Timer.state.in_(("waiting", "paused", "failed")))
_all = union_all(_jobs, _timers).subquery("owed")
_has_failed = or_(_all.c.state == "failed", _all.c.error.is_not(None))


def _owed(actor: Actor) -> Rows:
    return (
        select(
            _all,
            ProcessInstance.organisation_key,
            ProcessInstance.definition_key,
            ProcessInstance.process_key,
        )
        .join(ProcessInstance, ProcessInstance.instance_key == _all.c.instance_key)
        .where(visible_cases(actor, "job.read"))
    )


JOBS = Listing(
    statement=_owed,
    key=_all.c.job_key,
    filters={
        "jobId": equals(_all.c.job_key),
        "jobIds": one_of(_all.c.job_key),
        "processInstanceId": equals(_all.c.instance_key),
        "processInstanceIds": one_of(_all.c.instance_key),
        "executionId": equals(_all.c.element_instance_key),
        "processDefinitionId": equals(ProcessInstance.definition_key),
        "processDefinitionKey": equals(ProcessInstance.process_key),
        "activityId": equals(_all.c.element_id),
        "failedActivityId": Filter("text", lambda value: and_(_all.c.element_id == value, _has_failed)),
        "timers": when(_all.c.source == "timer"),
        "messages": when(_all.c.source == "job"),
        "withRetriesLeft": when(and_(_all.c.retries_left > 0, _all.c.state != "failed")),
        "noRetriesLeft": when(or_(_all.c.retries_left == 0, _all.c.state == "failed")),
        "withException": when(_has_failed),
        "exceptionMessage": equals(_all.c.error),
        "dueBefore": before(_all.c.due_at),
        "dueAfter": after(_all.c.due_at),
        "priorityHigherThanOrEquals": Filter("number", lambda value: _all.c.priority >= value),
        "priorityLowerThanOrEquals": Filter("number", lambda value: _all.c.priority <= value),
        "tenantIdIn": one_of(ProcessInstance.organisation_key),
        "withoutTenantId": never(),
        "active": when(_all.c.state != "paused"),
        "suspended": when(_all.c.state == "paused"),
    },
    sorts={
        "jobId": _all.c.job_key,
        "executionId": _all.c.element_instance_key,
        "processInstanceId": _all.c.instance_key,
        "processDefinitionId": ProcessInstance.definition_key,
        "processDefinitionKey": ProcessInstance.process_key,
        "jobPriority": _all.c.priority,
        "jobRetries": _all.c.retries_left,
        "jobDueDate": _all.c.due_at,
        "tenantId": ProcessInstance.organisation_key,
    },
    default_sort=(("jobDueDate", False),),
)


def _incidents(actor: Actor) -> Rows:
    return (
        select(
            Incident.incident_key,
            Incident.instance_key,
            Incident.kind,
            Incident.element_id,
            Incident.element_instance_key,
            Incident.job_key,
            Incident.message,
            Incident.raised_at,
            Job.is_external,
            ProcessInstance.organisation_key,
            ProcessInstance.definition_key,
        )
        .join(ProcessInstance, ProcessInstance.instance_key == Incident.instance_key)
        .outerjoin(Job, Job.job_key == Incident.job_key)
        .where(Incident.resolved_at.is_(None), visible_cases(actor, "incident.read"))
    )


def _of_type(name: str) -> Any:
    """`failedExternalTask` for a worker's task; everything else that stops a case is a `failedJob`."""
    external = Job.is_external.is_(True)
    return {"failedExternalTask": external, "failedJob": or_(Job.is_external.is_(None), ~external)}.get(
        name, Incident.kind == name
    )


INCIDENTS = Listing(
    statement=_incidents,
    key=Incident.incident_key,
    filters={
        "incidentId": equals(Incident.incident_key),
        "incidentType": Filter("text", _of_type),
        "incidentMessage": Filter("text", lambda value: Incident.message["en"].as_string() == value),
        "incidentMessageLike": like(Incident.message["en"].as_string()),
        "processInstanceId": equals(Incident.instance_key),
        "processInstanceIdIn": one_of(Incident.instance_key),
        "processDefinitionId": equals(ProcessInstance.definition_key),
        "processDefinitionKeyIn": one_of(ProcessInstance.process_key),
        "executionId": equals(Incident.element_instance_key),
        "activityId": equals(Incident.element_id),
        "failedActivityId": equals(Incident.element_id),
        "configuration": equals(Incident.job_key),
        "incidentTimestampBefore": before(Incident.raised_at),
        "incidentTimestampAfter": after(Incident.raised_at),
        "tenantIdIn": one_of(ProcessInstance.organisation_key),
    },
    sorts={
        "incidentId": Incident.incident_key,
        "incidentMessage": Incident.message["en"].as_string(),
        "incidentTimestamp": Incident.raised_at,
        "incidentType": Incident.kind,
        "executionId": Incident.element_instance_key,
        "activityId": Incident.element_id,
        "processInstanceId": Incident.instance_key,
        "processDefinitionId": ProcessInstance.definition_key,
        "configuration": Incident.job_key,
        "tenantId": ProcessInstance.organisation_key,
    },
    default_sort=(("incidentTimestamp", False),),
)


def open_incident_of(session: Session, timer_key: str) -> str | None:
    """The incident that holds a failed timer."""
    return session.execute(
        select(Incident.incident_key)
        .where(Incident.element_instance_key == timer_key, Incident.resolved_at.is_(None))
        .limit(1)
    ).scalar_one_or_none()
