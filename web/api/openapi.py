"""The document of this interface in OpenAPI 3.1, made of what the routes say of themselves; it cannot fall behind."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.routing import Rule

from web.access import current_actor, current_engine, need_of, needs
from web.api.bodies import Body, reply
from web.api.described import Described, described, description_of
from web.api.schemas import SCHEMAS, TEXT, made_of, named
from web.intake.kinds import Kind, find_kinds
from web.languages import current_locale

area = Blueprint("openapi", __name__)

VERSION = "1.0.0"
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@area.get("/openapi.json")
@needs("system.read")
@described(
    "This document; the forms in it are those of the matters that one may register", answers={200: "Document"}
)
def show() -> Response:
    kinds = find_kinds(current_engine(), current_actor(), current_locale())
    return reply(document(current_app, kinds, request.host_url.rstrip("/")))


def document(app: Flask, kinds: Sequence[Kind], server: str) -> Body:
    paths: dict[str, Body] = {}
    for rule, method, said in _operations(app):
        path = _PLACE.sub(r"{\1}", rule.rule)
        paths.setdefault(path, {})[method.lower()] = _operation(app, rule, said)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Huiyin",
            "version": VERSION,
            "description": "What the interface at /engine-rest (Camunda 7 REST) does not have: limits and clocks, "
            "boards, intake by form, due moments. The same rights as on the pages hold.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}, {"password": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": SCHEMAS | _intake(kinds),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Made on the page /tokens."},
                "password": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _operations(app: Flask) -> Iterator[tuple[Rule, str, Described]]:
    for rule in app.url_map.iter_rules():
        said = description_of(app, rule.endpoint)
        if said is not None:
            for method in sorted(set(_METHODS) & (rule.methods or set())):
                yield rule, method, said


def _operation(app: Flask, rule: Rule, said: Described) -> Body:
    parameters: list[Body] = [
        {"name": name, "in": "path", "required": True, "schema": TEXT} for name in _PLACE.findall(rule.rule)
    ]
    parameters += [
        {
            "name": one.name,
            "in": "query",
            "required": one.is_required,
            "description": one.says,
            "schema": dict(one.schema),
        }
        for one in said.query
    ]
    answers = {
        str(status): {"description": said.summary, "content": _json(named(name))}
        for status, name in said.answers.items()
    }
    refused = {"description": "What is wrong, and how to mend it", "content": _json(named("Error"))}
    body = {"requestBody": {"required": True, "content": _json(named(said.takes))}} if said.takes else {}
    return {
        "operationId": rule.endpoint.removeprefix("api.").replace(".", "_"),
        "summary": said.summary,
        "description": f"Needs the right `{need_of(app, rule.endpoint)}`.",
        "parameters": parameters,
        "responses": answers | {"default": refused},
    } | body


def _json(schema: Body) -> Body:
    return {"application/json": {"schema": schema}}


def _intake(kinds: Sequence[Kind]) -> dict[str, Body]:
    """A body for each kind: its profile decides what its values are."""
    found: dict[str, Body] = {}
    for kind in kinds:
        values: Any = {"type": "object"} if kind.form is None else dict(kind.form.schema)
        # Two documents under one address would contradict each other: here it is a part of ours.
        values = {name: value for name, value in values.items() if name not in ("$id", "$schema")}
        fields = {
            "profile": {"const": kind.profile_id},
            "organisation": TEXT | {"description": "Needed when more than one offers this kind."},
            "unit": TEXT | {"description": "Where it is worked on; else the organisation's own unit."},
            "number": TEXT | {"description": "Else it is given one by the rule of its kind."},
            "values": values,
        }
        name = f"Intake.{re.sub(r'[^A-Za-z0-9._-]', '_', kind.profile_id)}"
        found[name] = made_of(fields, title=kind.title) | {"required": ["profile", "values"]}
    anything: Body = {"anyOf": [named(name) for name in found]} if found else {"not": {}}
    return found | {"Intake": anything}
