"""Plays one course on one version, from moment to moment, in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from engine.commands.case.on_case import described
from engine.commands.releases.installed import InstalledRelease
from engine.model import Rejected, is_signal, signal_waited_for
from engine.people import SYSTEM, Actor, refusal
from engine.rehearsal.replay.clock_acts import act_on_clock
from engine.rehearsal.replay.course import Act, Course, JobResult, Opening, Place
from engine.rehearsal.replay.ground import Ground
from engine.rehearsal.replay.ladder import Ladder
from engine.rehearsal.replay.memory_work import MemoryWork, begin_work
from engine.rehearsal.replay.outcome import anybody, offered_to, promises_of, unfinished
from engine.rehearsal.replay.played import Offered, Played, Refused, Stopped
from engine.rehearsal.replay.script import Script
from engine.spiff import ElementFailed, GuardTripped

MOST_MOMENTS = 3_000  # of one case: more means a circle that was never meant


@dataclass(order=True)
class _Due:
    at: datetime
    rank: int  # ladder steps, then timers, then people and programs, as the keeper does
    sequence: int
    place: str
    do: Callable[[], None] = field(compare=False)
    is_scripted: bool = field(compare=False, default=True)
    is_needed: bool = field(
        compare=False, default=True
    )  # it may take a case on after the end that was recorded


def play_course(
    ground: Ground, release: InstalledRelease, course: Course, *, is_filling: bool = False
) -> Played:
    """`is_filling`: tasks that nobody ever answered take their form's example. Never raises for what a case does."""
    return _Play(ground, release, course, is_filling).run()


