"""Proof that a form came from one of our own pages: a token kept in the signed session, sent back by the form."""

import hmac
import secrets

from flask import request, session
from werkzeug.exceptions import BadRequest

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


class WrongToken(BadRequest):
    """A form without the token, with another one, or from a page that lay open until the session ended."""


def current_token() -> str:
    token = session.get("csrf")
    if not isinstance(token, str):
        token = session["csrf"] = secrets.token_urlsafe(32)
    return token


def require_token() -> None:
    """Raises WrongToken."""
    expected = session.get("csrf")
    given = request.headers.get(HEADER) or request.form.get(FIELD) or ""
    if not isinstance(expected, str) or not hmac.compare_digest(expected.encode(), given.encode()):
        raise WrongToken
