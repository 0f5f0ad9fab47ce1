"""The parts of a command on a case that else ask or tell the database: here they remember what would stand there."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.commands.case.clocks import CaseClocks, OpenClock
from engine.commands.case.host import CaseHost
from engine.commands.case.jobs import CaseJobs
from engine.commands.case.json_values import plain
from engine.commands.case.notices import CaseNotices
from engine.commands.case.places import CasePlaces
from engine.commands.case.tasks import CaseTasks
from engine.commands.handler import Handler, HandlerContext
from engine.decisions import map_decision_result
from engine.model import BpmnError, is_signal
from engine.rehearsal.replay.course import Course, Place
from engine.rehearsal.replay.played import Decided
from engine.spiff import Scope, ThrownSignal, WaitingPlace


class MemoryHost(CaseHost):
    """Notes which rows of which tables answered."""

    decided: list[Decided]

    def decide(self, process_key: str, element_id: str, scope: Scope) -> None:
        element = self._element(process_key, element_id)
        table = self._table(element)
        result = table.evaluate(scope.visible())
        numbers = {rule.id: rule.number for rule in table.rules}
        self.decided.append(
            Decided(
                (process_key, element_id),
                table.id,
                result.matched,
                tuple(numbers[one] for one in result.matched if one in numbers),
                [plain(one) for one in result.outputs],
            )
        )
        if element.result_variable:
            value = map_decision_result(result, element.map_decision_result or "resultList")
            scope.assign(plain({element.result_variable: value}))


class MemoryClocks(CaseClocks):
    """Keeps stopped clocks, and the steps of the ladders that would be due."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named, is_new_case=True)
        self.finished: list[OpenClock] = []
        self.steps: list[dict[str, Any]] = []
        self._heard: dict[str, set[int]] = {}
        self._measured: set[tuple[str, str, str]] = set()

    def start(self, limit: Any, **named: Any) -> OpenClock:
        clock = super().start(limit, **named)
        self._measured.add((named["process_key"], named["element_id"], limit.name))
        return clock

    def was_measured(self, process_key: str, element_id: str, limit_name: str) -> bool:
        return (process_key, element_id, limit_name) in self._measured

    def note_heard(self, step: Mapping[str, Any]) -> None:
        self.steps = [one for one in self.steps if one is not step]
        if step["kind"] == "warning":
            self._heard.setdefault(step["clock_key"], set()).add(step["number"])

    def forget_steps(self, clock_key: str) -> None:
        self.steps = [one for one in self.steps if one["clock_key"] != clock_key]

    def plan_rung(self, clock: OpenClock, number: int, after: datetime) -> None:
        self.steps.append(self._step(clock, "rung", number, "", self.next_rung_at(clock, after)))

    def settle(self, now: datetime) -> list[OpenClock]:
        """What a command writes at its end. The clocks whose timers have to move along."""
        moved = self.replanned()
        planned = [one for one in self.open.values() if one.is_replanned]
        stale = {one.key for one in (*self._stopped, *planned)}
        if stale:
            self.steps = [one for one in self.steps if one["clock_key"] not in stale]
        for one in planned:
            self.steps += self._ladder_steps(one, now, self._heard.get(one.key, set()))
        for one in (*self.open.values(), *self._stopped):
            one.is_new = one.is_changed = one.is_replanned = False
            one.was_due_at = None
        self.finished += self._stopped
        self._stopped.clear()
        return moved


class MemoryNotices(CaseNotices):
    """Says who would be told; writes no word and sends none."""

    def tell(self, kind: str, usernames: Collection[str], **named: Any) -> list[str]:
        del kind, named
        people, excluded = self.frame.directory.people, self.frame.excluded
        return [
            name for name in usernames if name in people and people[name].is_active and name not in excluded
        ]

    def _tell_outside(self, kind: str, to: str, once: str, facts: Mapping[str, Any]) -> None:
        pass


class MemoryTasks(CaseTasks):
    """`done_by`: element → who completed it, for steps that somebody else must do."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.done_by: dict[str, set[str]] = {}

    def _barred(self, process_key: str, element_id: str) -> frozenset[str]:
        others = self.frame.release.separations.get((process_key, element_id), ())
        return frozenset(name for one in others for name in self.done_by.get(one, ()))

    def barred(self, place: Place) -> frozenset[str]:
        return self._barred(*place)

    def look_again(self) -> None:
        """Open tasks that must be done by others than those who have done something just now."""
        for key, row in self.opened.items():
            if (row["process_key"], row["element_id"]) in self.frame.release.separations:
                self._specs[key] = self._specs_of(row["process_key"], row["element_id"], key)


class MemoryPlaces(CasePlaces):
    """`kept`: messages that came before the case waited for them."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.kept: list[tuple[str, str, Mapping[str, Any], datetime]] = []

    @property
    def timers(self) -> dict[str, dict[str, Any]]:
        return self._timers

    @property
    def subscriptions(self) -> dict[str, dict[str, Any]]:
        return self._subscriptions

    def early_message(self) -> tuple[str, dict[str, Any]] | None:
        for key, row in self._subscriptions.items():
            if is_signal(row["message_name"]):
                continue
            for one in self.kept:
                name, correlation, values, until = one
                if (
                    row["message_name"] == name
                    and row["correlation"] == correlation
                    and until > self.frame.now
                ):
                    self.kept.remove(one)
                    return key, dict(values)
        return None

    def move_timers(self, moved: list[OpenClock]) -> None:
        for clock in moved:
            state = "paused" if clock.row["state"] == "paused" else "waiting"
            for row in self._timers.values():
                if row["clock_key"] == clock.key:
                    row.update(due_at=clock.due_at, fires_at=clock.fires_at, state=state)


class MemoryJobs(CaseJobs):
    """Numbers and draws come out as they did then: `moment_of` gives the recorded moment of a visit."""

    def __init__(
        self, frame: Any, notices: CaseNotices, course: Course, moment_of: Callable[[Place], datetime | None]
    ) -> None:
        super().__init__(frame, notices)
        self._course, self._moment_of = course, moment_of
        self._moment: datetime | None = None
        self._asked_number = False

    @property
    def queued(self) -> dict[str, dict[str, Any]]:
        return self._queued

    def run_inside(self, place: WaitingPlace, handler: Handler) -> Mapping[str, Any] | BpmnError:
        self._moment = self._moment_of((place.process_key, place.element_id))
        self._asked_number = False
        outcome = super().run_inside(place, handler)
        if isinstance(outcome, BpmnError) or not self._asked_number:
            return outcome
        return {name: self._course.last_values.get(name, value) for name, value in outcome.items()}

    def context(self, key: str, topic: str, inputs: Mapping[str, Any], scope: Scope) -> HandlerContext:
        found = super().context(key, topic, inputs, scope)
        return replace(found, next_number=self._number, now=self._moment or found.now)

    def _number(self, series: str, period: str) -> int:
        del series, period
        self._asked_number = True
        return 0

    def throw_signal(self, signal: ThrownSignal) -> None:
        """No other case hears of a replay."""
