"""Work that the engine owes: handler calls, messages between cases, mail, and timers."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from engine.commands.due.move_due import move_job, move_timer
from engine.commands.external_tasks import set_retries
from engine.commands.incidents import resolve_incident
from engine.model import NotFound
from engine.queries.rest_jobs import JOBS, open_incident_of
from engine.queries.rest_listing import find_row
from web.access import current_actor, current_engine, needs
from web.engine_rest.errors import BadRequest
from web.engine_rest.parameters import count_of, page_of, read_body, read_moment, read_number
from web.engine_rest.reply import Body, nothing, reply, write_date

area = Blueprint("jobs", __name__)


@area.get("/job")
@area.post("/job")
@needs("job.read")
def index() -> Response:
    return reply(page_of(JOBS, job_body))


@area.get("/job/count")
@area.post("/job/count")
@needs("job.read")
def count() -> Response:
    return reply(count_of(JOBS))


@area.get("/job/<job_key>")
@needs("job.read")
def show(job_key: str) -> Response:
    return reply(job_body(_owed(job_key)))


@area.put("/job/<job_key>/retries")
@needs("job.change")
def retries(job_key: str) -> Response:
    """More tries for what has failed; its incident is resolved by that."""
    number = read_number(read_body(), "retries")
    if number is None:
        raise BadRequest("Expected retries, but there is none.")
    row = _owed(job_key)
    if row.source == "job":
        set_retries(current_engine(), current_actor(), job_key=job_key, retries=number, act="job.change")
        return nothing()
    if not number:
        raise BadRequest("Expected at least one try: a deadline of a diagram cannot be switched off here.")
    with current_engine().store.reading() as session:
        incident_key = open_incident_of(session, job_key)
    if incident_key is not None:
        resolve_incident(current_engine(), current_actor(), incident_key=incident_key, retries=number)
    return nothing()


@area.put("/job/<job_key>/duedate")
@needs("job.change")
def due_date(job_key: str) -> Response:
    body = read_body()
    given = body.get("duedate")
    due_at: datetime = current_engine().clock.now() if given is None else read_moment("duedate", given)
    row = _owed(job_key)
    move = move_job if row.source == "job" else move_timer
    move(current_engine(), current_actor(), key=job_key, due_at=due_at)
    return nothing()


def _owed(job_key: str) -> Any:
    with current_engine().store.reading() as session:
        row = find_row(session, JOBS, current_actor(), job_key)
    if row is None:
        raise NotFound("job with id", job_key, "作业")
    return row


def job_body(row: Any) -> Body:
    has_failed = row.state == "failed" or row.error is not None
    return {
        "id": row.job_key,
        "jobDefinitionId": None,
        "dueDate": write_date(row.due_at),
        "processInstanceId": row.instance_key,
        "executionId": row.element_instance_key,
        "retries": 0 if row.state == "failed" else row.retries_left,
        "exceptionMessage": row.error,
        "failedActivityId": row.element_id if has_failed else None,
        "suspended": row.state == "paused",
        "priority": row.priority,
        "tenantId": row.organisation_key,
        "createTime": write_date(row.created_at),
        "processDefinitionId": row.definition_key,
        "processDefinitionKey": row.process_key,
        "batchId": None,
    }
