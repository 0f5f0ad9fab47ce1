"""Which engine answers: the version of the API that is spoken here."""

from flask import Blueprint, Response

from web.access import needs
from web.engine_rest.reply import reply

COMPATIBLE_WITH = "7.24.0"

area = Blueprint("version", __name__)


@area.get("/version")
@needs("system.read")
def show() -> Response:
    return reply({"version": COMPATIBLE_WITH})


@area.get("/engine")
@needs("system.read")
def engines() -> Response:
    return reply([{"name": "default"}])
