"""What machines ask: `/healthz` (may it be given requests), `/readyz` (is everything done that should be), `/metrics`.

The two differ where they must: when every worker is gone, promises are about to be broken, and `/readyz` says so with
503; but people can still do their tasks, so no proxy should shut them out. It asks `/healthz`.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from engine.commands.due.due_work import next_moment_due_at
from engine.queries.rest_measures import find_measures
from engine.queries.workers_alive import count_workers_alive
from web.access import current_engine, needs, public
from web.stopping import stopping_of

blueprint = Blueprint("health", __name__)

# Once it has caught up, a moment that is just being fired does not make the server unready; a dead keeper does.
PATIENCE = timedelta(minutes=1)
_CAUGHT_UP = "huiyin_caught_up"


@blueprint.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """503 only while the process stops. The database is not asked: without it, no other process would do better."""
    if stopping_of(current_app).is_set():
        return jsonify({"status": "stopping"}), 503
    return jsonify({"status": "ok"}), 200


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """503 while the process stops, the database does not answer, or overdue timers and ladder steps wait.

    `reason` says what to look at; "no worker" may stand beside 200, as long as nothing is overdue.
    """
    if stopping_of(current_app).is_set():
        return jsonify({"status": "stopping"}), 503
    engine = current_engine()
    now = engine.clock.now()
    try:
        due_at = next_moment_due_at(engine)
        workers = count_workers_alive(engine)
    except SQLAlchemyError:
        return jsonify({"status": "unavailable", "reason": "database"}), 503
    reason: dict[str, Any] = {"reason": "no worker"} if workers == 0 else {}
    patience = PATIENCE if current_app.extensions.get(_CAUGHT_UP) else timedelta(0)
    if due_at is not None and due_at + patience <= now:
        overdue = {"overdue_seconds": int((now - due_at).total_seconds())}
        return jsonify({"status": "catching up"} | overdue | reason), 503
    current_app.extensions[_CAUGHT_UP] = True
    return jsonify({"status": "ready"} | reason), 200


@blueprint.get("/metrics")
@needs("system.read")
def metrics() -> Response:
    lines = []
    for measure in find_measures(current_engine()):
        lines += [f"# HELP {measure.name} {measure.help}", f"# TYPE {measure.name} gauge"]
        lines += [
            f"{measure.name}{_labels(measure.label, shown)} {value:g}"
            for shown, value in sorted(measure.values.items())
        ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _labels(label: str, shown: str) -> str:
    return f'{{{label}="{shown}"}}' if shown else ""
