"""Many cases that wait for one and the same moment, started by several processes."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

from engines import make_engine, person, settle
from families import catch, install, process, timer

from engine.commands.start_instance import start_instance
from engine.model import VirtualClock
from engine.store import Store

PROCESS = "waiting"
ELEMENT = "moment"
# The starters' clock stands still, so all cases wait for the same millisecond.
STARTED_AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def make_waiting_cases(url: str, number: int, starters: int = 2) -> None:
    """In a database with our tables and nothing else."""
    store = Store(url)
    engine = make_engine(store, VirtualClock(STARTED_AT))
    settle(engine)
    install(engine, process(PROCESS, f"begun -> {ELEMENT} -> passed", catch(ELEMENT, timer("PT1H"))))
    store.close()
    shares = [number // starters + (one < number % starters) for one in range(starters)]
    with ProcessPoolExecutor(starters, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_start, [url] * starters, shares))


def _start(url: str, number: int) -> None:
    store = Store(url)
    engine = make_engine(store, VirtualClock(STARTED_AT))
    starter = person(engine, "li_na")
    for _ in range(number):
        start_instance(engine, starter, process_key=PROCESS, variables={})
    store.close()
