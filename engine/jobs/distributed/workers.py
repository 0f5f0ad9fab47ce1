"""Procrastinate's workers, one for each queue, in one thread with an event loop; what they hold is worked off in
threads. They outlive the database: a worker whose connection was cut is replaced by a fresh one.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg_pool import AsyncConnectionPool

from engine.jobs.distributed.ring import SILENT_FOR
from engine.jobs.distributed.tickets import JOB_TASK, MOMENT_TASK

# How soon others know that this process is gone; see `ring.SILENT_FOR`.
HEARTBEAT_SECONDS = 1.0
# Tickets ring; this is for a ring that was lost with its connection.
POLL_SECONDS = 1.0
FIRST_WAIT_SECONDS = 0.2
MOST_WAIT_SECONDS = 5.0

_LOST = (psycopg.OperationalError, psycopg.InterfaceError)

_log = logging.getLogger(__name__)


class _WatchedConnector(PsycopgConnector):
    """Says when the database failed a worker.

    Procrastinate goes on after such a failure as if nothing had been: a ticket whose fetching was cut off would stay
    with the living worker for ever, and with it all later tickets of the case.
    """

    def __init__(self, on_trouble: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self._on_trouble = on_trouble

    @contextlib.asynccontextmanager
    async def _get_cursor(self, connection: Any = None) -> Any:
        try:
            async with super()._get_cursor(connection) as cursor:
                yield cursor
        except _LOST:
            self._on_trouble()
            raise

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """Finishing a ticket, signs of life: said once more over another connection, or the ticket would lie there
        until its worker is missed.
        """
        try:
            try:
                await super().execute_query_async(query, **arguments)
            except ConnectorException as problem:
                if not isinstance(problem.__cause__, _LOST):
                    raise
                await super().execute_query_async(query, **arguments)
        except ConnectorException as problem:
            if not isinstance(problem.__cause__, psycopg.errors.RaiseException):
                raise
            # It was finished by the first try, whose answer was lost, or was taken back meanwhile. What was done stands.
            _log.debug("A ticket was gone before it was finished: %s", problem.__cause__)


class Workers:
    """Gives each ticket to `do_moments(case, until)` or `do_job(key)`, in a thread; both must be safe to call too often."""

    def __init__(
        self,
        url: str,
        concurrency: Mapping[str, int],
        do_moments: Callable[[str, datetime | None], object],
        do_job: Callable[[str], object],
    ) -> None:
        """`concurrency`: how many tickets of each queue at once; a queue that is not named is left to others."""
        self._concurrency = dict(concurrency)
        connector = _WatchedConnector(
            self._note_trouble,
            conninfo=url,
            min_size=1,
            max_size=2 + len(self._concurrency),
            timeout=5.0,
            kwargs={"application_name": "huiyin worker", "connect_timeout": 5},
            # Each of its statements is a transaction of its own: a third of the round trips.
            configure=_set_autocommit,
            pool_factory=_unchecked_pool,
        )
        self._app = App(connector=connector)

        def moments(case: str, until: str | None = None) -> None:
            moment = None if until is None else datetime.fromisoformat(until)
            _tried(case, lambda: do_moments(case, moment))

        def job(key: str) -> None:
            _tried(key, lambda: do_job(key))

        self._app.task(name=MOMENT_TASK)(moments)
        self._app.task(name=JOB_TASK)(job)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._keep_all()), name="workers", daemon=True
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_stopping = False
        # Set when the present workers must be replaced, or stop.
        self._troubles: dict[str, asyncio.Event] = {}

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience_seconds: float) -> bool:
        """Takes no more tickets and finishes those in hand. False when some are still in hand after the patience."""
        self._is_stopping = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # The loop may have ended by itself.
                self._loop.call_soon_threadsafe(self._note_trouble)
        self._thread.join(patience_seconds)
        return not self._thread.is_alive()

    def _note_trouble(self) -> None:
        for trouble in self._troubles.values():
            trouble.set()

    async def _keep_all(self) -> None:
        self._loop = asyncio.get_running_loop()
        threads = 2 * sum(
            self._concurrency.values()
        )  # a worker that is being replaced may still hold as many
        self._loop.set_default_executor(ThreadPoolExecutor(threads, thread_name_prefix="ticket"))
        while not self._is_stopping:
            try:
                async with self._app.open_async():
                    await asyncio.gather(*(self._keep(queue) for queue in self._concurrency))
            except (ConnectorException, psycopg.Error) as problem:
                _log.warning("The workers wait for the database: %s", problem.__cause__ or problem)
                await asyncio.sleep(FIRST_WAIT_SECONDS)

    async def _keep(self, queue: str) -> None:
        """Replaces the worker of one queue as often as it is needed, until all stop."""
        wait, ending = FIRST_WAIT_SECONDS, set[asyncio.Task[None]]()
        while not self._is_stopping:
            trouble = self._troubles[queue] = asyncio.Event()
            began = time.monotonic()
            worker = self._worker(queue)
            run = asyncio.create_task(self._work(worker, queue))
            noted = asyncio.create_task(trouble.wait())
            await asyncio.wait((run, noted), return_when=asyncio.FIRST_COMPLETED)
            noted.cancel()
            # Gently: it takes no more tickets and finishes what it holds, beside its successor.
            ending.add(asyncio.create_task(_ended(worker, run)))
            ending = {one for one in ending if not one.done()}
            wait = FIRST_WAIT_SECONDS if time.monotonic() - began > MOST_WAIT_SECONDS else wait * 2
            if not self._is_stopping:
                await asyncio.sleep(min(wait, MOST_WAIT_SECONDS))
        await asyncio.gather(*ending, return_exceptions=True)

    def _worker(self, queue: str) -> Worker:
        return Worker(
            self._app,
            queues=[queue],
            name=queue,
            concurrency=self._concurrency[queue],
            fetch_job_polling_interval=POLL_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=SILENT_FOR.total_seconds(),
            # What was done stands in our rows; what was not gets a new ticket from the next ring.
            delete_jobs="always",
            install_signal_handlers=False,
        )

    async def _work(self, worker: Worker, queue: str) -> None:
        try:
            await worker.run()  # type: ignore[no-untyped-call]
        except (ConnectorException, psycopg.Error) as problem:
            _log.warning("The worker of %s is replaced: %s", queue, problem.__cause__ or problem)


async def _ended(worker: Worker, run: asyncio.Task[None]) -> None:
    """Asks until it ends: a request that comes before the worker's first step is forgotten, and a cancellation may be
    lost inside the pool (asyncio.wait_for before Python 3.12), after which the worker would go on for ever.
    """
    while not run.done():
        worker.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait((run,), timeout=FIRST_WAIT_SECONDS)


async def _set_autocommit(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)


def _unchecked_pool(**options: Any) -> AsyncConnectionPool[Any]:
    """A connection is not asked whether it lives each time before it is used: one that died replaces the worker."""
    return AsyncConnectionPool(**(options | {"check": None}))


def _tried(of: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:
        # The row is still due, so the next ring makes another ticket.
        _log.exception("A ticket of %s failed and will be tried again.", of)
