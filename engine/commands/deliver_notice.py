"""Sends one notice by mail, through the outbox: the row says whether it has left already."""

from sqlalchemy import select, update

from engine.commands.engine import Engine
from engine.model import HandlerFailed, Notice


def deliver_notice(engine: Engine, notice_key: str) -> None:
    """Sent at least once: a crash between the mail server's answer and our commit sends it again.

    The Message-ID is the notice key, so that a mail program shows such a pair as one. Raises HandlerFailed.
    """
    with engine.store.reading() as session:
        row = session.execute(select(Notice.__table__).where(Notice.notice_key == notice_key)).one_or_none()
    if row is None or row.state not in ("queued", "failed"):
        return
    if engine.send_mail is None:
        raise HandlerFailed("No mail server is set.", "没有设置邮件服务器。")
    engine.send_mail(dict(row._mapping))
    with engine.store.transaction() as session:
        session.execute(
            update(Notice)
            .where(Notice.notice_key == notice_key)
            .values(state="sent", sent_at=engine.clock.now())
        )
