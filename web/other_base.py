"""`/rest` is `/engine-rest`: the address that the modeler on the desktop proposes when it knows of no other."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PROPOSED, OURS = "/rest/", "/engine-rest/"


class OtherBase:
    """The same answers at both addresses, with the same rights: there is one list of routes."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(PROPOSED):
            environ = environ | {"PATH_INFO": OURS + path.removeprefix(PROPOSED)}
        return self._app(environ, start_response)
