"""Deployments: what was installed when, and the door for new diagrams. All of a deployment goes live, or nothing."""

from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Response, request

from engine.commands.releases.deploy import Deployed, deploy
from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.model import NotFound
from engine.queries.rest_definitions import DEPLOYMENTS, definitions_of, definitions_of_releases
from engine.queries.rest_listing import find_row
from web.access import current_actor, current_engine, needs
from web.engine_rest.definitions import definition_body
from web.engine_rest.errors import BadRequest
from web.engine_rest.parameters import count_of, page_of
from web.engine_rest.reply import Body, link, reply, write_date

area = Blueprint("deployments", __name__)


@area.get("/deployment")
@needs("release.read")
def index() -> Response:
    return reply(page_of(DEPLOYMENTS, deployment_body))


@area.get("/deployment/count")
@needs("release.read")
def count() -> Response:
    return reply(count_of(DEPLOYMENTS))


@area.get("/deployment/<deployment_key>")
@needs("release.read")
def show(deployment_key: str) -> Response:
    with current_engine().store.reading() as session:
        row = find_row(session, DEPLOYMENTS, current_actor(), deployment_key)
    if row is None:
        raise NotFound("deployment", deployment_key, "部署")
    return reply(deployment_body(row))


@area.post("/deployment")
@area.post("/deployment/create")
@needs("release.deploy")
def create() -> Response:
    """Multipart, as the modeler on the desktop sends it: one part a file, named by its path in the family's folder."""
    files = _files()
    diagrams = [name for name in files if name.endswith(".bpmn")]
    name = request.form.get("deployment-name") or PurePosixPath(next(iter(files))).stem
    family = PurePosixPath(diagrams[0] if diagrams else next(iter(files))).stem
    deployed = deploy(
        current_engine(),
        current_actor(),
        [FamilyFiles(family, files, is_partial=True)],
        name=name[:255],
        source=request.form.get("deployment-source"),
    )
    return reply(_deployed_body(deployed, name))


def _files() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for field, uploads in request.files.lists():
        for upload in uploads:
            path = _path(field, upload.filename or field)
            if path in found:
                raise BadRequest(f"Expected each file once, but {path!r} is sent twice.")
            found[path] = upload.read()
    if not found:
        raise BadRequest("Expected at least one file in a multipart/form-data request, but there is none.")
    return found


def _path(field: str, file_name: str) -> str:
    """A browser cuts folders off the file name; the name of the part may still have them (forms/judge.json)."""
    name = field if field.endswith(f"/{file_name}") else file_name
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.name:
        raise BadRequest(f"Expected the path of a file inside its family's folder, but it is {name!r}.")
    if path.suffix == ".bpmn20.xml" or str(path).endswith(".bpmn20.xml"):
        path = PurePosixPath(str(path).removesuffix(".bpmn20.xml") + ".bpmn")
    if kind_of_file(str(path)) is None:
        raise BadRequest(
            f"Expected a diagram, table, form, profile, text or label file, but nothing reads {name!r}."
        )
    return str(path)


def _deployed_body(deployed: Deployed, name: str) -> Body:
    # The modeler filters duplicates and then takes the definition that it already knows.
    is_filtered = request.form.get("enable-duplicate-filtering") == "true"
    with current_engine().store.reading() as session:
        rows = definitions_of(session, list(deployed.definition_keys))
        if not rows and not is_filtered:
            rows = definitions_of_releases(session, list(deployed.releases))
    path = f"/engine-rest/deployment/{deployed.deployment_key}"
    return {
        "links": [link(path)],
        "id": deployed.deployment_key,
        "name": name,
        "source": request.form.get("deployment-source"),
        "deploymentTime": write_date(deployed.deployed_at),
        "tenantId": None,
        "deployedProcessDefinitions": {row.definition_key: definition_body(row) for row in rows} or None,
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": None,
        "deployedDecisionRequirementsDefinitions": None,
        "warnings": [finding.says("en") for finding in deployed.findings],
    }


def deployment_body(row: Any) -> Body:
    return {
        "links": [link(f"/engine-rest/deployment/{row.deployment_key}")],
        "id": row.deployment_key,
        "name": row.name,
        "source": row.source,
        "deploymentTime": write_date(row.deployed_at),
        "tenantId": None,
    }
