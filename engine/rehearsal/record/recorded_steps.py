"""What happened in a case, act by act, as the steps of a story."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.commands.releases.installed import InstalledRelease
from engine.rehearsal.record.hidden_values import HiddenValues
from engine.rehearsal.record.recorded_people import RecordedPeople
from engine.rehearsal.replay.course import Act, Course, JobResult, Opening
from engine.rehearsal.story_text import DraftStep
from engine.rehearsal.unmet import Said
from engine.worktime import Calendar

_UNTOLD = {
    "signal": Said("a signal came; stories know no signals", "收到信号，情景中没有信号"),
    "assign": Said("a supervisor gave a task to somebody", "主管曾指派待办"),
    "terminate": Said("the case was terminated", "事项被终止"),
    "acknowledge": Said("an overdue promise was acknowledged, so fewer notices went out", "曾签收逾期提醒，之后的通知更少"),
}  # fmt: skip


@dataclass
class RecordedSteps:
    course: Course
    release: InstalledRelease
    calendar: Calendar
    people: RecordedPeople
    values: HiddenValues
    candidates: Mapping[str, list[str]]  # user task → the roles that may take it
    own_topics: frozenset[str]  # whose handlers run by themselves
    limits: frozenset[str]
    untold: dict[Said, None] = field(default_factory=dict)
    _now: datetime | None = None

    def steps(self, until: datetime) -> list[DraftStep]:
        """In the order of the record. `until`: when the case ended, or was looked at: what time did by itself comes last."""
        self._now = self.course.started_at
        found = [step for event in self._events() for step in self._step(event)]
        rest = self._time(until)
        if rest:
            found.append(DraftStep(rest))
        return found

    def _events(self) -> list[Opening | JobResult | Act]:
        course = self.course
        done = [one for one in course.openings if one.values is not None]
        jobs = [one for one in course.jobs if one.topic not in self.own_topics]
        events: list[Opening | JobResult | Act] = [*done, *jobs, *course.acts]
        return sorted(events, key=lambda one: (_at(one), one.sequence))

    def _step(self, event: Opening | JobResult | Act) -> Iterator[DraftStep]:
        match event:
            case Opening():
                yield self._completed(event)
            case JobResult():
                if event.error_code is not None:
                    self.untold[
                        Said(
                            f"the service {event.topic} failed by {event.error_code}",
                            f"服务 {event.topic} 以 {event.error_code} 失败",
                        )
                    ] = None
                    return
                yield DraftStep(
                    {**self._time(event.at), "when_completed": event.element_id}
                    | _with(self.values.of_message(event.outputs))
                )
            case Act():
                yield from self._act(event)

    def _completed(self, event: Opening) -> DraftStep:
        element = self.release.element(*event.place)
        form = self.release.forms.get(element.form_ref or "") if element else None
        by = self.people.of(event.by)
        if self.people.lend(event.by, self.candidates.get(event.user_task_key, [])):
            self.untold[
                Said(
                    f"{by} does not hold any more the role that the task {event.element_id} asks for; it was lent",
                    f"{by} 已不再担任任务 {event.element_id} 所需的角色，情景中补上",
                )
            ] = None
        words = {**self._time(event.ended_at), "when_completed": event.element_id, "by": by}
        return DraftStep(words | _with(self.values.of_form(form, event.values or {})))

    def _act(self, event: Act) -> Iterator[DraftStep]:
        match event.kind:
            case "message":
                values = self.values.of_message(event.facts.get("variables") or {})
                yield DraftStep({**self._time(event.at), "when_message": event.subject} | _with(values))
            case "claim":
                element_id = self._element_of(event.subject)
                if element_id:
                    by = self.people.of(event.by)
                    yield DraftStep({**self._time(event.at), "when_claimed": element_id, "by": by})
            case "pause" | "resume":
                yield from self._held(event)
            case "release":
                pass  # Whoever completes the task takes it first, also in a story.
            case _:
                self.untold[_UNTOLD[event.kind]] = None

    def _held(self, event: Act) -> Iterator[DraftStep]:
        if event.subject not in self.limits:
            self.untold[Said("a clock without a register id was paused", "暂停了没有制度编号的时限")] = None
            return
        words = {**self._time(event.at), f"when_{event.kind}d": event.subject, "by": self.people.of(event.by)}
        if event.kind == "pause":
            facts = event.facts
            words["with"] = {
                "kind": str(facts.get("kind") or "other"),
                "reason": "原因略",
                "evidence": "依据略",
            }
        yield DraftStep(words)

    def _element_of(self, user_task_key: str) -> str:
        """Of a task that was completed: a claim that led to nothing says nothing."""
        for one in self.course.openings:
            if one.user_task_key == user_task_key and one.values is not None:
                return one.element_id
        return ""

    def _time(self, at: datetime) -> dict[str, Any]:
        if self._now is not None and at <= self._now:
            return {}
        self._now = at
        return {"when_time_is": at.astimezone(self.calendar.zone)}


def _at(event: Opening | JobResult | Act) -> datetime:
    return event.ended_at if isinstance(event, Opening) else event.at


def _with(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"with": dict(values)} if values else {}
