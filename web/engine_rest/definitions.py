"""Process definitions: lists, their diagrams, and starting a case."""

from typing import Any

from flask import Blueprint, Response

from engine.commands.start_instance import Started, start_instance
from engine.model import NotFound
from engine.queries.rest_definitions import DEFINITIONS, diagram_of, live_definition
from engine.queries.rest_listing import find_row
from engine.queries.rest_variables import case_variables
from web.access import current_actor, current_engine, needs
from web.engine_rest.errors import BadRequest
from web.engine_rest.parameters import count_of, page_of, read_body
from web.engine_rest.reply import Body, link, reply
from web.engine_rest.variables import read_variables, write_variables

area = Blueprint("definitions", __name__)

# The modeler on the desktop proposes this business key; our dossier numbers are unique, so it means "give it one".
PROPOSED_KEY = "default"
NOT_OBEYED = ("startInstructions", "caseInstanceId")


@area.get("/process-definition")
@needs("release.read")
def index() -> Response:
    return reply(page_of(DEFINITIONS, definition_body))


@area.get("/process-definition/count")
@needs("release.read")
def count() -> Response:
    return reply(count_of(DEFINITIONS))


@area.get("/process-definition/<definition_key>")
@needs("release.read")
def show(definition_key: str) -> Response:
    return reply(definition_body(_by_id(definition_key)))


@area.get("/process-definition/key/<process_key>")
@needs("release.read")
def show_live(process_key: str) -> Response:
    return reply(definition_body(_live(process_key)))


@area.get("/process-definition/<definition_key>/xml")
@needs("release.read")
def diagram(definition_key: str) -> Response:
    return _diagram(_by_id(definition_key))


@area.get("/process-definition/key/<process_key>/xml")
@needs("release.read")
def newest_diagram(process_key: str) -> Response:
    return _diagram(_live(process_key))


@area.post("/process-definition/<definition_key>/start")
@needs("case.start")
def start_by_id(definition_key: str) -> Response:
    wanted = _by_id(definition_key)
    live = _live(wanted.process_key)
    if live.definition_key != wanted.definition_key:
        raise BadRequest(
            f"Expected the live version of {wanted.process_key}, which is {live.definition_key}, "
            f"but {definition_key} is another one; new cases start with the live one only."
        )
    return _start(wanted.process_key, None)


@area.post("/process-definition/key/<process_key>/start")
@needs("case.start")
def start_by_key(process_key: str) -> Response:
    return _start(process_key, None)


@area.post("/process-definition/key/<process_key>/tenant-id/<organisation_key>/start")
@needs("case.start")
def start_in_organisation(process_key: str, organisation_key: str) -> Response:
    return _start(process_key, organisation_key)


def _start(process_key: str, organisation_key: str | None) -> Response:
    """Ours besides that API: `profile`, `unit` and `tenantId` (the organisation) in the body."""
    body = read_body()
    for name in NOT_OBEYED:
        if body.get(name):
            raise BadRequest(f"Expected no {name}: a case starts at its start event, and nowhere else.")
    started = start_instance(
        current_engine(),
        current_actor(),
        variables=read_variables(body.get("variables")),
        process_key=process_key,
        profile_id=_optional(body, "profile"),
        organisation_key=organisation_key or _optional(body, "tenantId"),
        unit_key=_optional(body, "unit"),
        business_key=_business_key(body),
    )
    return reply(_started_body(started, with_variables=body.get("withVariablesInReturn") is True))


def _business_key(body: Body) -> str | None:
    key = _optional(body, "businessKey")
    return None if key == PROPOSED_KEY else key


def _optional(body: Body, name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"Expected {name} as a text, but it is {value!r}.")
    return value or None


def _started_body(started: Started, *, with_variables: bool) -> Body:
    with current_engine().store.reading() as session:
        organisation, variables = case_variables(session, started.instance_key)
    body = {
        "links": [link(f"/engine-rest/process-instance/{started.instance_key}")],
        "id": started.instance_key,
        "definitionId": started.definition_key,
        "definitionKey": started.process_key,
        "businessKey": started.business_key,
        "caseInstanceId": None,
        "ended": started.is_ended,
        "suspended": False,
        "tenantId": organisation,
    }
    return body | ({"variables": write_variables(variables)} if with_variables else {})


def _by_id(definition_key: str) -> Any:
    with current_engine().store.reading() as session:
        row = find_row(session, DEFINITIONS, current_actor(), definition_key)
    if row is None:
        raise NotFound("process definition", definition_key, "流程定义")
    return row


def _live(process_key: str) -> Any:
    with current_engine().store.reading() as session:
        row = live_definition(session, process_key, current_engine().clock.now())
    if row is None:
        raise NotFound("process definition with key", process_key, "流程定义")
    return row


def _diagram(row: Any) -> Response:
    with current_engine().store.reading() as session:
        content = diagram_of(session, row)
    return reply({"id": row.definition_key, "bpmn20Xml": content.decode("utf-8-sig")})


def definition_body(row: Any) -> Body:
    return {
        "id": row.definition_key,
        "key": row.process_key,
        "category": None,
        "description": None,
        "name": row.name,
        "version": row.version,
        "resource": row.path,
        "deploymentId": row.deployment_key,
        "diagram": None,
        "suspended": False,
        "tenantId": None,
        "versionTag": row.version_tag,
        "historyTimeToLive": None,
        "startableInTasklist": row.is_startable,
    }
