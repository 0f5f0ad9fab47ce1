"""The one gate of all pages and interfaces. Each route says what it needs; one that says nothing is not served.

    @needs("task.work")     an act of engine/people/permissions.py; the command or query asks again with the place
    @public                 for strangers too (sign-in page, health)

Strangers are refused before anything is looked up, even whether the address exists.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.engine import Engine
from engine.people import ACTS, Actor, require
from web.authorization_header import actor_from_header
from web.csrf import WrongToken, require_token
from web.desktop_programs import is_page_of_the_web
from web.errors import api_error, asks_for_json, is_api, page_for_stranger
from web.languages import gettext as _
from web.signed_in import actor_from_session
from web.sizes import STRANGER_BYTES, most_bytes

View = TypeVar("View", bound=Callable[..., Any])

_NEED = "huiyin_need"
_PUBLIC = "public"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class UndeclaredRoute(Exception):
    """A route without @needs or @public: the application does not start."""


def needs(act: str) -> Callable[[View], View]:
    """The act of the permission table that a person must have somewhere to use this route."""
    if act not in ACTS:
        raise UndeclaredRoute(f"Expected an act of the permission table, but {act!r} is none.")

    def declare(view: View) -> View:
        setattr(view, _NEED, act)
        return view

    return declare


def public(view: View) -> View:
    """Open to strangers. The view must not tell anything about cases or people."""
    setattr(view, _NEED, _PUBLIC)
    return view


def need_of(app: Flask, endpoint: str) -> str | None:
    """The act that a route needs, "public", or None when it declares nothing."""
    return getattr(app.view_functions.get(endpoint), _NEED, None)


def require_declarations(app: Flask) -> None:
    """Raises UndeclaredRoute, naming each route that declares nothing."""
    silent = sorted({rule.rule for rule in app.url_map.iter_rules() if need_of(app, rule.endpoint) is None})
    if silent:
        raise UndeclaredRoute(f"Expected @needs or @public on each route, but these have none: {silent}")


def current_actor() -> Actor:
    """Who asks. Only called behind the gate, where there is always someone."""
    actor: Actor = g.actor
    return actor


def current_engine() -> Engine:
    engine: Engine = current_app.extensions["huiyin_engine"]
    return engine


def install_gate(app: Flask, engine: Engine) -> None:
    app.extensions["huiyin_engine"] = engine
    app.before_request(_gate)


def _gate() -> ResponseReturnValue | None:
    g.actor = None
    request.max_content_length = STRANGER_BYTES
    rule = request.url_rule
    need = need_of(current_app, rule.endpoint) if rule is not None else None
    if need == _PUBLIC:
        # Public pages still greet a person who is signed in, in that person's language.
        if request.endpoint != "static":
            g.actor = actor_from_session(current_engine())
        if request.method not in _SAFE:
            require_token()
        return None
    is_by_header = is_api() and request.authorization is not None
    g.actor = actor_from_header(current_engine()) if is_by_header else actor_from_session(current_engine())
    if g.actor is None:
        return _refuse_stranger()
    request.max_content_length = most_bytes(request)
    if rule is None:
        return None  # Flask answers 404 or 405, now that we know who asks.
    # A browser adds the session cookie by itself, so the form must prove that it came from our page.
    if request.method not in _SAFE:
        _refuse_other_sites() if is_by_header else require_token()
    if need is None:
        raise UndeclaredRoute(f"Expected @needs or @public on {rule.rule}, but there is none.")
    require(g.actor, need)
    return None


def _refuse_other_sites() -> None:
    """A browser remembers a password that was typed for the interface, and adds it to forms of other sites too.

    Raises WrongToken. Programs do not send this header, but for those that have a browser inside.
    """
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site") and is_page_of_the_web():
        raise WrongToken


def _refuse_stranger() -> ResponseReturnValue:
    if is_api():
        response = api_error("unauthorized", "Expected a user name and password, but there are none.", 401)
        response.headers["WWW-Authenticate"] = 'Basic realm="Huiyin", charset="UTF-8"'
        return response
    if asks_for_json():
        return api_error("unauthorized", _("Please sign in first."), 401)
    address = url_for("login.show", next=_way_back())
    if request.headers.get("HX-Request") or request.headers.get("Accept") == "text/event-stream":
        # A part of a page must not be replaced by the sign-in page, and a stream is none: the whole page goes there.
        return Response(status=401, headers={"HX-Redirect": address})
    if request.method in _SAFE:
        return redirect(address, 302)
    return page_for_stranger()


def _way_back() -> str | None:
    path = request.full_path.rstrip("?")
    return path if path != "/" and request.method == "GET" and not request.headers.get("HX-Request") else None
