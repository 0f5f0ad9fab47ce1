"""What is left of a course while it is played: who answers the next opening of a task, and when."""

from collections import defaultdict, deque
from collections.abc import Collection
from datetime import datetime

from engine.model.timer import LATE
from engine.model.wallclock import to_milliseconds
from engine.rehearsal.replay.course import Course, JobResult, Opening, Place
from engine.worktime import Calendar


class Script:
    def __init__(self, course: Course, calendar: Calendar) -> None:
        self._calendar = calendar
        self._openings: dict[Place, list[Opening]] = defaultdict(list)
        for one in course.openings:
            self._openings[one.place].append(one)
        self._known = frozenset(self._openings)
        self._results: dict[str, list[JobResult]] = defaultdict(list)
        self._errors: dict[str, list[JobResult]] = defaultdict(list)
        for result in course.jobs:
            if result.error_code is None:
                self._results[result.element_id].append(result)
            else:
                self._errors[result.topic].append(result)
        self._moments: dict[Place, deque[datetime]] = defaultdict(deque)
        for place, _, entered_at in course.visits:
            self._moments[place].append(entered_at)

    def opening(self, place: Place, may_take: Collection[str]) -> Opening | None:
        """The next recorded opening of the task. Of several at one moment (one task for each of many) the one whose
        doer may take this one."""
        waiting = self._openings.get(place)
        if not waiting:
            return None
        together = [one for one in waiting if one.opened_at == waiting[0].opened_at]
        chosen = next((one for one in together if one.by in may_take), together[0])
        waiting.remove(chosen)
        return chosen

    def is_known(self, place: Place) -> bool:
        """Whether anybody had this task at all."""
        return place in self._known

    def result(self, element_id: str, topic: str) -> JobResult | None:
        """The next recorded result of a service task, whichever came first: variables or a business error."""
        done, failed = self._results.get(element_id), self._errors.get(topic)
        if failed and (not done or failed[0].sequence < done[0].sequence):
            return failed.pop(0)
        return done.pop(0) if done else None

    def moment_of(self, place: Place) -> datetime | None:
        """When the case came by here then; each visit once."""
        moments = self._moments.get(place)
        return moments.popleft() if moments else None

    def answered_at(self, opening: Opening, opened_at: datetime) -> datetime:
        """The recorded moment; of a task that opens later here, after as much working time as it took then."""
        if opened_at <= opening.opened_at + LATE:
            return max(opening.ended_at, opened_at)
        worked = self._calendar.working_time_between(opening.opened_at, opening.ended_at)
        if worked:
            return to_milliseconds(self._calendar.add_working_time(opened_at, worked))
        return opened_at + (opening.ended_at - opening.opened_at)
