"""Every refusal in one shape: for programs JSON {"type", "message", "details"}, for people a page that says what to do."""

import logging
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine.model import CommitUnknown, Conflict, DatabaseAway, InvalidForm, Rejected
from engine.people import Actor
from engine.queries.known_person import find_known_person
from engine.store import is_lost_connection
from web.csrf import WrongToken
from web.languages import current_locale
from web.languages import gettext as _

API = ("/engine-rest", "/api", "/metrics")
_NEVER_SHOWN = ("csrf_token", "password", "next", "locale", "theme")
RETRY_AFTER_SECONDS = 5  # as long as a database takes to come back, or another one to take its place
_log = logging.getLogger("huiyin.web")


def is_api() -> bool:
    path = request.path
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in API)


def asks_for_json() -> bool:
    """A script of one of our own pages, which wants to say itself what went wrong."""
    return request.accept_mimetypes.best == "application/json"


def api_error(kind: str, message: str, status: int, details: Any = None) -> Response:
    response = jsonify({"type": kind, "message": message, "details": details})
    response.status_code = status
    return response


def install_errors(app: Flask) -> None:
    app.register_error_handler(Rejected, _rejected)
    app.register_error_handler(CommitUnknown, _later)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(WrongToken, _wrong_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, unexpected)


def details_of(error: Rejected) -> Any:
    """Facts beside the sentence: who and when of a conflict, messages by field of a form."""
    if isinstance(error, Conflict):
        return {"by": error.by, "at": _iso(error.at)}
    if isinstance(error, InvalidForm):
        return {"form": error.form, "errors": error.errors}
    return None


def _rejected(error: Rejected) -> ResponseReturnValue:
    if is_api():
        return api_error(error.code, error.en, error.status, details_of(error))
    if asks_for_json():
        return api_error(error.code, error.says(current_locale()), error.status, _named(error))
    return error_page(error.status, error.says(current_locale()), error)


def _database(problem: DBAPIError) -> ResponseReturnValue:
    if not is_lost_connection(problem):
        return unexpected(problem)
    log_lost_connection(problem)
    return _later(DatabaseAway())


def log_lost_connection(problem: DBAPIError) -> None:
    """One line, without the rows that a statement would show."""
    _log.warning("The database was lost: %s %r: %r", request.method, request.path, str(problem.orig))


def _later(error: DatabaseAway | CommitUnknown) -> ResponseReturnValue:
    if is_api():
        response = api_error(error.code, error.en, error.status)
    elif asks_for_json():
        response = api_error(error.code, error.says(current_locale()), error.status)
    else:
        g.actor = None  # The head of the page would ask the database who this is and what waits for them.
        response = error_page(error.status, error.says(current_locale()))
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def error_page(status: int, sentence: str, error: Rejected | None = None) -> Response:
    """`error`, when it is a Conflict, lets the page name who and when."""
    facts: dict[str, Any] = {"status": status, "sentence": sentence, "actor": getattr(g, "actor", None)}
    if isinstance(error, Conflict) and error.by is not None:
        facts |= {"by": _name_of(error.by), "at": error.at}
    # What the person had typed is shown again: a refusal never loses work. A form that was too large was not read.
    posted = _posted() if status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE else ()
    typed = {name: texts for name, texts in posted if name not in _NEVER_SHOWN and any(texts)}
    template = "error_part.html" if request.headers.get("HX-Request") else "error.html"
    return make_response(render_template(template, typed=typed, **facts), status)


def _posted() -> Iterable[tuple[str, list[str]]]:
    """The refusal may have come before the form was read, and then reading it may be refused as well."""
    try:
        return list(request.form.lists())
    except HTTPException:
        return ()


def _named(error: Rejected) -> Any:
    """Who and when of a conflict, with the person's name beside the sign-in name."""
    details = details_of(error)
    if isinstance(error, Conflict) and error.by is not None:
        details["name"] = _name_of(error.by)
    return details


def _name_of(username: str) -> str:
    """The person's name in the reader's language, so that one knows whom to ask."""
    person = find_known_person(current_app.extensions["huiyin_engine"], username)
    return (person.names.get(current_locale()) if person else None) or username


def page_for_stranger() -> Response:
    return error_page(401, _("Please sign in first."))


def _wrong_token(error: WrongToken) -> ResponseReturnValue:
    del error
    sentence = _(
        "This page was open for too long or came from elsewhere. Please go back, reload and send again."
    )
    if is_api() or asks_for_json():
        return api_error("wrong_token", sentence, 400)
    return error_page(400, sentence)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    sentences = {
        400: _("The browser sent something that this page does not understand."),
        401: _("Please sign in first."),
        403: _("You do not have the right to see this."),
        404: _("There is nothing at this address."),
        405: _("This address does not take that kind of request."),
        413: _("The file is too large."),
        429: _("Too many tries. Please wait a few minutes."),
    }
    if is_api():
        kind = (error.name or "error").lower().replace(" ", "_")
        response = api_error(kind, error.description or "", status)
    elif asks_for_json():
        response = api_error(
            "refused", sentences.get(status, _("Something went wrong. It has been written down.")), status
        )
    else:
        sentence = sentences.get(status, _("Something went wrong. It has been written down."))
        response = error_page(status, sentence)
    for name, value in error.get_headers():
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response


def unexpected(error: Exception) -> ResponseReturnValue:
    # As a quoted text: a line break in an address must not begin a line of its own in the log.
    _log.exception("A request failed: %s %r", request.method, request.path, exc_info=error)
    g.setdefault("actor", None)
    return _http(InternalServerError())


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def actor_or_none() -> Actor | None:
    actor: Actor | None = getattr(g, "actor", None)
    return actor
