"""Which pages are open in this process, and who must be told to look again.

What was written is never passed through here: a stream that is told looks at the database itself, so being told twice,
or for nothing, does no harm.
"""

import threading
from collections.abc import Collection

from flask import Flask

# Tabs and devices that are in sight at once; whoever leafs quickly leaves streams behind that have not noticed yet.
MOST_A_PERSON = 4
# After a lost connection everybody looks again at once. Whoever waits for a page must still get a connection.
MOST_LOOKING = 4
_KEY = "huiyin_hub"


class NoRoom(Exception):
    """The process holds as many streams as it may, or is about to stop."""


class Subscription:
    """One open stream. Being told several times before it looks is being told once."""

    def __init__(self, username: str) -> None:
        self.username = username
        self.is_closed = False
        self._told = threading.Event()

    def tell(self) -> None:
        self._told.set()

    def close(self) -> None:
        self.is_closed = True
        self._told.set()

    def wait(self, seconds: float) -> bool:
        """Whether there was a reason to look within that time. Look after the return: what is told then is not lost."""
        was_told = self._told.wait(seconds)
        self._told.clear()
        return was_told


class Hub:
    """Thread-safe. `most`: how many streams this process holds open; 0 means none, and pages ask from time to time."""

    def __init__(self, most: int) -> None:
        self.looking = threading.BoundedSemaphore(MOST_LOOKING)
        self._most = most
        self._streams: dict[str, list[Subscription]] = {}
        self._count = 0
        self._is_closed = False
        self._lock = threading.Lock()

    @property
    def open_streams(self) -> int:
        return self._count

    def subscribe(self, username: str) -> Subscription:
        """Raises NoRoom. A person's oldest stream ends when there are too many of that person."""
        made = Subscription(username)
        with self._lock:
            own = self._streams.get(username, [])
            if len(own) >= MOST_A_PERSON:
                self._remove(own[0])
            if self._is_closed or self._count >= self._most:
                raise NoRoom
            self._streams.setdefault(username, []).append(made)
            self._count += 1
        return made

    def unsubscribe(self, subscription: Subscription) -> None:
        """Twice is once."""
        with self._lock:
            self._remove(subscription)

    def tell(self, usernames: Collection[str]) -> None:
        """Cheap enough to be called after every commit; names without an open page are nobody's concern."""
        with self._lock:
            for username in usernames:
                for stream in self._streams.get(username, ()):
                    stream.tell()

    def tell_everybody(self) -> None:
        """For a time in which nothing was heard."""
        self.tell(list(self._streams))

    def close(self) -> None:
        """Ends all streams at once and opens no further ones: a server that stops cannot wait for them."""
        with self._lock:
            self._is_closed = True
            for stream in [one for own in self._streams.values() for one in own]:
                self._remove(stream)

    def _remove(self, subscription: Subscription) -> None:
        """Called with the lock held."""
        own = self._streams.get(subscription.username, [])
        if subscription in own:
            own.remove(subscription)
            self._count -= 1
            if not own:
                del self._streams[subscription.username]
        subscription.close()


def install_hub(app: Flask, most: int) -> None:
    app.extensions[_KEY] = Hub(most)


def hub_of(app: Flask) -> Hub:
    """Whoever hears of new notices tells it; whoever stops the server closes it."""
    hub: Hub = app.extensions[_KEY]
    return hub
