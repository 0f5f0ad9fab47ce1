"""When the steps of a past case were taken: the register tells its first moment and its last, not those between.

What is assumed: people worked in working time; whoever had a deadline for one step kept it; most of the time went
into the stage that a limit of the whole stage measures. So whether such a limit was kept follows from the register.
A case that is still open has waited where it stands now: what came before was done soon.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.model.wallclock import to_milliseconds
from engine.worktime import Calendar

# Shares of the time that is left, from and to; which one is drawn from the register number, the same at every run.
_MOST_OF_IT = (0.45, 0.75)
_SOME_OF_IT = (0.12, 0.35)
_LITTLE_OF_IT = (0.02, 0.10)
_HARDLY_ANY_OF_IT = (0.01, 0.04)
_OF_ITS_OWN_LIMIT = (0.25, 0.80)


@dataclass(frozen=True)
class Measure:
    """A running limit: of one step when its key is that of an open task, of the stage around it when it is another.

    Without a key it runs from the beginning of the case, and what it measures is still to come.
    """

    element_instance_key: str
    due_at: datetime


class Pace:
    def __init__(self, number: str, calendar: Calendar, end: datetime, *, is_open: bool) -> None:
        self._number, self._calendar, self._end, self._is_open = number, calendar, end, is_open
        self._drawn = 0

    def next_moment(self, now: datetime, task_keys: Sequence[str], measures: Sequence[Measure]) -> datetime:
        """Between now and the end, in milliseconds. Never behind the due moment of a step that can still be kept."""
        stages = [one for one in measures if one.element_instance_key not in ("", *task_keys)]
        steps = [one for one in measures if one not in stages]
        moment = self._part_of(now, self._share(self._usual(steps, stages)))
        for one in steps:
            if now < one.due_at <= moment:
                moment = now + (one.due_at - now) * self._share(_OF_ITS_OWN_LIMIT)
        return min(max(to_milliseconds(moment), now), self._end)

    def _usual(self, steps: Sequence[Measure], stages: Sequence[Measure]) -> tuple[float, float]:
        if self._is_open:
            return _HARDLY_ANY_OF_IT
        if stages:
            return _MOST_OF_IT
        return _LITTLE_OF_IT if steps else _SOME_OF_IT

    def soon(self, now: datetime, within: timedelta) -> datetime:
        """A little later: somebody takes a task in hand."""
        return min(to_milliseconds(now + within * self._share((0.1, 1.0))), self._end)

    def _part_of(self, now: datetime, share: float) -> datetime:
        working = self._calendar.working_time_between(now, self._end)
        if working:
            return self._calendar.add_working_time(now, working * share)
        return now + (self._end - now) * share  # A night or a holiday is all there is.

    def _share(self, between: tuple[float, float]) -> float:
        self._drawn += 1
        seed = hashlib.sha256(f"{self._number}/{self._drawn}".encode()).digest()
        low, high = between
        return low + (high - low) * int.from_bytes(seed[:4]) / 2**32
