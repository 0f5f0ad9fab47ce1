"""Calls made at the same moment by as many threads."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

PATIENCE_SECONDS = 60


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each call returned, or the exception that it raised, in the order of the calls."""
    wanted = list(calls)
    outcomes: list[Any] = [TimeoutError("The call did not come back.")] * len(wanted)
    gate = threading.Barrier(len(wanted))

    def make(number: int, call: Callable[[], Any]) -> None:
        gate.wait(PATIENCE_SECONDS)
        try:
            outcomes[number] = call()
        except Exception as problem:
            outcomes[number] = problem

    threads = [threading.Thread(target=make, args=one, daemon=True) for one in enumerate(wanted)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return outcomes


def failures(outcomes: Iterable[Any]) -> list[Exception]:
    return [one for one in outcomes if isinstance(one, Exception)]
