"""CPU time of this process, by rounds; the median of them, since other work on the machine disturbs some."""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up CPU seconds, user and system, of the blocks that it is put around."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def running(self, command: str) -> Iterator[None]:
        """`command` says what runs, for those who count by it."""
        del command
        begin = time.process_time()
        try:
            yield
        finally:
            self.seconds += time.process_time() - begin


def rounds(number: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each measure. They take turns, so that a busy minute of the machine hits all alike."""
    for measure in measures:
        measure()  # warm-up: imports, caches, first compilation
    found: list[list[float]] = [[] for _ in measures]
    for _ in range(number):
        for values, measure in zip(found, measures, strict=True):
            gc.collect()
            values.append(measure())
    return [statistics.median(values) for values in found]


def report(name: str, value: float, unit: str) -> None:
    sys.stdout.write(f"{name}\t{value:.4g}\t{unit}\n")
    sys.stdout.flush()
