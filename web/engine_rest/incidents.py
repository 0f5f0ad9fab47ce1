"""Incidents: cases that a technical fault has stopped until a person mends it."""

from typing import Any

from flask import Blueprint, Response

from engine.commands.incidents import resolve_incident
from engine.model import NotFound
from engine.queries.rest_jobs import INCIDENTS
from engine.queries.rest_listing import find_row
from web.access import current_actor, current_engine, needs
from web.engine_rest.parameters import count_of, page_of
from web.engine_rest.reply import Body, nothing, reply, write_date

area = Blueprint("incidents", __name__)


@area.get("/incident")
@needs("incident.read")
def index() -> Response:
    return reply(page_of(INCIDENTS, incident_body))


@area.get("/incident/count")
@needs("incident.read")
def count() -> Response:
    return reply(count_of(INCIDENTS))


@area.get("/incident/<incident_key>")
@needs("incident.read")
def show(incident_key: str) -> Response:
    with current_engine().store.reading() as session:
        row = find_row(session, INCIDENTS, current_actor(), incident_key)
    if row is None:
        raise NotFound("incident with id", incident_key, "异常")
    return reply(incident_body(row))


@area.delete("/incident/<incident_key>")
@needs("incident.resolve")
def resolve(incident_key: str) -> Response:
    resolve_incident(current_engine(), current_actor(), incident_key=incident_key)
    return nothing()


def incident_body(row: Any) -> Body:
    return {
        "id": row.incident_key,
        "processDefinitionId": row.definition_key,
        "processInstanceId": row.instance_key,
        "executionId": row.element_instance_key,
        "incidentTimestamp": write_date(row.raised_at),
        "incidentType": "failedExternalTask" if row.is_external else "failedJob",
        "activityId": row.element_id,
        "failedActivityId": row.element_id,
        "causeIncidentId": row.incident_key,
        "rootCauseIncidentId": row.incident_key,
        "configuration": row.job_key,
        "incidentMessage": row.message.get("en"),
        "tenantId": row.organisation_key,
        "jobDefinitionId": None,
        "annotation": None,
    }
