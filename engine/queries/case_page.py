"""One case with all that its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import Attachment, ClockRow, Incident, Notice, UserTask
from engine.people import Actor
from engine.queries.awaited import Awaited, find_awaited
from engine.queries.case_header import CaseHeader, header_of_case, takes_part
from engine.queries.case_steps import Step, open_steps
from engine.queries.filled_forms import FilledForm, find_forms
from engine.queries.promise import CLOCK_COLUMNS, Promise, make_promise
from engine.queries.source import Source
from engine.queries.timeline import TimelineEntry, find_timeline


@dataclass(frozen=True)
class CasePage:
    header: CaseHeader
    steps: Sequence[Step]
    promises: Sequence[Promise]
    awaited: Sequence[Awaited]
    timeline: Sequence[TimelineEntry]
    forms: Sequence[FilledForm]
    attachments: Sequence[Any]
    incidents: Sequence[Any]
    participants: frozenset[str]
    rights: Mapping[str, bool]

    @property
    def open_promises(self) -> list[Promise]:
        return [one for one in self.promises if one.is_open]

    @property
    def next_due_at(self) -> datetime | None:
        moments = [one.due_at for one in self.open_promises] + [
            step.due_at for step in self.steps if step.due_at is not None
        ]
        return min(moments, default=None)


ACTS = (
    "attachment.add",
    "clock.pause",
    "clock.acknowledge",
    "task.assign",
    "incident.resolve",
    "case.terminate",
    "message.send",
)


def find_case(source: Source, actor: Actor, instance_key: str, locale: str) -> CasePage:
    """Raises NotFound for a case that the person may not see."""
    with source.store.reading() as session:
        header = header_of_case(source, session, actor, instance_key)
        promises = find_promises(session, header, locale)
        told = _told(session, actor, instance_key)
        holds = takes_part(session, actor, instance_key)
        participants = _participants(session, header)
        is_running = header.row.state == "running"
        own = {"attachment.add": actor.username in participants, "clock.pause": holds}
        own["clock.acknowledge"] = holds or told
        own["message.send"] = actor.username in participants or holds
        return CasePage(
            header=header,
            steps=open_steps(session, [instance_key]).get(instance_key, []),
            promises=promises,
            awaited=find_awaited(session, header, locale),
            timeline=find_timeline(session, header, locale),
            forms=find_forms(session, header, locale),
            attachments=find_attachments(session, instance_key),
            incidents=session.execute(
                select(
                    Incident.incident_key,
                    Incident.kind,
                    Incident.element_id,
                    Incident.message,
                    Incident.raised_at,
                )
                .where(Incident.instance_key == instance_key, Incident.resolved_at.is_(None))
                .order_by(Incident.raised_at, Incident.incident_key)
            ).all(),
            participants=participants,
            rights={
                act: is_running and header.allows(actor, act, is_own=own.get(act, False)) for act in ACTS
            },
        )


def find_promises(session: Session, header: CaseHeader, locale: str) -> list[Promise]:
    """All clocks of the case: those that count first, nearest first; then the past ones."""
    rows = session.execute(
        select(*CLOCK_COLUMNS)
        .where(ClockRow.instance_key == header.key)
        .order_by(ClockRow.stopped_at.is_not(None), ClockRow.due_at, ClockRow.clock_key)
    )
    return [
        make_promise(row, header.release, header.row.profile_id, header.calendar, header.now, locale)
        for row in rows
    ]


def find_attachments(session: Session, instance_key: str) -> Sequence[Any]:
    return session.execute(
        select(
            Attachment.attachment_key,
            Attachment.file_name,
            Attachment.media_type,
            Attachment.size,
            Attachment.added_at,
            Attachment.added_by,
        )
        .where(Attachment.instance_key == instance_key)
        .order_by(Attachment.added_at, Attachment.attachment_key)
    ).all()


def _told(session: Session, actor: Actor, instance_key: str) -> bool:
    return (
        session.execute(
            select(Notice.notice_key).where(
                Notice.instance_key == instance_key,
                Notice.recipient == actor.username,
                Notice.clock_key.is_not(None),
            )
        ).first()
        is not None
    )


def _participants(session: Session, header: CaseHeader) -> frozenset[str]:
    """Who has registered, held or done something in the case, may take a step of it, or was told of it."""
    names = {header.row.started_by}
    for assignee, done_by in session.execute(
        select(UserTask.assignee, UserTask.completed_by).where(UserTask.instance_key == header.key)
    ):
        names |= {assignee, done_by}
    for step in open_steps(session, [header.key]).get(header.key, []):
        for role, unit, username in step.candidates:
            names |= {username} if username else set(header.directory.holders_in(role, unit))
    names |= set(
        session.execute(
            select(Notice.recipient).where(Notice.instance_key == header.key).distinct()
        ).scalars()
    )
    known = header.directory.people
    return frozenset(name for name in names if name in known and name not in header.excluded)
