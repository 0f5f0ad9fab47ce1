"""What a person was told in the app, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from engine.model import ClockRow, Notice, ProcessInstance
from engine.people import Actor
from engine.queries.source import Source
from engine.queries.visible import not_accused

MOST_SHOWN = 200
# What an import recorded of the past was never news to anybody.
_UNREAD = (Notice.read_at.is_(None), Notice.state != "imported")


@dataclass(frozen=True)
class NoticeLine:
    row: Any

    @property
    def is_unread(self) -> bool:
        return self.row.read_at is None and self.row.state != "imported"

    @property
    def text(self) -> str:
        """The body without the lines that carry an address: the page has buttons for these."""
        lines = self.row.body.splitlines()
        return "\n".join(one for one in lines if "/tasks/" not in one and "/cases/" not in one).strip()

    @property
    def may_acknowledge(self) -> bool:
        """A broken promise that still counts and that nobody has taken in hand."""
        return (
            self.row.clock_key is not None
            and self.row.breached_at is not None
            and self.row.stopped_at is None
            and self.row.clock_acknowledged_at is None
        )


@dataclass(frozen=True)
class UnreadNotice:
    notice_key: str
    subject: str
    created_at: datetime


def find_newest_unread(source: Source, actor: Actor) -> UnreadNotice | None:
    """One statement, over the newest rows of the person's inbox."""
    with source.store.reading() as session:
        row = session.execute(
            select(Notice.notice_key, Notice.subject, Notice.created_at)
            .outerjoin(ProcessInstance, ProcessInstance.instance_key == Notice.instance_key)
            .where(Notice.recipient == actor.username, not_accused(actor), *_UNREAD)
            .order_by(Notice.created_at.desc(), Notice.notice_key.desc())
            .limit(1)
        ).one_or_none()
    return None if row is None else UnreadNotice(*row)


def find_notices(source: Source, actor: Actor, *, only_unread: bool = False) -> Sequence[NoticeLine]:
    """Notices of a case that complains about the person are kept from that person, also older ones."""
    wanted = [Notice.recipient == actor.username, not_accused(actor)]
    if only_unread:
        wanted += _UNREAD
    with source.store.reading() as session:
        rows = session.execute(
            select(
                Notice.notice_key,
                Notice.instance_key,
                Notice.user_task_key,
                Notice.clock_key,
                Notice.kind,
                Notice.subject,
                Notice.body,
                Notice.created_at,
                Notice.state,
                Notice.read_at,
                Notice.acknowledged_at,
                ProcessInstance.business_key,
                ProcessInstance.subject.label("case_subject"),
                ClockRow.breached_at,
                ClockRow.stopped_at,
                ClockRow.acknowledged_at.label("clock_acknowledged_at"),
                ClockRow.acknowledged_by,
            )
            .outerjoin(ProcessInstance, ProcessInstance.instance_key == Notice.instance_key)
            .outerjoin(ClockRow, and_(ClockRow.clock_key == Notice.clock_key))
            .where(*wanted)
            .order_by(Notice.created_at.desc(), Notice.notice_key.desc())
            .limit(MOST_SHOWN)
        ).all()
    return [NoticeLine(row) for row in rows]
