"""What an open page is told: the counts of its head, and the newest notice when there is one more.

A stream looks with short questions of its own and holds no connection to the database while it waits.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from engine.queries.notices import UnreadNotice
from web.live.hub import Hub, Subscription

# Below the patience of proxies, and the longest time for which a stream outlives its session.
PING_SECONDS = 15.0
PING = ": \n\n"


@dataclass(frozen=True)
class Sight:
    """What the person would see now. `head`: the counts as the head of a page draws them."""

    unread: int
    newest: UnreadNotice | None
    head: str


def events(
    hub: Hub, subscription: Subscription, look: Callable[[], Sight | None], known_unread: int
) -> Iterator[str]:
    """Server-sent events. `look` answers None when the session is over; `known_unread` is what the page shows."""
    before: Sight | None = None
    while not subscription.is_closed:
        try:
            with hub.looking:
                sight = look()
        except SQLAlchemyError:
            return  # The page asks from time to time and comes back by itself.
        if sight is None:
            return
        # Where nothing is new a comment is sent: only a server that sends notices that the page has gone.
        yield from list(_changes(before, sight, known_unread)) or [PING]
        before = sight
        subscription.wait(PING_SECONDS)


def _changes(before: Sight | None, now: Sight, known_unread: int) -> Iterator[str]:
    if before is None or now.head != before.head:
        yield _event("counts", {"unread": now.unread, "html": now.head})
    if now.newest is not None and _is_news(before, now, known_unread):
        yield _event(
            "notice", {"unread": now.unread, "key": now.newest.notice_key, "subject": now.newest.subject}
        )


def _is_news(before: Sight | None, now: Sight, known_unread: int) -> bool:
    """Reading the newest one makes an older one the newest: that is no news."""
    assert now.newest is not None
    if before is None:
        return now.unread > known_unread
    is_newer = before.newest is None or now.newest.created_at > before.newest.created_at
    return now.unread > before.unread or is_newer


def _event(name: str, data: object) -> str:
    # JSON in ASCII has no line breaks, so nobody's text can begin a line of its own in the stream.
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
