"""What a case waits for from outside and what a person may record by hand: goods that came back, a refund that was paid."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import MessageSubscription
from engine.queries.case_header import CaseHeader

# A boundary message breaks into a task and mostly brings values along; whoever holds that task says them in its form.
_KINDS = frozenset({"receiveTask", "intermediateCatchEvent"})


@dataclass(frozen=True)
class Awaited:
    message_name: str
    correlation: str
    name: str  # of the element that waits, in the reader's language


def find_awaited(session: Session, header: CaseHeader, locale: str) -> list[Awaited]:
    rows = session.execute(
        select(
            MessageSubscription.message_name,
            MessageSubscription.correlation,
            MessageSubscription.element_id,
        )
        .where(MessageSubscription.instance_key == header.key)
        .order_by(MessageSubscription.message_name, MessageSubscription.subscription_key)
    )
    return [
        Awaited(row.message_name, row.correlation, header.release.name_of(key, row.element_id, locale))
        for row in rows
        for key, model in header.release.models.items()
        if (element := model.elements.get(row.element_id)) is not None and element.kind in _KINDS
    ]
