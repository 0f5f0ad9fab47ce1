"""What the page of a case fetches: its drawing, where it stands, and the documents."""

from dataclasses import asdict
from io import BytesIO

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import send_file

from engine.commands.attachments import read_attachment
from engine.model import NotFound
from engine.queries.diagram_state import find_diagrams, find_drawing
from web.access import current_actor, current_engine, needs
from web.languages import current_locale

blueprint = Blueprint("case_files", __name__)
# Shown in the browser without being able to run anything.
_SHOWN_INSIDE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif"})
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.get("/cases/<instance_key>/diagram.json")
@needs("case.read")
def state(instance_key: str) -> ResponseReturnValue:
    found = find_diagrams(current_engine(), current_actor(), instance_key, current_locale())
    return jsonify([asdict(one) for one in found])


@blueprint.get("/cases/<instance_key>/drawing/<process_key>")
@needs("case.read")
def drawing(instance_key: str, process_key: str) -> ResponseReturnValue:
    content = find_drawing(current_engine(), current_actor(), instance_key, process_key, current_locale())
    if not content:
        raise NotFound("diagram", process_key, "流程图")
    return Response(content, mimetype="application/xml")


@blueprint.get("/attachments/<attachment_key>")
@needs("case.read")
def attachment(attachment_key: str) -> ResponseReturnValue:
    name, media_type, content = read_attachment(current_engine(), current_actor(), attachment_key)
    response = send_file(
        BytesIO(content),
        request.environ,
        mimetype=media_type,
        as_attachment=media_type not in _SHOWN_INSIDE,
        download_name=name,
    )
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
