"""One case of a replay: the same work as a command does on a case, over its whole life and without a row."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.commands.case.frame import CaseFrame
from engine.commands.case.promises import CasePromises
from engine.commands.case.record import CaseRecord, accused_of
from engine.commands.case.work import CaseWork
from engine.commands.releases.installed import InstalledRelease
from engine.commands.start_instance import first_values
from engine.people import SYSTEM, Actor
from engine.rehearsal.replay.course import Course, Place
from engine.rehearsal.replay.ground import Ground
from engine.rehearsal.replay.memory_parts import (
    MemoryClocks,
    MemoryHost,
    MemoryJobs,
    MemoryNotices,
    MemoryPlaces,
    MemoryTasks,
)
from engine.rehearsal.replay.played import Decided
from engine.spiff import CaseRun


class MemoryWork(CaseWork):
    """Used for all steps of one case; `step` begins each of them."""

    clocks: MemoryClocks
    notices: MemoryNotices
    tasks: MemoryTasks
    jobs: MemoryJobs
    places: MemoryPlaces

    def __init__(
        self, frame: CaseFrame, course: Course, moment_of: Callable[[Place], datetime | None]
    ) -> None:
        super().__init__(frame, is_new=True)
        record = self.record
        self.clocks = MemoryClocks(
            frame.session, record.instance_key, record.organisation_key, frame.profile, frame.calendar
        )
        self.promises = CasePromises(frame, self.clocks)
        self.notices = MemoryNotices(frame)
        self.tasks = MemoryTasks(frame, self.clocks, self.notices)
        self.jobs = MemoryJobs(frame, self.notices, course, moment_of)
        self.places = MemoryPlaces(frame, self.clocks, self.tasks, self.jobs)
        self.decided: list[Decided] = []

    @property
    def history(self) -> list[dict[str, Any]]:
        return self._history

    def step(self, now: datetime, actor: Actor) -> None:
        """What follows happens at this moment and is done by this person."""
        frame = self.frame
        self._rounds = 0
        self.now = frame.now = now
        frame.actor = actor
        frame.audit.clear()
        host = MemoryHost(frame.release, frame.profile, frame.calendar, now)
        host.decided = self.decided
        frame.host = host
        frame.run.use_host(host)

    def settle(self) -> None:
        """The end of a step: what else would be written now."""
        self.places.move_timers(self.clocks.settle(self.now))


def begin_work(
    ground: Ground,
    release: InstalledRelease,
    course: Course,
    moment_of: Callable[[Place], datetime | None],
) -> MemoryWork:
    """The case before its first step. Raises InvalidForm and what stands in the values."""
    profile = release.profile(course.profile_id)
    calendar = ground.engine.calendars.get(course.calendar)
    values = first_values(release, course.process_key, course.first_values, is_form=False)
    subject = values.get("subject")
    record = CaseRecord(
        instance_key=course.instance_key,
        organisation_key=course.organisation_key,
        unit_key=course.unit_key,
        release_key=release.release_key,
        definition_key=release.definitions[course.process_key],
        process_key=course.process_key,
        profile_id=course.profile_id,
        business_key=course.business_key,
        subject=subject if isinstance(subject, str) else "",
        state="running",
        row_version=1,
        variables=values,
        started_at=course.started_at,
        started_by=course.started_by,
        changed_at=course.started_at,
        changed_by=course.started_by,
        complained_about=accused_of(values),
    )
    host = MemoryHost(release, profile, calendar, course.started_at)
    engine = ground.engine
    run = CaseRun(
        release.compiled(course.process_key), host, {"case": record.variables}, engine.settings.guards
    )
    frame = CaseFrame(
        engine,
        Session(),  # bound to nothing: whatever would ask a database fails at once
        SYSTEM,
        record,
        ground.directories[course.organisation_key],
        release,
        profile,
        calendar,
        host,
        course.started_at,
        run,
    )
    return MemoryWork(frame, course, moment_of)
