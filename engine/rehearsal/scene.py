"""The case of a story while it is played: its engine, its clock, its people, and what was told since the last step."""

from datetime import UTC, datetime
from typing import Any

from engine.commands.due.due_work import do_due_work, next_due_at
from engine.commands.engine import Engine
from engine.commands.start_instance import start_instance
from engine.model import VirtualClock
from engine.people import SYSTEM, Actor, Directory, is_allowed, refusal
from engine.profiles import Profile
from engine.rehearsal.case_rows import CaseRows
from engine.rehearsal.cast import ORGANISATION, Cast
from engine.rehearsal.failing_handlers import FailingHandlers
from engine.rehearsal.known_ids import KnownIds
from engine.rehearsal.stage import Stage
from engine.rehearsal.story import Story
from engine.rehearsal.unmet import Unmet
from engine.worktime import Calendar

MOST_RINGS = 20_000  # a step that needs more would wait for ever: a timer that repeats each second, say


class Scene:
    def __init__(
        self,
        stage: Stage,
        story: Story,
        known: KnownIds,
        cast: Cast,
        profile: Profile | None,
        handlers: FailingHandlers,
        *,
        is_restarting: bool,
    ) -> None:
        self.stage, self.story, self.known, self.cast = stage, story, known, cast
        self.profile, self.handlers, self.is_restarting = profile, handlers, is_restarting
        name = story.given.calendar or (profile.calendar if profile else "cn")
        self.calendar: Calendar = stage.calendars.get(name)
        self.clock = VirtualClock(self.moment(story.given.at))
        stage.set_back()
        with stage.store.transaction() as session:
            profiles = {stage.family: profile.id} if profile else {}
            cast.insert(session, name, profiles, self.clock.now())
        self.engine: Engine = stage.engine(self.clock, handlers)
        self.rows = CaseRows(stage.store, known)
        self._directory: Directory | None = None
        self._told: set[str] = set()

    @property
    def is_started(self) -> bool:
        return bool(self.rows.instance_key)

    def start(self) -> None:
        started = start_instance(
            self.engine,
            self.actor(self.story.given.by),
            process_key=self.known.process_key,
            profile_id=self.profile.id if self.profile else None,
            organisation_key=ORGANISATION,
            variables=self.story.given.variables,
        )
        self.rows.instance_key = started.instance_key
        self.work_off()

    def restart(self) -> None:
        """As if the machine had been switched off and on: everything is read from the rows again."""
        if self.is_restarting:
            self.engine = self.stage.engine(self.clock, self.handlers)

    def work_off(self) -> None:
        """Jobs, timers and notices that are due at the present moment; and what we have read is out of date."""
        due = next_due_at(self.engine)
        if due is not None and due <= self.clock.now():
            do_due_work(self.engine)
        self._forget()

    def advance_to(self, target: datetime) -> None:
        """Moves time from one due moment to the next, so that each notice carries its own."""
        for _ in range(MOST_RINGS):
            due = next_due_at(self.engine)
            if due is None or due > target:
                break
            self.clock.set(max(due, self.clock.now()))
            if not do_due_work(self.engine) and next_due_at(self.engine) == due:
                raise Unmet(
                    f"Something is due at {due.isoformat()}, but it could not be done.",
                    f"{due.isoformat()} 有到期事项，但无法执行。",
                )
            self._forget()
        else:
            raise Unmet(
                f"More than {MOST_RINGS} things fell due on the way to {target.isoformat()}.",
                f"到 {target.isoformat()} 之前有超过 {MOST_RINGS} 件到期事项。",
            )
        self.clock.set(target)
        self._forget()

    def _forget(self) -> None:
        self.rows.forget()
        if self.is_restarting:
            # Within a step too, the case is read from its row before each command.
            self.engine.live.clear()

    def moment(self, given: datetime) -> datetime:
        """A moment of the story in UTC; without offset it is read in the calendar's zone."""
        return given.astimezone(UTC) if given.tzinfo else self.calendar.utc(given)

    @property
    def directory(self) -> Directory:
        """No word of a story changes people, so one reading is enough."""
        if self._directory is None:
            with self.engine.store.reading() as session:
                self._directory = self.engine.directories.get(session, ORGANISATION)
        return self._directory

    def actor(self, username: str | None) -> Actor:
        """Someone outside has no account: what they send comes in through a door of ours."""
        if username is None:
            return SYSTEM
        return self.directory.actor(username) or Actor(username, ORGANISATION, username)

    def may_work_on(self, task: Any, username: str) -> bool:
        """Whether the commands would let this person complete the task now."""
        excluded = {self.rows.instance.complained_about} - {None}
        actor = self.directory.actor(username)
        if actor is None or username in excluded or task.assignee not in (None, username):
            return False
        specs = self.rows.candidates(task.user_task_key)
        is_own = task.assignee == username or refusal(self.directory, username, specs, excluded) is None
        return is_own and is_allowed(actor, "task.work", organisation_key=ORGANISATION, is_own=True)

    def fresh_notices(self) -> list[Any]:
        """What was sent since the last step."""
        return [row for row in self.rows.notices() if row.notice_key not in self._told]

    def note_told(self) -> None:
        self._told |= {row.notice_key for row in self.rows.notices()}
