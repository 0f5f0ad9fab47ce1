"""Sends one notice by mail, through the outbox: the row says whether it has left already."""

from typing import Any

from sqlalchemy import select, update

from engine.commands.engine import Engine
from engine.model import HandlerFailed, Notice, ProcessInstance


def deliver_notice(engine: Engine, notice_key: str) -> None:
    """Sent at least once: a crash between the mail server's answer and our commit sends it again.

    The Message-ID is the notice key, so that a mail program shows such a pair as one. Raises HandlerFailed.
    """
    with engine.store.reading() as session:
        row = session.execute(
            select(Notice.__table__, ProcessInstance.complained_about)
            .outerjoin(ProcessInstance, ProcessInstance.instance_key == Notice.instance_key)
            .where(Notice.notice_key == notice_key)
        ).one_or_none()
    if row is None or row.state not in ("queued", "failed"):
        return
    if row.complained_about is not None and row.complained_about == row.recipient:
        # Became the person complained about while the mail waited for the end of the quiet hours.
        _set(engine, notice_key, state="in_app")
        return
    if engine.send_mail is None:
        raise HandlerFailed("No mail server is set.", "没有设置邮件服务器。")
    engine.send_mail(dict(row._mapping))
    _set(engine, notice_key, state="sent", sent_at=engine.clock.now())


def _set(engine: Engine, notice_key: str, **values: Any) -> None:
    with engine.store.transaction() as session:
        session.execute(update(Notice).where(Notice.notice_key == notice_key).values(**values))