class _Play:
    def __init__(self, ground: Ground, release: InstalledRelease, course: Course, is_filling: bool) -> None:
        self._ground, self._release, self._course, self._is_filling = ground, release, course, is_filling
        self._script = Script(course, ground.engine.calendars.get(course.calendar))
        self._played = Played()
        self._now = course.started_at
        self._acts = sorted(course.acts, key=lambda one: (one.at, one.sequence))
        self._answers: dict[str, tuple[datetime, Opening | None]] = {}
        self._results: dict[str, tuple[datetime, JobResult | None]] = {}
        self._seen: set[str] = set()
        self._replayed_as: dict[str, str] = {}  # recorded task → the one of this replay
        self._work: MemoryWork

    def run(self) -> Played:
        played = self._played
        try:
            self._begin()
            for _ in range(MOST_MOMENTS):
                if self._work.record.state != "running":
                    break
                due = min(self._due(), default=None)
                if due is None:
                    break
                self._now = max(self._now, due.at)
                due.do()
                self._look()
            else:
                played.stopped = Stopped(None, "It goes round in a circle.", "它在原地循环。")
        except (ElementFailed, GuardTripped) as failure:
            self._stop(failure)
        except Rejected as refused:
            played.stopped = Stopped(None, refused.en, refused.zh)
        except Exception as problem:  # As a command would: a fault in one case does not stop the others.
            self._stop(problem)
        self._conclude()
        return played

    def _begin(self) -> None:
        course, release = self._course, self._release
        if course.process_key not in release.models:
            raise Rejected(
                f"This version has no process {course.process_key}.",
                f"这个版本没有流程“{course.process_key}”。",
            )
        self._check_start_form()
        self._work = begin_work(self._ground, release, course, self._script.moment_of)
        self._ladder = Ladder(self._work)
        self._step(self._work.begin, self._actor(course.started_by))
        self._look()

    def _check_start_form(self) -> None:
        form = self._release.start_form(self._course.process_key)
        if form is None:
            return
        values = {
            name: value for name, value in self._course.first_values.items() if name in form.field_names
        }
        errors = form.validate(values).errors
        start = next(
            one for one in self._release.models[self._course.process_key].start_events() if one.form_ref
        )
        self._refuse((self._course.process_key, start.id), errors)

    def _step(self, do: Callable[[], object], actor: Actor = SYSTEM) -> None:
        self._work.step(self._now, actor)
        do()
        self._work.settle()

    def _actor(self, username: str) -> Actor:
        if username == SYSTEM.username:
            return SYSTEM
        found = self._work.frame.directory.actor(username)
        return found or Actor(username, self._course.organisation_key, username)

    # What the case waits for now

    def _look(self) -> None:
        """Tasks and jobs that have opened since: who answers them, and when."""
        work = self._work
        for key, row in work.tasks.opened.items():
            if key not in self._seen:
                self._seen.add(key)
                self._open_task(key, row)
        for key, row in work.jobs.queued.items():
            if key not in self._seen:
                self._seen.add(key)
                self._open_job(key, row)

    def _open_task(self, key: str, row: dict[str, Any]) -> None:
        place: Place = (row["process_key"], row["element_id"])
        specs = self._work.tasks.specs(key)
        self._played.offered.append(Offered(place, offered_to(specs)))
        opening = self._script.opening(place, [one.username for one in specs])
        if opening is not None:
            self._replayed_as[opening.user_task_key] = key
            if opening.values is not None:
                self._answers[key] = (self._script.answered_at(opening, self._now), opening)
        elif self._is_filling:
            self._answers[key] = (self._now, None)

    def _open_job(self, key: str, row: dict[str, Any]) -> None:
        place: Place = (row["process_key"], row["element_id"])
        result = self._script.result(row["element_id"], row["topic"])
        if result is not None:
            self._results[key] = (max(self._now, result.at), result)
            return
        is_ours = row["topic"] in self._ground.engine.handlers.topics()
        if is_ours or self._is_filling:
            # It is not called; what it would have told or sent has no part in the course of the case.
            self._played.not_run.append(place)
            self._results[key] = (self._now, None)

    def _due(self) -> Iterator[_Due]:
        """All that may happen next. After the recorded end nothing repeats and nobody is told any more: the case was over."""
        work = self._work
        found = list(self._scripted())
        yield from found
        last = max((one.at for one in found), default=self._course.ended_at)
        until = max(last, self._course.ended_at)
        for row in work.places.timers.values():
            if row["state"] != "waiting" or row["timer_key"] not in work.run.waiting:
                continue
            if row["fires_at"] > until and not (row["cycles_left"] is None and self._takes_on(row)):
                continue
            yield _Due(row["fires_at"], 1, 0, row["element_id"], partial(self._fire, row))
        for step in work.clocks.steps:
            if step["due_at"] <= until:
                yield _Due(step["due_at"], 0, 0, "", partial(self._send, step))

    def _takes_on(self, row: dict[str, Any]) -> bool:
        """A timer that a case waits at, or that ends what it waits for: not one that only reminds."""
        place = self._work.run.waiting[row["timer_key"]]
        if place.host_key is None:
            return True
        element = self._release.element(place.process_key, place.element_id)
        return element is None or element.cancels

    def _scripted(self) -> Iterator[_Due]:
        work = self._work
        for key, (at, opening) in self._answers.items():
            if key in work.tasks.opened:
                sequence = opening.sequence if opening else 0
                yield _Due(at, 2, sequence, key, partial(self._complete, key, opening))
        for key, (at, result) in self._results.items():
            if key in work.jobs.queued:
                sequence = result.sequence if result else 0
                yield _Due(at, 2, sequence, key, partial(self._finish, key, result))
        if self._acts:
            act = self._acts[0]
            yield _Due(act.at, 2, act.sequence, "", self._act)

    # What happens

    def _complete(self, key: str, opening: Opening | None) -> None:
        work = self._work
        del self._answers[key]
        row = work.tasks.opened[key]
        place: Place = (row["process_key"], row["element_id"])
        by, given = (opening.by, opening.values) if opening else (anybody(work, key), None)
        form = self._release.forms.get(row["form_ref"] or "")
        values = dict(given) if given is not None else (form.example if form else {})
        if opening is None:
            self._played.filled.append(place)
        if form is not None:
            checked = form.validate(values)
            if opening is not None:
                self._refuse(place, checked.errors)
            # What was filled in goes on as it was: the refusal is told, and the rest of the course compared.
            values = checked.values | {name: values[name] for name in checked.errors if name in values}
        if by != SYSTEM.username and (
            by in work.tasks.barred(place)
            or refusal(work.frame.directory, by, work.tasks.specs(key), work.frame.excluded) is not None
        ):
            self._played.barred.append((place, by))

        def complete() -> None:
            work.tasks.complete(key, values)
            work.tasks.done_by.setdefault(row["element_id"], set()).add(by)
            work.complete(key, values)
            work.tasks.look_again()

        self._step(complete, self._actor(by))

    def _refuse(self, place: Place, errors: dict[str, dict[str, str]]) -> None:
        if errors:
            told = tuple((name, said["en"], said["zh"]) for name, said in sorted(errors.items()))
            self._played.refused.append(Refused(place, told))

    def _finish(self, key: str, result: JobResult | None) -> None:
        work = self._work
        del self._results[key]
        row = work.jobs.queued[key]
        if result is None or result.error_code is None:
            outputs = dict(result.outputs) if result else {}
            self._step(lambda: work.complete(key, outputs))
        elif not self._throw(key, result.error_code):
            place = (row["process_key"], row["element_id"])
            self._played.stopped = Stopped(
                place,
                f"Nothing catches the business error {result.error_code}.",
                f"没有任何边界事件捕获业务错误“{result.error_code}”。",
            )
            raise Rejected(self._played.stopped.en, self._played.stopped.zh)

    def _throw(self, key: str, code: str) -> bool:
        caught: list[bool] = []
        self._step(lambda: caught.append(self._work.throw_error(key, code)))
        return caught[0]

    def _fire(self, row: dict[str, Any]) -> None:
        work, key = self._work, row["timer_key"]
        if row["cycles_left"] is None:
            work.places.note_fired(key)
            del work.places.timers[key]
            self._step(lambda: work.fire(key))
            return
        if row["cycles_left"] > 0:
            row["cycles_left"] -= 1
        if row["cycles_left"] == 0:
            del work.places.timers[key]
        row["due_at"] = row["fires_at"] = row["fires_at"] + timedelta(seconds=row["cycle_seconds"])
        self._step(lambda: work.spawn(key))

    def _send(self, step: dict[str, Any]) -> None:
        def send() -> None:
            told = self._ladder.send(step)
            if told is not None:
                self._played.told.append(told)

        self._step(send)

    def _act(self) -> None:
        act = self._acts.pop(0)
        work = self._work
        match act.kind:
            case "message":
                self._message(act)
            case "signal":
                name = signal_waited_for(act.subject)
                keys = [key for key, row in work.places.subscriptions.items() if row["message_name"] == name]
                self._step(lambda: work.hear(act.subject, keys), self._actor(act.by))
            case "terminate":
                self._step(work.terminate, self._actor(act.by))
            case "claim" | "release" | "assign":
                row = work.tasks.opened.get(self._replayed_as.get(act.subject, ""))
                if row is not None:
                    held_by = {"claim": act.by, "assign": act.facts.get("to")}.get(act.kind)
                    row["assignee"] = held_by
            case _:
                self._step(lambda: act_on_clock(work.clocks, act, self._now))

    def _message(self, act: Act) -> None:
        places = self._work.places
        for key, row in places.subscriptions.items():
            if is_signal(row["message_name"]) or row["message_name"] != act.subject:
                continue
            if row["correlation"] == act.facts["correlation"]:
                self._step(partial(self._work.fire, key, act.facts["variables"]))
                return
        kept = timedelta(days=self._ground.engine.settings.message_kept_days)
        places.kept.append((act.subject, act.facts["correlation"], act.facts["variables"], act.at + kept))

    # How it came out

    def _stop(self, failure: Exception) -> None:
        en, zh, element_id = described(failure)
        if isinstance(failure, ElementFailed):
            cause = failure.cause
            en = getattr(cause, "en", None) or str(cause)
            zh = getattr(cause, "zh", None) or en
        process_key = getattr(failure, "process_key", self._course.process_key)
        self._played.stopped = Stopped((process_key, element_id) if element_id else None, en, zh)

    def _conclude(self) -> None:
        if not hasattr(self, "_work"):
            return
        played, work = self._played, self._work
        record = work.record
        history = sorted(work.history, key=lambda one: one["entered_at"])
        played.visits = [((one["process_key"], one["element_id"]), one["outcome"]) for one in history]
        played.end, played.state = record.end_element_id, record.state
        played.ended_at = self._now if record.state != "running" else None
        played.decided = work.decided
        played.promises = promises_of(work.clocks)
        if record.state == "running" and played.stopped is None:
            played.waits = unfinished(work)
