"""Watches from outside which tickets are held by whom, to tell the lateness of a dead holder from one of our own.

A ticket is a job of Procrastinate. It is looked for every tenth of a second over a connection of its own, which no
proxy cuts; nothing of the engine is used.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import make_url

LOOK_EVERY_SECONDS = 0.1
# A heartbeat that was under way while its process was killed may be written a moment later.
ON_ITS_WAY = timedelta(milliseconds=300)

_LOOK = """
    SELECT 'ticket', id, worker_id, coalesce(lock, ''), clock_timestamp() FROM procrastinate_jobs WHERE status = 'doing'
    UNION ALL
    SELECT 'worker', id, id, '', last_heartbeat FROM procrastinate_workers
"""
_log = logging.getLogger(__name__)


@dataclass
class Held:
    case: str
    worker: int | None
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True)
class Outage:
    """Nobody could work on `case` (None: on any): from a SIGKILL to the takeover."""

    case: str | None
    since: datetime
    until: datetime


class HeldTickets:
    def __init__(self, database_url: str) -> None:
        """`database_url` not through a proxy."""
        self._url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._tickets: dict[int, Held] = {}
        self._heartbeats: dict[int, datetime] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="held tickets", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(10)

    def outages(self, kills: Iterable[datetime]) -> list[Outage]:
        """One for each ticket whose holder was killed: from the first SIGKILL after the holder's last heartbeat until
        the ticket was last seen in its hands. All tickets of a case wait behind it, so it is an outage of the case.

        `kills`: the moments at which worker processes were killed.
        """
        moments = sorted(kills)
        found = []
        for held in self._tickets.values():
            heartbeat = self._heartbeats.get(held.worker or -1)
            if heartbeat is None:
                continue
            killed = next((one for one in moments if one >= heartbeat - ON_ITS_WAY), None)
            if (
                killed is not None
                and held.first_seen - timedelta(seconds=LOOK_EVERY_SECONDS * 3) <= killed <= held.last_seen
            ):
                found.append(
                    Outage(held.case, killed, held.last_seen + timedelta(seconds=LOOK_EVERY_SECONDS))
                )
        return found

    def story(self, case: str, since: datetime, until: datetime) -> list[str]:
        """Who held tickets of the case in that time, and when the holder was last heard of; for people to read."""
        return [
            f"ticket {key} {held.first_seen:%T.%f} to {held.last_seen:%T.%f} by worker {held.worker}, "
            f"whose last heartbeat was {self._heartbeats.get(held.worker or -1, held.first_seen):%T.%f}"
            for key, held in sorted(self._tickets.items())
            if held.case == case and held.last_seen >= since and held.first_seen <= until
        ]

    def _run(self) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True) as connection:
                while not self._ending.wait(LOOK_EVERY_SECONDS):
                    for row in connection.execute(_LOOK):
                        self._note(*row)
        except psycopg.Error:
            _log.exception("Nobody watches the tickets any more.")

    def _note(self, kind: Any, key: int, worker: int | None, lock: str, at: datetime) -> None:
        if kind == "worker":
            self._heartbeats[key] = at
            return
        held = self._tickets.get(key)
        if held is None or held.worker != worker:
            self._tickets[key] = Held(lock.partition("/")[0], worker, at, at)
        else:
            held.last_seen = at
