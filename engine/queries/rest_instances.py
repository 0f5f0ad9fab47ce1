"""Running and finished cases, by the filter names of the Camunda 7 REST API."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select, true

from engine.model import ElementInstance, Incident, ProcessDefinition, ProcessInstance
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
from engine.queries.variable_of_case import variable_fits
from engine.queries.visible import visible_cases

# (variable name, comparison, value)
Comparison = tuple[str, str, Any]

STATES = {"ACTIVE": "running", "COMPLETED": "completed", "EXTERNALLY_TERMINATED": "terminated"}

_start_element = (
    select(ElementInstance.element_id)
    .where(ElementInstance.instance_key == ProcessInstance.instance_key, ElementInstance.sequence == 1)
    .correlate(ProcessInstance)
    .scalar_subquery()
)


def _statement(actor: Actor) -> Rows:
    return (
        select(
            ProcessInstance.instance_key,
            ProcessInstance.organisation_key,
            ProcessInstance.definition_key,
            ProcessInstance.release_key,
            ProcessInstance.process_key,
            ProcessInstance.business_key,
            ProcessInstance.state,
            ProcessInstance.started_at,
            ProcessInstance.started_by,
            ProcessInstance.ended_at,
            ProcessInstance.end_element_id,
            ProcessInstance.changed_by,
            ProcessDefinition.name,
            ProcessDefinition.version,
            _start_element.label("start_element_id"),
        )
        .outerjoin(ProcessDefinition, ProcessDefinition.definition_key == ProcessInstance.definition_key)
        .where(visible_cases(actor))
    )


def _running(actor: Actor) -> Rows:
    return _statement(actor).where(ProcessInstance.state == "running")


def _compared(comparisons: Sequence[Comparison]) -> ColumnElement[bool]:
    return and_(true(), *(variable_fits(*one) for one in comparisons))


def _in_states(names: Sequence[str]) -> ColumnElement[bool]:
    return ProcessInstance.state.in_([STATES.get(name.upper(), name) for name in names])


_open_incident = (
    exists()
    .where(Incident.instance_key == ProcessInstance.instance_key, Incident.resolved_at.is_(None))
    .correlate(ProcessInstance)
)

_SHARED = {
    "processInstanceIds": one_of(ProcessInstance.instance_key),
    "processDefinitionId": equals(ProcessInstance.definition_key),
    "processDefinitionKey": equals(ProcessInstance.process_key),
    "processDefinitionKeyIn": one_of(ProcessInstance.process_key),
    "processDefinitionKeyNotIn": Filter("texts", lambda keys: ProcessInstance.process_key.not_in(keys)),
    "tenantIdIn": one_of(ProcessInstance.organisation_key),
    "withoutTenantId": never(),
    "variables": Filter("comparisons", _compared),
    "rootProcessInstances": always(),
}

RUNNING = Listing(
    statement=_running,
    key=ProcessInstance.instance_key,
    filters={
        **_SHARED,
        "businessKey": equals(ProcessInstance.business_key),
        "businessKeyLike": like(ProcessInstance.business_key),
        "active": always(),
        "suspended": never(),
        "withIncident": when(_open_incident),
    },
    sorts={
        "instanceId": ProcessInstance.instance_key,
        "definitionId": ProcessInstance.definition_key,
        "definitionKey": ProcessInstance.process_key,
        "businessKey": ProcessInstance.business_key,
        "tenantId": ProcessInstance.organisation_key,
    },
)

HISTORIC = Listing(
    statement=_statement,
    key=ProcessInstance.instance_key,
    filters={
        **_SHARED,
        "processInstanceId": equals(ProcessInstance.instance_key),
        "processInstanceBusinessKey": equals(ProcessInstance.business_key),
        "processInstanceBusinessKeyIn": one_of(ProcessInstance.business_key),
        "processInstanceBusinessKeyLike": like(ProcessInstance.business_key),
        "state": Filter("texts", _in_states),
        "finished": when(ProcessInstance.state != "running"),
        "unfinished": when(ProcessInstance.state == "running"),
        "active": when(ProcessInstance.state == "running"),
        "completed": when(ProcessInstance.state == "completed"),
        "externallyTerminated": when(ProcessInstance.state == "terminated"),
        "internallyTerminated": never(),
        "suspended": never(),
        "withIncidents": when(_open_incident),
        "withRootIncidents": when(_open_incident),
        "startedBy": equals(ProcessInstance.started_by),
        "startedBefore": before(ProcessInstance.started_at),
        "startedAfter": after(ProcessInstance.started_at),
        "finishedBefore": before(ProcessInstance.ended_at),
        "finishedAfter": after(ProcessInstance.ended_at),
    },
    sorts={
        "instanceId": ProcessInstance.instance_key,
        "definitionId": ProcessInstance.definition_key,
        "definitionKey": ProcessInstance.process_key,
        "definitionName": ProcessDefinition.name,
        "definitionVersion": ProcessDefinition.version,
        "businessKey": ProcessInstance.business_key,
        "startTime": ProcessInstance.started_at,
        "endTime": ProcessInstance.ended_at,
        "duration": ProcessInstance.ended_at - ProcessInstance.started_at,
        "tenantId": ProcessInstance.organisation_key,
    },
    default_sort=(("startTime", False),),
)
