"""Puts the resources together under /engine-rest."""

from flask import Blueprint

from web.engine_rest import (
    definitions,
    deployments,
    errors,
    executions,
    external_tasks,
    history,
    incidents,
    instances,
    jobs,
    messages,
    signals,
    tasks,
    version,
    well_known,
)

AREAS = (
    version.area,
    deployments.area,
    definitions.area,
    instances.area,
    tasks.area,
    messages.area,
    signals.area,
    external_tasks.area,
    executions.area,
    incidents.area,
    jobs.area,
    history.area,
)

rest = Blueprint("rest", __name__, url_prefix="/engine-rest")
errors.install(rest)
for _area in AREAS:
    rest.register_blueprint(_area)

# The well-known address stands at the root of the server, beside the interface itself.
blueprint = Blueprint("engine_rest", __name__)
blueprint.register_blueprint(rest)
blueprint.register_blueprint(well_known.area)
