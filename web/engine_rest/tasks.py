"""User tasks: lists, and what a person does with one. A task that is done, or held by someone else, says by whom and when."""

from typing import Any

from flask import Blueprint, Response, request

from engine.commands.assign_user_task import assign_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.commands.hold_user_task import claim_user_task, release_user_task
from engine.model import NotFound
from engine.queries.rest_listing import find_row
from engine.queries.rest_tasks import OPEN_TASKS
from engine.queries.rest_variables import case_variables, visible_variables
from web.access import current_actor, current_engine, needs
from web.engine_rest.parameters import count_of, page_of, read_body, read_text
from web.engine_rest.reply import Body, nothing, reply, write_date
from web.engine_rest.variables import read_variables, write_variables

area = Blueprint("tasks", __name__)


@area.get("/task")
@area.post("/task")
@needs("task.read")
def index() -> Response:
    return reply(page_of(OPEN_TASKS, task_body))


@area.get("/task/count")
@area.post("/task/count")
@needs("task.read")
def count() -> Response:
    return reply(count_of(OPEN_TASKS))


@area.get("/task/<user_task_key>")
@needs("task.read")
def show(user_task_key: str) -> Response:
    return reply(task_body(_open(user_task_key)))


@area.get("/task/<user_task_key>/form-variables")
@area.get("/task/<user_task_key>/variables")
@needs("task.read")
def form_variables(user_task_key: str) -> Response:
    row = _open(user_task_key)
    with current_engine().store.reading() as session:
        release = current_engine().releases.get(session, row.release_key)
        values = visible_variables(session, release, row.instance_key, row.user_task_key)
    wanted = request.args.get("variableNames")
    if wanted is not None:
        values = {name: values[name] for name in wanted.split(",") if name in values}
    return reply(write_variables(values))


@area.post("/task/<user_task_key>/claim")
@needs("task.work")
def claim(user_task_key: str) -> Response:
    """For oneself; `userId` of somebody else asks for the right to assign."""
    actor = current_actor()
    wanted = read_text(read_body(), "userId", actor.username)
    if wanted != actor.username:
        assign_user_task(current_engine(), actor, user_task_key=user_task_key, to=wanted, reason="REST")
    else:
        claim_user_task(current_engine(), actor, user_task_key=user_task_key)
    return nothing()


@area.post("/task/<user_task_key>/unclaim")
@needs("task.work")
def unclaim(user_task_key: str) -> Response:
    release_user_task(current_engine(), current_actor(), user_task_key=user_task_key)
    return nothing()


@area.post("/task/<user_task_key>/complete")
@area.post("/task/<user_task_key>/submit-form")
@needs("task.work")
def complete(user_task_key: str) -> Response:
    body = read_body()
    done = complete_user_task(
        current_engine(),
        current_actor(),
        user_task_key=user_task_key,
        values=read_variables(body.get("variables")),
    )
    if body.get("withVariablesInReturn") is not True:
        return nothing()
    with current_engine().store.reading() as session:
        return reply(write_variables(case_variables(session, done.instance_key)[1]))


def _open(user_task_key: str) -> Any:
    with current_engine().store.reading() as session:
        row = find_row(session, OPEN_TASKS, current_actor(), user_task_key)
    if row is None:
        raise NotFound("task with id", user_task_key, "待办")
    return row


def task_body(row: Any) -> Body:
    form = {"key": row.form_ref, "binding": "deployment", "version": None} if row.form_ref else None
    return {
        "id": row.user_task_key,
        "name": row.name,
        "assignee": row.assignee,
        "created": write_date(row.created_at),
        "due": write_date(row.due_at),
        "followUp": write_date(row.follow_up_at),
        "lastUpdated": write_date(row.claimed_at),
        "delegationState": None,
        "description": None,
        "executionId": row.user_task_key,
        "owner": None,
        "parentTaskId": None,
        "priority": row.priority,
        "processDefinitionId": row.definition_key,
        "processInstanceId": row.instance_key,
        "taskDefinitionKey": row.element_id,
        "caseExecutionId": None,
        "caseInstanceId": None,
        "caseDefinitionId": None,
        "suspended": False,
        "formKey": None,
        "camundaFormRef": form,
        "tenantId": row.organisation_key,
    }
