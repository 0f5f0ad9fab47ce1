"""Running cases and their variables."""

from typing import Any

from flask import Blueprint, Response

from engine.model import NotFound
from engine.queries.rest_instances import RUNNING
from engine.queries.rest_listing import find_row
from engine.queries.rest_variables import case_variables
from web.access import current_actor, current_engine, needs
from web.engine_rest.errors import BadRequest
from web.engine_rest.parameters import count_of, page_of
from web.engine_rest.reply import Body, link, reply
from web.engine_rest.variables import write_value, write_variables

area = Blueprint("instances", __name__)


@area.get("/process-instance")
@area.post("/process-instance")
@needs("case.read")
def index() -> Response:
    return reply(page_of(RUNNING, instance_body))


@area.get("/process-instance/count")
@area.post("/process-instance/count")
@needs("case.read")
def count() -> Response:
    return reply(count_of(RUNNING))


@area.get("/process-instance/<instance_key>")
@needs("case.read")
def show(instance_key: str) -> Response:
    return reply(instance_body(_running(instance_key)))


@area.get("/process-instance/<instance_key>/variables")
@needs("case.read")
def variables(instance_key: str) -> Response:
    return reply(write_variables(_variables(instance_key)))


@area.get("/process-instance/<instance_key>/variables/<name>")
@needs("case.read")
def variable(instance_key: str, name: str) -> Response:
    values = _variables(instance_key)
    if name not in values:
        raise NotFound("process instance variable with name", name, "变量")
    return reply(write_value(values[name]))


@area.get("/process-instance/<instance_key>/variables/<name>/data")
@needs("case.read")
def binary(instance_key: str, name: str) -> Response:
    if name not in _variables(instance_key):
        raise NotFound("process instance variable with name", name, "变量")
    raise BadRequest(f"Value of variable {name} is not a binary value.")


def _variables(instance_key: str) -> dict[str, Any]:
    _running(instance_key)
    with current_engine().store.reading() as session:
        return case_variables(session, instance_key)[1]


def _running(instance_key: str) -> Any:
    with current_engine().store.reading() as session:
        row = find_row(session, RUNNING, current_actor(), instance_key)
    if row is None:
        raise NotFound("process instance with id", instance_key, "运行中的事项")
    return row


def instance_body(row: Any) -> Body:
    return {
        "links": [link(f"/engine-rest/process-instance/{row.instance_key}")],
        "id": row.instance_key,
        "definitionId": row.definition_key,
        "definitionKey": row.process_key,
        "businessKey": row.business_key,
        "caseInstanceId": None,
        "ended": row.state != "running",
        "suspended": False,
        "tenantId": row.organisation_key,
    }
