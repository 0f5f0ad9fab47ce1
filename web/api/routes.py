"""Puts the resources together under /api."""

from flask import Blueprint

from web.api import board, cases, due, openapi

blueprint = Blueprint("api", __name__, url_prefix="/api")
for _area in (cases.area, board.area, due.area, openapi.area):
    blueprint.register_blueprint(_area)
