"""A person's own tasks and those of the groups: overdue first, then whatever has least time left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from engine.model import Candidate, ClockRow, Notice, Organisation, ProcessInstance, UserTask
from engine.people import Actor
from engine.queries.promise import (
    AT_RISK,
    BREACHED,
    CLOCK_COLUMNS,
    ON_TIME,
    PAUSED,
    Promise,
    make_promise,
    risk_of,
)
from engine.queries.source import Source
from engine.queries.visible import may_take, not_accused
from engine.worktime import Calendar

MOST_SHOWN = 300
OVERDUE, SOON, TODAY, LATER = "overdue", "soon", "today", "later"
GROUPS = (OVERDUE, SOON, TODAY, LATER)

TASK_COLUMNS = (
    UserTask.user_task_key,
    UserTask.instance_key,
    UserTask.process_key,
    UserTask.element_id,
    UserTask.assignee,
    UserTask.created_at,
    UserTask.due_at,
    UserTask.priority,
    # JSON keeps "nothing" as the JSON value null, which SQL does not take for NULL.
    (UserTask.draft.is_not(None) & (cast(UserTask.draft, Text) != "null")).label("has_draft"),
    ProcessInstance.business_key,
    ProcessInstance.subject,
    ProcessInstance.profile_id,
    ProcessInstance.release_key,
    ProcessInstance.is_safety,
    ProcessInstance.unit_key,
    ProcessInstance.organisation_key,
    Organisation.calendar,
)


@dataclass(frozen=True)
class InboxTask:
    """One line of an inbox. `promise` is the clock that its due moment comes from, where there is one."""

    row: Any
    name: str
    unit_name: str
    status: str
    group: str
    promise: Promise | None
    calendar: Calendar

    @property
    def key(self) -> str:
        return str(self.row.user_task_key)

    @property
    def due_at(self) -> datetime | None:
        moment: datetime | None = self.row.due_at
        return moment


@dataclass(frozen=True)
class Inbox:
    """`group_open` counts what the person's groups have unclaimed, also while the own tasks are shown."""

    tasks: Sequence[InboxTask]
    own_open: int
    group_open: int
    by_group: dict[str, list[InboxTask]] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """For the head of every page."""

    own_open: int
    own_overdue: int
    unread: int


def find_inbox(source: Source, actor: Actor, *, is_group: bool, locale: str) -> Inbox:
    """The person's own open tasks, or (`is_group`) those that nobody has claimed and the person may take."""
    with source.store.reading() as session:
        condition = _offered(actor) if is_group else UserTask.assignee == actor.username
        rows = session.execute(
            select(*TASK_COLUMNS)
            .join(ProcessInstance, ProcessInstance.instance_key == UserTask.instance_key)
            .join(Organisation, Organisation.organisation_key == UserTask.organisation_key)
            .where(UserTask.state == "open", not_accused(actor), condition)
            .order_by(
                UserTask.due_at.is_(None),
                UserTask.due_at,
                UserTask.priority.desc(),
                UserTask.created_at,
                UserTask.instance_key,  # in the order in which the cases came
                UserTask.user_task_key,
            )
            .limit(MOST_SHOWN)
        ).all()
        tasks = make_tasks(source, session, rows, locale)
        own_open = len(rows) if not is_group else _count(session, actor, UserTask.assignee == actor.username)
        group_open = len(rows) if is_group else _count(session, actor, _offered(actor))
    by_group: dict[str, list[InboxTask]] = {name: [] for name in GROUPS}
    for task in tasks:
        by_group[task.group].append(task)
    return Inbox(tasks, own_open, group_open, by_group)


