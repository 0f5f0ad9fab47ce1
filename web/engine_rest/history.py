"""History: cases, finished and running, and the elements that they have visited."""

from typing import Any

from flask import Blueprint, Response

from engine.model import NotFound
from engine.queries.rest_history import ACTIVITIES, Activity, find_activities, paged
from engine.queries.rest_instances import HISTORIC
from engine.queries.rest_listing import find_row
from web.access import current_actor, current_engine, needs
from web.engine_rest.parameters import count_of, page_of, read_wanted
from web.engine_rest.reply import Body, milliseconds_between, reply, write_date

area = Blueprint("history", __name__)

STATES = {"running": "ACTIVE", "completed": "COMPLETED", "terminated": "EXTERNALLY_TERMINATED"}


@area.get("/history/process-instance")
@area.post("/history/process-instance")
@needs("case.read")
def instances() -> Response:
    return reply(page_of(HISTORIC, historic_body))


@area.get("/history/process-instance/count")
@area.post("/history/process-instance/count")
@needs("case.read")
def count_instances() -> Response:
    return reply(count_of(HISTORIC))


@area.get("/history/process-instance/<instance_key>")
@needs("case.read")
def instance(instance_key: str) -> Response:
    with current_engine().store.reading() as session:
        row = find_row(session, HISTORIC, current_actor(), instance_key)
    if row is None:
        raise NotFound("historic process instance with id", instance_key, "事项")
    return reply(historic_body(row))


@area.get("/history/activity-instance")
@area.post("/history/activity-instance")
@needs("case.read")
def activities() -> Response:
    wanted = read_wanted(ACTIVITIES)
    return reply([activity_body(one) for one in paged(_find(wanted), wanted)])


@area.get("/history/activity-instance/count")
@area.post("/history/activity-instance/count")
@needs("case.read")
def count_activities() -> Response:
    return reply({"count": len(_find(read_wanted(ACTIVITIES)))})


def _find(wanted: Any) -> list[Activity]:
    engine = current_engine()
    with engine.store.reading() as session:
        return find_activities(session, engine.releases, current_actor(), wanted)


def historic_body(row: Any) -> Body:
    return {
        "id": row.instance_key,
        "businessKey": row.business_key,
        "processDefinitionId": row.definition_key,
        "processDefinitionKey": row.process_key,
        "processDefinitionName": row.name,
        "processDefinitionVersion": row.version,
        "startTime": write_date(row.started_at),
        "endTime": write_date(row.ended_at),
        "removalTime": None,
        "durationInMillis": milliseconds_between(row.started_at, row.ended_at),
        "startUserId": row.started_by,
        "startActivityId": row.start_element_id,
        "endActivityId": row.end_element_id,
        "deleteReason": None,
        "rootProcessInstanceId": row.instance_key,
        "superProcessInstanceId": None,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "tenantId": row.organisation_key,
        "state": STATES[row.state],
        "restartedProcessInstanceId": None,
    }


def activity_body(one: Activity) -> Body:
    return {
        "id": one.key,
        "parentActivityInstanceId": one.instance_key,
        "activityId": one.element_id,
        "activityName": one.name,
        "activityType": one.type,
        "processDefinitionKey": one.process_key,
        "processDefinitionId": one.definition_key,
        "processInstanceId": one.instance_key,
        "executionId": one.key,
        "taskId": one.user_task_key,
        "assignee": one.assignee,
        "calledProcessInstanceId": None,
        "calledCaseInstanceId": None,
        "startTime": write_date(one.entered_at),
        "endTime": write_date(one.left_at),
        "durationInMillis": milliseconds_between(one.entered_at, one.left_at),
        "canceled": one.is_cancelled,
        "completeScope": one.left_at is not None and one.type.lower().endswith("endevent"),
        "tenantId": one.organisation_key,
        "removalTime": None,
        "rootProcessInstanceId": one.instance_key,
    }
