"""What a change of a calendar would do to open deadlines, told before it is made. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.commands.calendars.moving_deadlines import MovingDeadline, moving_deadlines
from engine.commands.engine import Engine
from engine.model import InvalidInput, ProcessInstance, UserTask
from engine.people import Actor, is_allowed, require
from engine.worktime import Calendar, CalendarChange, CalendarFileError

_FIRST = 10**9  # laid over everything that there is


@dataclass(frozen=True)
class MovedCase:
    """One deadline of a case that the person may see. `who` is empty when nobody holds the work."""

    deadline: MovingDeadline
    business_key: str
    subject: str
    limit_text: Mapping[str, str]
    element_name: Mapping[str, str]
    who: str
    is_over_at_once: bool


@dataclass(frozen=True)
class PlannedChange:
    """`hidden`: deadlines that move in cases which the person may not see. `settled`: only become certain."""

    before: Calendar | None
    after: Calendar
    moved: Sequence[MovedCase]
    hidden: int
    settled: int


def plan_calendar_change(
    engine: Engine, actor: Actor, *, calendar: str, content: Mapping[str, Any], year: int | None = None
) -> PlannedChange:
    """Raises Forbidden, InvalidInput."""
    require(actor, "calendar.change")
    change = CalendarChange(_FIRST, year, content)
    with engine.store.reading() as session:
        before = engine.calendars.get(calendar, session) if "site" not in content else None
        try:
            after = engine.calendars.with_change(session, calendar, change)
            concerned = {
                name: engine.calendars.with_change(session, calendar, change, of=name)
                for name in engine.calendars.names_under(session, calendar)
            }
        except CalendarFileError as wrong:
            raise InvalidInput(wrong.en, wrong.zh) from wrong
        found = list(moving_deadlines(session, concerned))
        shown = [
            one
            for one in found
            if one.is_moved and is_allowed(actor, "case.read", organisation_key=one.organisation_key)
        ]
        moved = _told(engine, session, actor, shown, engine.clock.now())
    return PlannedChange(
        before,
        after,
        moved,
        hidden=sum(one.is_moved for one in found) - len(moved),
        settled=sum(not one.is_moved for one in found),
    )


def _told(
    engine: Engine, session: Any, actor: Actor, deadlines: Sequence[MovingDeadline], now: datetime
) -> list[MovedCase]:
    keys = {one.instance_key for one in deadlines}
    cases = {
        row.instance_key: row
        for row in session.execute(
            select(
                ProcessInstance.instance_key,
                ProcessInstance.business_key,
                ProcessInstance.subject,
                ProcessInstance.release_key,
                ProcessInstance.process_key,
                ProcessInstance.profile_id,
                ProcessInstance.complained_about,
            ).where(ProcessInstance.instance_key.in_(keys))
        )
        if row.complained_about != actor.username
    }
    holders: dict[str, list[str]] = {}
    for row in session.execute(
        select(UserTask.instance_key, UserTask.assignee).where(
            UserTask.instance_key.in_(keys), UserTask.state == "open", UserTask.assignee.is_not(None)
        )
    ):
        holders.setdefault(row.instance_key, []).append(str(row.assignee))
    told = []
    for one in deadlines:
        row = cases.get(one.instance_key)
        if row is None:
            continue
        release = engine.releases.get(session, row.release_key)
        profile = release.profile(row.profile_id)
        limit = profile.limits.get(one.limit_name or "") if profile else None
        process_key = one.process_key or row.process_key
        directory = engine.directories.get(session, one.organisation_key)
        told.append(
            MovedCase(
                one,
                row.business_key,
                row.subject,
                limit.text if limit else {},
                {locale: release.name_of(process_key, one.element_id, locale) for locale in ("zh", "en")},
                "、".join(directory.shown(name, actor.locale) for name in holders.get(one.instance_key, ())),
                is_over_at_once=one.due_at <= now < one.was,
            )
        )
    return sorted(told, key=lambda each: (each.deadline.was, each.business_key))
