"""The case of a story while it is played: its engine, its clock, and what its rows say at the moment."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.due_work import do_due_work, next_due_at
from engine.commands.engine import Engine
from engine.commands.open_task import candidates_of
from engine.commands.start_instance import start_instance
from engine.model import (
    ClockRow,
    ElementInstance,
    Incident,
    Job,
    MessageSubscription,
    Notice,
    ProcessInstance,
    Timer,
    UserTask,
    VariableScope,
    VirtualClock,
)
from engine.people import SYSTEM, Actor, Directory, is_allowed, refusal
from engine.profiles import Profile
from engine.rehearsal.cast import ORGANISATION, Cast
from engine.rehearsal.failing_handlers import FailingHandlers
from engine.rehearsal.known_ids import KnownIds, Target
from engine.rehearsal.stage import Stage
from engine.rehearsal.story import Story
from engine.rehearsal.unmet import Said, Unmet, listed
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
        self.instance_key = ""
        self._told: set[str] = set()

    # --- what happens

    def start(self) -> None:
        started = start_instance(
            self.engine,
            self.actor(self.story.given.by),
            process_key=self.known.process_key,
            profile_id=self.profile.id if self.profile else None,
            organisation_key=ORGANISATION,
            variables=self.story.given.variables,
        )
        self.instance_key = started.instance_key
        self.work_off()

    def restart(self) -> None:
        """As if the machine had been switched off and on: everything is read from the rows again."""
        if self.is_restarting:
            self.engine = self.stage.engine(self.clock, self.handlers)

    def work_off(self) -> None:
        """Jobs, timers and notices that are due at the present moment."""
        do_due_work(self.engine)
        self.forget()

    def forget(self) -> None:
        if self.is_restarting:
            self.engine.live.clear()

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
            self.forget()
        else:
            raise Unmet(
                f"More than {MOST_RINGS} things fell due on the way to {target.isoformat()}.",
                f"到 {target.isoformat()} 之前有超过 {MOST_RINGS} 件到期事项。",
            )
        self.clock.set(target)
        self.work_off()

    # --- who

    def actor(self, username: str | None) -> Actor:
        """Someone outside has no account: what they send comes in through a door of ours."""
        if username is None:
            return SYSTEM
        found = self.directory.actor(username)
        return found or Actor(username, ORGANISATION, username)

    @property
    def directory(self) -> Directory:
        with self.engine.store.reading() as session:
            return self.engine.directories.get(session, ORGANISATION)

    def may_work_on(self, task: Any, username: str) -> bool:
        """Whether the commands would let this person complete the task now."""
        if task.assignee not in (None, username):
            return False
        excluded = {self.instance.complained_about} - {None}
        if username in excluded:
            return False
        directory = self.directory
        actor = directory.actor(username)
        if actor is None:
            return False
        specs = self.read(lambda session: candidates_of(session, task.user_task_key))
        is_own = task.assignee == username or refusal(directory, username, specs, excluded) is None
        return is_own and is_allowed(actor, "task.work", organisation_key=ORGANISATION, is_own=True)

    # --- when

    def moment(self, given: datetime) -> datetime:
        """A moment of the story in UTC; without offset it is read in the calendar's zone."""
        return given.astimezone(UTC) if given.tzinfo else self.calendar.utc(given)

    # --- what the rows say

    def read(self, ask: Callable[[Session], Any]) -> Any:
        with self.engine.store.reading() as session:
            return ask(session)

    def rows(self, table: Any, *conditions: Any) -> Sequence[Any]:
        statement = select(table.__table__).where(table.instance_key == self.instance_key, *conditions)
        rows: Sequence[Any] = self.read(lambda session: session.execute(statement).all())
        return rows

    @property
    def instance(self) -> Any:
        """The case itself. Its stored state is left out: nothing here looks into it."""
        columns = [one for one in ProcessInstance.__table__.c if one.name != "state_blob"]
        statement = select(*columns).where(ProcessInstance.instance_key == self.instance_key)
        return self.read(lambda session: session.execute(statement).one())

    def tasks(self, target: Target | None = None, *states: str) -> list[Any]:
        """User tasks of the case, oldest first, equally old ones as they are drawn."""
        rows = self.rows(UserTask, UserTask.state.in_(states or ("open",)))
        order = self.known.order
        rows = sorted(rows, key=lambda row: (row.created_at, order.get((row.process_key, row.element_id), 0)))
        return [row for row in rows if target is None or (row.process_key, row.element_id) in target.places]

    def clocks(self, target: Target | None = None, *, is_open: bool = False) -> list[Any]:
        """Clocks of the case, oldest first."""
        conditions = (ClockRow.stopped_at.is_(None),) if is_open else ()
        rows = sorted(self.rows(ClockRow, *conditions), key=lambda row: (row.started_at, row.clock_key))
        return [
            row
            for row in rows
            if target is None or target.is_clock(row.limit_id, (row.process_key, row.element_id))
        ]

    def history(self) -> list[Any]:
        return sorted(self.rows(ElementInstance), key=lambda row: row.sequence)

    def jobs(self) -> Sequence[Any]:
        return self.rows(Job, Job.kind == "handler", Job.state.in_(("waiting", "running", "failed")))

    def timers(self, *states: str) -> Sequence[Any]:
        return self.rows(Timer, Timer.state.in_(states or ("waiting", "paused", "failed")))

    def subscriptions(self) -> Sequence[Any]:
        return self.rows(MessageSubscription)

    def incidents(self) -> Sequence[Any]:
        return self.rows(Incident, Incident.resolved_at.is_(None))

    def variables(self) -> dict[str, Any]:
        """Of the case; those of open called processes and iterations where the case has no such name."""
        found: dict[str, Any] = {}
        for row in self.rows(VariableScope):
            found |= row.variables
        return {**found, **self.instance.variables}

    def waiting_places(self) -> dict[tuple[str | None, str], int]:
        """(process key or None, element id) → how often the case waits there: tasks, jobs, messages, timers."""
        found: dict[tuple[str | None, str], int] = {}
        for row in (*self.tasks(), *self.jobs()):
            key = (row.process_key, row.element_id)
            found[key] = found.get(key, 0) + 1
        for row in (*self.subscriptions(), *self.timers()):
            key = (None, row.element_id)
            found[key] = found.get(key, 0) + 1
        return found

    def is_open(self, target: Target) -> bool:
        """Whether a task, a clock or another waiting place that the id stands for is open."""
        if self.clocks(target, is_open=True):
            return True
        ids = {element_id for _, element_id in target.places}
        for process_key, element_id in self.waiting_places():
            if process_key is None:
                if element_id in ids:
                    return True
            elif (process_key, element_id) in target.places or (
                target.limit_id is None and target.name in self.known.around(process_key, element_id)
            ):
                return True
        return False

    def stands_at(self) -> Said:
        """Where the case is, for sentences."""
        if not self.instance_key:
            return Said("the case was not started", "事项没有登记")
        instance = self.instance
        if instance.state != "running":
            end = instance.end_element_id or instance.state
            return Said(f"the case is over ({end})", f"事项已结束（{end}）")
        places = [
            f"{element_id} ×{number}" if number > 1 else element_id
            for (_, element_id), number in self.waiting_places().items()
            if not self._is_boundary(element_id)
        ]
        places_said = listed(sorted(places))
        return Said(f"the case waits at {places_said.en}", f"事项停在 {places_said.zh}")

    def _is_boundary(self, element_id: str) -> bool:
        elements = (self.known.release.element(*place) for place in self.known.places.get(element_id, ()))
        return any(one is not None and one.kind == "boundaryEvent" for one in elements)

    def all_notices(self) -> Sequence[Any]:
        """Of every case: a message may have started another one."""
        columns = [one for one in Notice.__table__.c if one.name not in ("subject", "body")]
        rows: Sequence[Any] = self.read(lambda session: session.execute(select(*columns)).all())
        return rows

    def fresh_notices(self) -> list[Any]:
        """What was sent since the last step."""
        return [row for row in self.all_notices() if row.notice_key not in self._told]

    def note_told(self) -> None:
        self._told |= {row.notice_key for row in self.fresh_notices()}
