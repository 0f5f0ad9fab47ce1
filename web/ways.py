"""Where a form leads back to: only ever to a page of this site."""

from urllib.parse import urlsplit

from flask import redirect, request
from flask.typing import ResponseReturnValue


def inside(path: str | None, otherwise: str = "/") -> str:
    """`path` when it stays on this site."""
    if not path or not path.startswith("/") or path.startswith("//"):
        return otherwise
    # Browsers read a backslash as a slash, and leave out line breaks and tabs before they look at an address.
    if any(one == "\\" or one < " " or one == "\x7f" for one in path):
        return otherwise
    parts = urlsplit(path)
    return otherwise if parts.netloc or parts.scheme else path


def back(otherwise: str) -> ResponseReturnValue:
    """To the page that the form came from, as its field `next` says."""
    return redirect(inside(request.form.get("next"), otherwise), 303)
