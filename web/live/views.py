"""`GET /live`: the stream of one open page."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from engine.people import is_allowed
from engine.queries.inbox import count_for_head
from engine.queries.notices import find_newest_unread
from web.access import current_actor, current_engine, needs
from web.live.hub import NoRoom, hub_of
from web.live.stream import Sight, events
from web.signed_in import actor_from_session

blueprint = Blueprint("live", __name__)

# A page that got no stream asks for its counts every minute anyway.
COME_BACK_SECONDS = 60


@blueprint.get("/live")
@needs("notice.read")
def stream() -> ResponseReturnValue:
    """`unread`: how many unread notices the page shows, so that it hears of one that has come since."""
    hub = hub_of(current_app)
    try:
        subscription = hub.subscribe(current_actor().username)
    except NoRoom:
        raise ServiceUnavailable(retry_after=COME_BACK_SECONDS) from None
    known_unread = request.args.get("unread", 0, type=int)
    response = Response(
        events(hub, subscription, _eye(), known_unread),
        content_type="text/event-stream; charset=utf-8",
        # nginx would keep the events back until it had enough of them.
        headers={"X-Accel-Buffering": "no"},
    )
    # Also when the client has gone before the first event: a generator that never began runs no `finally`.
    response.call_on_close(lambda: hub.unsubscribe(subscription))
    return response


def _eye() -> Callable[[], Sight | None]:
    """Looks as if the page asked anew: with the session, the rights and the counts of that moment.

    The request in hand is not kept open for this: it would hold on to what it has read.
    """
    app, environ = current_app._get_current_object(), request.environ  # type: ignore[attr-defined]

    def look() -> Sight | None:
        with app.request_context(environ):
            return _look()

    return look


def _look() -> Sight | None:
    """None when the session is over."""
    engine = current_engine()
    g.actor = actor_from_session(engine)
    if g.actor is None or not is_allowed(g.actor, "notice.read"):
        return None
    counts = count_for_head(engine, g.actor)
    newest = find_newest_unread(engine, g.actor) if counts.unread else None
    return Sight(counts.unread, newest, render_template("head_counts.html", counts=counts))
