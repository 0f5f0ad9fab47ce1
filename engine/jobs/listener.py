"""Hears what other processes wrote: one connection that listens, in a thread of its own. PostgreSQL only."""

import logging
import threading
from collections.abc import Callable, Mapping

import psycopg
from psycopg import sql

# How long a stop may have to wait, and how soon a connection that died without a word is noticed.
LOOK_EVERY_SECONDS = 0.5
PING_EVERY_SECONDS = 10.0
FIRST_WAIT_SECONDS = 0.2
MOST_WAIT_SECONDS = 5.0

_log = logging.getLogger(__name__)


class Listener:
    """Calls `on_notify[channel](payload)` for each notification, in the order of the commits.

    What is sent while there is no connection is lost: `on_connect` is called after each (re)connection, and must look
    for itself. Callbacks run in the listener's thread and must be quick; one that fails is logged and does not stop it.
    """

    def __init__(
        self, url: str, on_notify: Mapping[str, Callable[[str], None]], on_connect: Callable[[], None]
    ) -> None:
        """`url` as psycopg takes it (postgresql://…)."""
        self._url, self._on_notify, self._on_connect = url, dict(on_notify), on_connect
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join(LOOK_EVERY_SECONDS * 3)

    def _run(self) -> None:
        wait = FIRST_WAIT_SECONDS
        while not self._is_stopping.is_set():
            try:
                with psycopg.connect(
                    self._url, autocommit=True, connect_timeout=5, application_name="huiyin listener"
                ) as connection:
                    for channel in self._on_notify:
                        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    self._call(self._on_connect)
                    wait = FIRST_WAIT_SECONDS
                    self._listen(connection)
            except psycopg.Error as problem:
                _log.warning("The listener lost its connection and takes another one: %s", problem)
                self._is_stopping.wait(wait)
                wait = min(wait * 2, MOST_WAIT_SECONDS)

    def _listen(self, connection: psycopg.Connection) -> None:
        quiet = 0.0
        while not self._is_stopping.is_set():
            heard = False
            for told in connection.notifies(timeout=LOOK_EVERY_SECONDS):
                heard = True
                self._call(lambda told=told: self._on_notify[told.channel](told.payload))  # type: ignore[misc]
                if self._is_stopping.is_set():
                    return
            quiet = 0.0 if heard else quiet + LOOK_EVERY_SECONDS
            if quiet >= PING_EVERY_SECONDS:
                # A peer that vanished without closing is only found out by asking.
                connection.execute("SELECT 1")
                quiet = 0.0

    @staticmethod
    def _call(callback: Callable[[], None]) -> None:
        try:
            callback()
        except Exception:
            _log.exception("What was heard could not be passed on.")
