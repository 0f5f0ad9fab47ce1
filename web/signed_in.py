"""Who is signed in: a signed cookie that names the person, checked against the database at each request.

It ends after a while without use, at the latest after a working day, at once when the password changes, and for good
when the person signs out: a copy of the cookie is worth nothing then (docs/decisions/0011-sessions.md).
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from flask import Flask, current_app, g, request, session
from werkzeug.datastructures import ImmutableDict

from engine.commands.engine import Engine
from engine.commands.people.sign_out import is_session_ended, sign_out
from engine.people import Actor
from engine.queries.known_person import KnownPerson, find_known_person
from web.web_settings import WebSettings

IDLE = timedelta(hours=4)
LONGEST = timedelta(hours=12)
# The moment of last use is written back at most this often, so that most answers set no cookie.
SEEN_EVERY = timedelta(minutes=5)
# An open page asks for these by itself: nobody need be there.
_ASKED_BY_PAGES = ("inbox.head", "live.stream")


def configure_session(app: Flask, settings: WebSettings) -> None:
    app.secret_key = settings.secret_key
    app.config.from_mapping(
        ImmutableDict(
            # The prefix makes browsers refuse such a cookie from another host or without https.
            SESSION_COOKIE_NAME="__Host-huiyin" if settings.is_secure else "huiyin",
            SESSION_COOKIE_SECURE=settings.is_secure,
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            SESSION_REFRESH_EACH_REQUEST=False,
            PERMANENT_SESSION_LIFETIME=LONGEST,
        )
    )


def begin_session(engine: Engine, person: KnownPerson) -> None:
    """A fresh session, so that nothing of the stranger's one (such as its token) lives on."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    now = engine.clock.now().timestamp()
    session.permanent = True
    session.update(
        user=person.actor.username, since=now, seen=now, mark=_mark(person), key=secrets.token_urlsafe(16)
    )


def end_session(engine: Engine) -> None:
    """Of the person who is signed in, on the server; a stranger's is only forgotten."""
    actor, key = g.get("actor"), session.get("key")
    if actor is not None and isinstance(key, str):
        sign_out(engine, actor, session_key=key, expires_at=_moment("since") + LONGEST)
    _forget()


def _forget() -> None:
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def actor_from_session(engine: Engine) -> Actor | None:
    username = session.get("user")
    if not isinstance(username, str):
        return None
    now = engine.clock.now()
    since, seen = _moment("since"), _moment("seen")
    if now - seen > IDLE or now - since > LONGEST:
        _forget()
        return None
    key = session.get("key")
    if not isinstance(key, str) or is_session_ended(engine, key):
        _forget()
        return None
    person = find_known_person(engine, username)
    if person is None or not hmac.compare_digest(_mark(person), str(session.get("mark"))):
        _forget()
        return None
    if now - seen > SEEN_EVERY and request.endpoint not in _ASKED_BY_PAGES:
        session["seen"] = now.timestamp()
    g.calendar, g.names = person.calendar, person.names
    return person.actor


def _moment(name: str) -> datetime:
    return datetime.fromtimestamp(float(session.get(name, 0)), UTC)


def _mark(person: KnownPerson) -> str:
    """Changes with the password, and tells nothing about it."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, (person.password_hash or "").encode(), hashlib.sha256).hexdigest()[:24]
