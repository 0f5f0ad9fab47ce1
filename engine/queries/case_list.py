"""Cases that a person may see, found by number or subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from engine.model import ClockRow, Organisation, ProcessInstance
from engine.people import Actor, Directory
from engine.queries.case_steps import Step, open_steps
from engine.queries.inbox import open_clocks
from engine.queries.promise import AT_RISK, BREACHED, PAUSED, Promise, make_promise
from engine.queries.source import ReleaseView, Source
from engine.queries.visible import visible_cases
from engine.worktime import Calendar

PAGE = 50
STATES = ("running", "overdue", "ended", "all")


@dataclass(frozen=True)
class CaseLine:
    row: Any
    release: ReleaseView
    calendar: Calendar
    directory: Directory
    steps: Sequence[Step]
    promise: Promise | None

    @property
    def status(self) -> str:
        """Of the nearest promise; a case that is over has its state."""
        if self.row.state != "running":
            return str(self.row.state)
        return self.promise.status if self.promise else "on_time"


@dataclass(frozen=True)
class CaseList:
    lines: Sequence[CaseLine]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def find_cases(
    source: Source, actor: Actor, *, text: str = "", state: str = "running", page: int = 1, locale: str = "zh"
) -> CaseList:
    """`text` is looked for in the number and the subject. Five statements, however many cases."""
    condition = [visible_cases(actor)]
    now = source.clock.now()
    if text:
        condition.append(
            or_(
                ProcessInstance.business_key.icontains(text, autoescape=True),
                ProcessInstance.subject.icontains(text, autoescape=True),
            )
        )
    if state in ("running", "overdue"):
        condition.append(ProcessInstance.state == "running")
    if state == "ended":
        condition.append(ProcessInstance.state != "running")
    if state == "overdue":
        late = select(ClockRow.instance_key).where(
            ClockRow.stopped_at.is_(None), ClockRow.state != "paused", ClockRow.due_at < now
        )
        condition.append(ProcessInstance.instance_key.in_(late))
    with source.store.reading() as session:
        total = session.execute(
            select(func.count(ProcessInstance.instance_key)).where(*condition)
        ).scalar_one()
        rows = session.execute(
            select(
                ProcessInstance.instance_key,
                ProcessInstance.organisation_key,
                ProcessInstance.unit_key,
                ProcessInstance.release_key,
                ProcessInstance.process_key,
                ProcessInstance.profile_id,
                ProcessInstance.business_key,
                ProcessInstance.subject,
                ProcessInstance.state,
                ProcessInstance.started_at,
                ProcessInstance.ended_at,
                ProcessInstance.is_safety,
                ProcessInstance.complained_about,
                Organisation.calendar,
                Organisation.directory_version,
            )
            .join(Organisation, Organisation.organisation_key == ProcessInstance.organisation_key)
            .where(*condition)
            .order_by(ProcessInstance.started_at.desc(), ProcessInstance.instance_key.desc())
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        ).all()
        running = {row.instance_key for row in rows if row.state == "running"}
        steps, clocks = open_steps(session, running), open_clocks(session, running)
        lines = []
        for row in rows:
            release = source.releases.get(session, row.release_key)
            calendar = source.calendars.get(row.calendar, session)
            found = clocks.get(row.instance_key, [])
            promises = [make_promise(one, release, row.profile_id, calendar, now, locale) for one in found]
            lines.append(
                CaseLine(
                    row=row,
                    release=release,
                    calendar=calendar,
                    directory=source.directories.get(session, row.organisation_key, row.directory_version),
                    steps=steps.get(row.instance_key, []),
                    promise=min(promises, key=_urgency, default=None),
                )
            )
    return CaseList(lines, total, page)


def _urgency(promise: Promise) -> Any:
    order = {BREACHED: 0, AT_RISK: 1, PAUSED: 3}
    return (order.get(promise.status, 2), promise.due_at)
