"""One kind of due work: when its next row is due, and how to do what is due now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Lane:
    """`next_due_at` gives the moment of the earliest row, or None; `work` does everything that is due by now.

    Both may be called at any time by several threads and processes: rows are claimed, so a ring too many is harmless.
    `is_rung` False: work of the house itself, which no row asks for.
    """

    name: str
    next_due_at: Callable[[], datetime | None]
    work: Callable[[], object]
    is_rung: bool = True
