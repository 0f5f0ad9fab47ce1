"""`/healthz` (the process answers), `/readyz` (what fell due while it was down is caught up), `/metrics` (Prometheus)."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from engine.commands.due_work import next_moment_due_at
from engine.queries.rest_measures import find_measures
from web.access import current_engine, needs, public

blueprint = Blueprint("health", __name__)

# Once it has caught up, a moment that is just being fired does not make the server unready; a dead keeper does.
PATIENCE = timedelta(minutes=1)
_CAUGHT_UP = "huiyin_caught_up"


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """503 while the database does not answer, or while overdue timers and ladder steps wait to be caught up."""
    engine = current_engine()
    now = engine.clock.now()
    try:
        due_at = next_moment_due_at(engine)
    except SQLAlchemyError:
        return jsonify({"status": "unavailable", "reason": "database"}), 503
    patience = PATIENCE if current_app.extensions.get(_CAUGHT_UP) else timedelta(0)
    if due_at is not None and due_at + patience <= now:
        return jsonify({"status": "catching up", "overdue_seconds": int((now - due_at).total_seconds())}), 503
    current_app.extensions[_CAUGHT_UP] = True
    return jsonify({"status": "ready"}), 200


@blueprint.get("/metrics")
@needs("system.read")
def metrics() -> Response:
    lines = []
    for measure in find_measures(current_engine()):
        lines += [f"# HELP {measure.name} {measure.help}", f"# TYPE {measure.name} gauge"]
        lines += [
            f"{measure.name}{_labels(labels)} {value:g}" for labels, value in sorted(measure.values.items())
        ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _labels(state: str) -> str:
    return f'{{state="{state}"}}' if state else ""
