"""The modeler on a desk: a browser that shows files of its own, so it asks as any page of another origin does (CORS).

Only such programs call themselves `file://`; a page on the web has an address, and a page that somebody opens from a
disk is `null`. Nothing of the person's is sent along by itself: what they ask carries a password or token of its own.
"""

from flask import Flask, Response, request

ORIGIN = "file://"
_PLACES = ("/engine-rest/", "/.well-known/")
_ANSWERS = {
    "Access-Control-Allow-Origin": ORIGIN,
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


def install_desktop_programs(app: Flask) -> None:
    """Before the gate: the browser's question carries no password yet, and nothing is looked up for it."""
    app.before_request(_answer_question)
    app.after_request(_let_in)


def is_page_of_the_web() -> bool:
    """Whether the one who asks is a page that some site has made; it always says which one."""
    return request.headers.get("Origin") not in (None, ORIGIN)


def _is_asked_from_a_desk() -> bool:
    return request.headers.get("Origin") == ORIGIN and request.path.startswith(_PLACES)


def _answer_question() -> Response | None:
    if request.method != "OPTIONS" or not _is_asked_from_a_desk():
        return None
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


def _let_in(response: Response) -> Response:
    if _is_asked_from_a_desk():
        response.headers.update(_ANSWERS)
        response.vary.add("Origin")
    return response
