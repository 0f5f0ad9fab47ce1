"""One process that starts cases and completes their tasks while workers elsewhere do what falls due."""

import threading
import time
from collections.abc import Sequence

from sqlalchemy import select

from bench.drive import MOST_TASKS, Driven, complete_next, start
from bench.house import House, distributed_house
from bench.measure import Stopwatch
from engine.model import ProcessInstance

PATIENCE_SECONDS = 120
LOOK_EVERY_SECONDS = 0.01


def drive_beside_workers(url: str, profiles: Sequence[str]) -> tuple[float, float]:
    """One case for each entry of `profiles`; when it began and ended, in seconds of the machine's monotonic clock."""
    with distributed_house(url) as settled:
        _drive(settled, sorted(set(profiles)))  # warm-up: imports, directories, releases
        begin = time.monotonic()
        _drive(settled, profiles)
        return begin, time.monotonic()


def _drive(settled: House, profiles: Sequence[str]) -> None:
    watch = Stopwatch()
    open_cases = [start(settled, profile, watch) for profile in profiles]
    latest = time.monotonic() + PATIENCE_SECONDS
    while open_cases:
        assert time.monotonic() < latest, [one.tasks for one in open_cases]
        moved = [one for one in open_cases if complete_next(settled, one, watch)]
        assert all(len(one.tasks) <= MOST_TASKS for one in moved)
        still = [one for one in open_cases if one not in moved]
        ended = _ended(settled, still)
        open_cases = [one for one in open_cases if one.instance_key not in ended]
        if not moved:
            threading.Event().wait(LOOK_EVERY_SECONDS)


def _ended(settled: House, cases: Sequence[Driven]) -> set[str]:
    wanted = select(ProcessInstance.instance_key).where(
        ProcessInstance.instance_key.in_([one.instance_key for one in cases]),
        ProcessInstance.state == "completed",
    )
    with settled.engine.store.reading() as session:
        return set(session.execute(wanted).scalars())
