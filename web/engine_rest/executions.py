"""Variables as a worker reads them afterwards: its task came with them, but for the content of files."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select

from engine.model import NotFound, ProcessInstance
from engine.queries.rest_variables import case_variables
from engine.queries.visible import visible_cases
from web.access import current_actor, current_engine, needs
from web.engine_rest.errors import BadRequest
from web.engine_rest.reply import reply
from web.engine_rest.variables import write_value, write_variables

area = Blueprint("executions", __name__)


@area.get("/execution/<instance_key>/localVariables")
@needs("external_task.work")
def local_variables(instance_key: str) -> Response:
    return reply(write_variables(_variables(instance_key)))


@area.get("/execution/<instance_key>/localVariables/<name>")
@needs("external_task.work")
def local_variable(instance_key: str, name: str) -> Response:
    return reply(write_value(_one(instance_key, name)))


@area.get("/execution/<instance_key>/localVariables/<name>/data")
@needs("external_task.work")
def binary(instance_key: str, name: str) -> Response:
    """Files are documents of the case and never variables, so there is nothing to hand over as bytes."""
    _one(instance_key, name)
    raise BadRequest(f"Value of variable {name} is not a binary value.")


def _one(instance_key: str, name: str) -> Any:
    values = _variables(instance_key)
    if name not in values:
        raise NotFound("execution variable with name", name, "变量")
    return values[name]


def _variables(instance_key: str) -> dict[str, Any]:
    """Of the case: a worker has read them with its task, and sees no more here than there."""
    is_in_reach = visible_cases(current_actor(), "external_task.work")
    with current_engine().store.reading() as session:
        found = session.execute(
            select(ProcessInstance.instance_key).where(
                ProcessInstance.instance_key == instance_key, ProcessInstance.state == "running", is_in_reach
            )
        ).first()
        if found is None:
            raise NotFound("execution with id", instance_key, "运行中的事项")
        return case_variables(session, instance_key)[1]