def count_for_head(source: Source, actor: Actor) -> Counts:
    """Two statements: they run on every page."""
    now = source.clock.now()
    with source.store.reading() as session:
        own, overdue = session.execute(
            select(
                func.count(UserTask.user_task_key),
                func.count(UserTask.user_task_key).filter(UserTask.due_at < now),
            )
            .join(ProcessInstance, ProcessInstance.instance_key == UserTask.instance_key)
            .where(UserTask.state == "open", UserTask.assignee == actor.username, not_accused(actor))
        ).one()
        unread = session.execute(
            select(func.count(Notice.notice_key))
            .outerjoin(ProcessInstance, ProcessInstance.instance_key == Notice.instance_key)
            .where(
                Notice.recipient == actor.username,
                Notice.read_at.is_(None),
                # What an import recorded of the past was never news to anybody.
                Notice.state != "imported",
                not_accused(actor),
            )
        ).scalar_one()
    return Counts(own, overdue, unread)


def make_tasks(source: Source, session: Session, rows: Sequence[Any], locale: str) -> list[InboxTask]:
    """Lines for task rows, with one more statement for the clocks of all of them."""
    now = source.clock.now()
    clocks = open_clocks(session, {row.instance_key for row in rows})
    tasks = []
    directories = {
        key: source.directories.get(session, key) for key in {row.organisation_key for row in rows}
    }
    for row in rows:
        release = source.releases.get(session, row.release_key)
        calendar = source.calendars.get(row.calendar, session)
        unit = directories[row.organisation_key].units.get(row.unit_key)
        clock = clock_of_task(row, clocks.get(row.instance_key, ()))
        promise = (
            make_promise(clock, release, row.profile_id, calendar, now, locale) if clock is not None else None
        )
        status = _status(row, promise, calendar, now)
        tasks.append(
            InboxTask(
                row=row,
                name=release.name_of(row.process_key, row.element_id, locale),
                unit_name=(unit.name.get(locale) or unit.unit_key) if unit else "",
                status=status,
                group=_group(row.due_at, status, calendar, now),
                promise=promise,
                calendar=calendar,
            )
        )
    return tasks


def open_clocks(session: Session, instance_keys: set[str]) -> dict[str, list[Any]]:
    """Clocks that still count, by case."""
    found: dict[str, list[Any]] = {}
    if instance_keys:
        for row in session.execute(
            select(*CLOCK_COLUMNS)
            .where(ClockRow.instance_key.in_(instance_keys), ClockRow.stopped_at.is_(None))
            .order_by(ClockRow.due_at, ClockRow.clock_key)
        ):
            found.setdefault(row.instance_key, []).append(row)
    return found


def clock_of_task(task: Any, clocks: Sequence[Any]) -> Any:
    """The clock behind a task's due moment: its own visit's, else one with that due moment, else the nearest."""
    own = [one for one in clocks if one.element_instance_key == task.user_task_key]
    same = [one for one in clocks if one.due_at == task.due_at]
    if task.due_at is not None and not own and not same:
        return None  # A timer or a due date of the diagram, not a clock.
    return next(iter([*own, *same, *clocks]), None)


def _status(row: Any, promise: Promise | None, calendar: Calendar, now: datetime) -> str:
    if promise is not None and promise.due_at == row.due_at:
        return promise.status
    if row.due_at is None:
        return promise.status if promise is not None and promise.status == PAUSED else ON_TIME
    return risk_of(row.due_at, row.created_at, calendar, now)


def _group(due: datetime | None, status: str, calendar: Calendar, now: datetime) -> str:
    if status == BREACHED:
        return OVERDUE
    if status == PAUSED or due is None:
        return LATER
    if status == AT_RISK:
        return SOON
    # 24:00 of today is written as 0:00 of tomorrow.
    last = calendar.local(due) - timedelta(microseconds=1)
    return TODAY if last.date() <= calendar.local(now).date() else LATER


def _offered(actor: Actor) -> Any:
    way = (
        select(Candidate.user_task_key)
        .where(Candidate.user_task_key == UserTask.user_task_key, may_take(actor))
        .correlate(UserTask)
        .exists()
    )
    return UserTask.assignee.is_(None) & way


def _count(session: Session, actor: Actor, condition: Any) -> int:
    return session.execute(
        select(func.count(UserTask.user_task_key))
        .join(ProcessInstance, ProcessInstance.instance_key == UserTask.instance_key)
        .where(UserTask.state == "open", not_accused(actor), condition)
    ).scalar_one()
