"""Proof that a form came from one of our own pages: a token kept in the signed session, sent back by the form."""

import base64
import binascii
import hmac
import secrets

from flask import request, session
from werkzeug.exceptions import BadRequest

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
_BYTES = 32


class WrongToken(BadRequest):
    """A form without the token, with another one, or from a page that lay open until the session ended."""


def current_token() -> str:
    """The session's token in a cover that differs on each page.

    Pages are compressed: the length of one that repeats what an attacker chose would betray a token that is always
    written the same (BREACH).
    """
    secret = _secret()
    if secret is None:
        secret = secrets.token_bytes(_BYTES)
        session["csrf"] = _text(secret)
    pad = secrets.token_bytes(_BYTES)
    return _text(pad + _crossed(pad, secret))


def require_token() -> None:
    """Raises WrongToken."""
    expected = _secret()
    given = _raw(request.headers.get(HEADER) or request.form.get(FIELD) or "", 2 * _BYTES)
    if expected is None or given is None:
        raise WrongToken
    if not hmac.compare_digest(expected, _crossed(given[:_BYTES], given[_BYTES:])):
        raise WrongToken


def _secret() -> bytes | None:
    kept = session.get("csrf")
    return _raw(kept, _BYTES) if isinstance(kept, str) else None


def _crossed(pad: bytes, other: bytes) -> bytes:
    return bytes(one ^ two for one, two in zip(pad, other, strict=True))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _raw(text: str, length: int) -> bytes | None:
    """None for anything but the text of so many bytes."""
    try:
        raw = base64.urlsafe_b64decode(text.encode())
    except (ValueError, binascii.Error):
        return None
    return raw if len(raw) == length else None
