"""`record_case`: the TOML of a story that goes the way of a case, and what of the case cannot be told in a story."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.releases.installed import InstalledRelease
from engine.model import Candidate, ClockRow, InvalidInput, UserTask
from engine.people import SYSTEM_ROLES, Actor
from engine.people.candidates import EVERYONE
from engine.queries.case_header import CaseHeader, header_of_case
from engine.rehearsal.record.hidden_values import HiddenValues, deciding_names
from engine.rehearsal.record.recorded_people import RecordedPeople
from engine.rehearsal.record.recorded_steps import RecordedSteps
from engine.rehearsal.replay.course import Course
from engine.rehearsal.replay.read_courses import read_courses
from engine.rehearsal.story_text import DraftStep, StoryDraft, write_story
from engine.rehearsal.unmet import Said

_TOLD_STATES = ("met", "breached", "running", "paused")


@dataclass(frozen=True)
class Recorded:
    """`untold`: what happened in the case and is not in the story. `hidden`, `kept`, `left_out`: names of fields."""

    text: str
    business_key: str
    family: str
    release_key: str
    number: int
    untold: tuple[Said, ...]
    hidden: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[str, ...]


def record_case(engine: Engine, actor: Actor, instance_key: str, *, title: str) -> Recorded:
    """A case that is over or still runs. Raises NotFound for one that the person may not read, InvalidInput for one
    whose record does not hold what it began with."""
    with engine.store.reading() as session:
        header = header_of_case(engine, session, actor, instance_key)
        release = engine.releases.get(session, header.row.release_key)
        course = next(iter(read_courses(session, [instance_key])))
        if course.obstacle is not None and not course.first_values and not course.openings:
            raise InvalidInput(
                f"The case cannot be recorded: {course.obstacle[0]}.",
                f"无法录制该事项：{course.obstacle[1]}。",
            )
        candidates = _candidates(session, instance_key)
        clocks = _clocks(session, instance_key)
        waits = _open_tasks(session, instance_key)
    return _Recording(engine, header, release, course).recorded(title, candidates, clocks, waits)


class _Recording:
    def __init__(self, engine: Engine, header: CaseHeader, release: InstalledRelease, course: Course) -> None:
        self._header, self._release, self._course = header, release, course
        profile = release.profile(course.profile_id)
        roles = {*engine.register.roles, *(profile.roles if profile else ()), *SYSTEM_ROLES, EVERYONE}
        self._people = RecordedPeople(header.directory, course.unit_key, course.started_by, roles)
        self._values = HiddenValues(
            release.forms,
            deciding_names(
                release.reachable(course.process_key),
                release.decisions.values(),
                {one.topic for one in engine.handlers.all() if one.outputs},
            ),
            self._people,
        )
        self._limits = frozenset(profile.limit_ids()) if profile else frozenset[str]()
        self._topics = engine.handlers.topics()
        self._register_ids = engine.register.ids

    def recorded(
        self,
        title: str,
        candidates: Mapping[str, list[str]],
        clocks: Mapping[str, str],
        waits: Sequence[str],
    ) -> Recorded:
        course, people = self._course, self._people
        by = people.of(course.started_by)
        variables = self._values.of_form(self._release.start_form(course.process_key), course.first_values)
        told = RecordedSteps(
            course, self._release, self._header.calendar, people, self._values, candidates, self._topics, self._limits
        )  # fmt: skip
        steps = told.steps(course.ended_at or self._header.now)
        steps.append(DraftStep(self._checks(clocks, waits)))
        untold = [*([Said(*course.obstacle)] if course.obstacle else []), *told.untold, *self._about_people()]
        draft = StoryDraft(
            title=title,
            source=[course.profile_id] if course.profile_id in self._register_ids else (),
            given={
                "process": course.process_key,
                "profile": course.profile_id or None,
                "calendar": course.calendar,
                "at": course.started_at.astimezone(self._header.calendar.zone),
                "by": by,
                "variables": variables or None,
            },
            people=people.people(),
            units=people.units(),
            steps=steps,
            notes=[f"自事项录制，发布 {self._release.number}。未能录制：{one.zh}" for one in untold],
        )
        values = self._values
        return Recorded(
            write_story(draft), course.business_key, self._release.family, course.release_key, self._release.number,
            tuple(untold), tuple(values.hidden), tuple(values.kept), tuple(values.left_out),
        )  # fmt: skip

    def _checks(self, clocks: Mapping[str, str], waits: Sequence[str]) -> dict[str, Any]:
        """What the case came to: so the story fails when it comes to something else."""
        course = self._course
        known = {key: state for key, state in clocks.items() if key in self._limits and "/" in key}
        done = [
            one for one in sorted(course.openings, key=lambda one: one.ended_at) if one.values is not None
        ]
        words: dict[str, Any] = {}
        if course.state == "completed":
            words["then_ended"] = course.end_element_id or True
        elif waits:
            words["then_waiting_at"] = list(dict.fromkeys(waits))
        else:
            words["then_ended"] = False
        if done:
            words["then_done_by"] = list(dict.fromkeys(self._people.of(one.by) for one in done))
        if known:
            words["then_clock"] = known
        return words

    def _about_people(self) -> list[Said]:
        found = [
            Said(f"{name} is not in the organisation any more", f"{name} 已不在本机构")
            for name in self._people.missing
        ]
        if self._course.started_by not in self._header.directory.people:
            found.append(
                Said(
                    "nobody started it: the calendar did, or another system",
                    "并非人员登记，而是日历或外部系统",
                )
            )
        return found


def _candidates(session: Session, instance_key: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, role in session.execute(
        select(Candidate.user_task_key, Candidate.role_key)
        .join(UserTask, UserTask.user_task_key == Candidate.user_task_key)
        .where(UserTask.instance_key == instance_key, Candidate.role_key != "")
    ):
        found[key].append(role)
    return found


def _clocks(session: Session, instance_key: str) -> dict[str, str]:
    """Limits that ran once in the case, with the state of their clock: of several nobody can tell which is meant."""
    rows = session.execute(
        select(ClockRow.limit_id, ClockRow.state).where(ClockRow.instance_key == instance_key)
    ).all()
    count = Counter(row.limit_id for row in rows)
    return {row.limit_id: row.state for row in rows if count[row.limit_id] == 1 and row.state in _TOLD_STATES}


def _open_tasks(session: Session, instance_key: str) -> list[str]:
    rows = session.execute(
        select(UserTask.element_id)
        .where(UserTask.instance_key == instance_key, UserTask.state == "open")
        .order_by(UserTask.created_at, UserTask.user_task_key)
    )
    return list(rows.scalars())
