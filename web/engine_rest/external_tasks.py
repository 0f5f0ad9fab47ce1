"""External tasks: workers of any language fetch service tasks of their topics with a lock, and report back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response

from engine.commands.case.on_case import CaseStopped
from engine.commands.external_tasks import (
    bpmn_error_of_external_task,
    complete_external_task,
    extend_lock,
    fail_external_task,
    lock_external_task,
    set_retries,
    unlock,
)
from engine.model import NotFound, WrongState
from engine.queries.rest_external_tasks import external_tasks
from engine.queries.rest_listing import find_row
from web.access import current_actor, current_engine, needs
from web.engine_rest.errors import BadRequest
from web.engine_rest.fetch_and_lock import fetch
from web.engine_rest.parameters import count_of, page_of, read_body, read_number, read_text
from web.engine_rest.reply import Body, nothing, reply, write_date
from web.engine_rest.spans import read_span
from web.engine_rest.variables import read_variables

area = Blueprint("external_tasks", __name__)


@area.get("/external-task")
@area.post("/external-task")
@needs("external_task.work")
def index() -> Response:
    return reply(page_of(external_tasks(current_engine().clock.now()), external_task_body))


@area.get("/external-task/count")
@area.post("/external-task/count")
@needs("external_task.work")
def count() -> Response:
    return reply(count_of(external_tasks(current_engine().clock.now())))


@area.post("/external-task/fetchAndLock")
@needs("external_task.work")
def fetch_and_lock() -> Response:
    return reply(fetch(read_body()))


@area.get("/external-task/<job_key>")
@needs("external_task.work")
def show(job_key: str) -> Response:
    return reply(external_task_body(_waiting(job_key)))


@area.get("/external-task/<job_key>/errorDetails")
@needs("external_task.work")
def error_details(job_key: str) -> Response:
    return Response(_split(_waiting(job_key).error)[1] or "", content_type="text/plain; charset=utf-8")


@area.post("/external-task/<job_key>/complete")
@needs("external_task.work")
def complete(job_key: str) -> Response:
    body = read_body()
    local = read_variables(body.get("localVariables"), "localVariables")
    with _refusals(job_key):
        complete_external_task(
            current_engine(),
            current_actor(),
            job_key=_waiting(job_key).job_key,
            worker=read_text(body, "workerId"),
            variables=local | read_variables(body.get("variables")),
        )
    return nothing()


@area.post("/external-task/<job_key>/failure")
@needs("external_task.work")
def failure(job_key: str) -> Response:
    body = read_body()
    for name in ("variables", "localVariables"):
        if body.get(name):
            raise BadRequest(
                f"Expected no {name}: a step that failed leaves the variables of the case as they were."
            )
    message, details = body.get("errorMessage"), body.get("errorDetails")
    with _refusals(job_key):
        fail_external_task(
            current_engine(),
            current_actor(),
            job_key=_waiting(job_key).job_key,
            worker=read_text(body, "workerId"),
            message="\n".join(str(part) for part in (message, details) if part),
            retries=read_number(body, "retries"),
            wait=read_span(body, "retryTimeout", default=0),
        )
    return nothing()


@area.post("/external-task/<job_key>/bpmnError")
@needs("external_task.work")
def bpmn_error(job_key: str) -> Response:
    """An error that nobody catches is taken too: it becomes an incident, which a person must mend, not the worker."""
    body = read_body()
    try:
        with _refusals(job_key):
            bpmn_error_of_external_task(
                current_engine(),
                current_actor(),
                job_key=_waiting(job_key).job_key,
                worker=read_text(body, "workerId"),
                error_code=read_text(body, "errorCode"),
                variables=read_variables(body.get("variables")),
            )
    except CaseStopped:
        return nothing()
    return nothing()


@area.post("/external-task/<job_key>/extendLock")
@needs("external_task.work")
def extend(job_key: str) -> Response:
    body = read_body()
    with _refusals(job_key):
        extend_lock(
            current_engine(),
            current_actor(),
            job_key=_waiting(job_key).job_key,
            worker=read_text(body, "workerId"),
            lock=read_span(body, "newDuration", least=1),
        )
    return nothing()


@area.post("/external-task/<job_key>/lock")
@needs("external_task.work")
def lock(job_key: str) -> Response:
    body = read_body()
    with _refusals(job_key):
        lock_external_task(
            current_engine(),
            current_actor(),
            job_key=_waiting(job_key).job_key,
            worker=read_text(body, "workerId"),
            lock=read_span(body, "lockDuration", least=1),
        )
    return nothing()


@area.post("/external-task/<job_key>/unlock")
@needs("external_task.work")
def give_back(job_key: str) -> Response:
    unlock(current_engine(), current_actor(), job_key=_waiting(job_key).job_key)
    return nothing()


@area.put("/external-task/<job_key>/retries")
@needs("external_task.work")
def retries(job_key: str) -> Response:
    number = read_number(read_body(), "retries")
    if number is None:
        raise BadRequest("Expected retries, but there is none.")
    set_retries(current_engine(), current_actor(), job_key=_waiting(job_key).job_key, retries=number)
    return nothing()


@contextmanager
def _refusals(job_key: str) -> Iterator[None]:
    """That API answers 400 when the lock is another worker's, 500 when the case cannot go on; workers look for it."""
    try:
        yield
    except WrongState as refused:
        row = _find(job_key)
        if row is not None and row.state == "failed":
            en = f"The case cannot go on after external task {job_key}: {row.error}"
            raise CaseStopped(en, f"外部任务之后的步骤无法继续：{row.error}") from refused
        raise BadRequest(refused.en, refused.zh) from refused


def _find(job_key: str) -> Any | None:
    listing = external_tasks(current_engine().clock.now())
    with current_engine().store.reading() as session:
        return find_row(session, listing, current_actor(), job_key)


def _waiting(job_key: str) -> Any:
    row = _find(job_key)
    if row is None:
        raise NotFound("external task with id", job_key, "外部任务")
    return row


def _split(error: str | None) -> tuple[str | None, str | None]:
    """(message, details): they are kept together, the message on the first line."""
    message, newline, details = (error or "").partition("\n")
    return message or None, details if newline else None


def external_task_body(row: Any) -> Body:
    return {
        "activityId": row.element_id,
        "activityInstanceId": row.element_instance_key,
        "errorMessage": _split(row.error)[0],
        "executionId": row.element_instance_key,
        "id": row.job_key,
        "lockExpirationTime": write_date(row.lease_until),
        "createTime": write_date(row.created_at),
        "processDefinitionId": row.definition_key,
        "processDefinitionKey": row.process_key,
        "processDefinitionVersionTag": row.version_tag,
        "processInstanceId": row.instance_key,
        "retries": 0 if row.state == "failed" else row.retries_left,
        "suspended": False,
        "workerId": row.worker,
        "topicName": row.topic,
        "tenantId": row.organisation_key,
        "priority": row.priority,
        "businessKey": row.business_key,
    }
