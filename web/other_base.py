"""`/rest` is `/engine-rest`: the address that the modeler on the desktop proposes when it knows of no other."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PROPOSED, OURS = "/rest/", "/engine-rest/"


def install_other_base(app: Flask) -> None:
    """The same answers at both addresses, with the same rights: there is one list of routes."""
    app.wsgi_app = _with_other_base(app.wsgi_app)  # type: ignore[method-assign]


def _with_other_base(app: "WSGIApplication") -> "WSGIApplication":
    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(PROPOSED):
            environ = environ | {"PATH_INFO": OURS + path.removeprefix(PROPOSED)}
        return app(environ, start_response)

    return answer
