"""Messages that came in, and the places that wait for one or for a signal."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.model.base import Base, Json

_SIGNAL = "signal:"


def signal_waited_for(signal_name: str) -> str:
    """The `message_name` of a subscription that waits for a signal, which comes to all and has no correlation."""
    return f"{_SIGNAL}{signal_name}"


def is_signal(message_name: str) -> bool:
    """Whether a subscription waits for a signal. No message may have such a name."""
    return message_name.startswith(_SIGNAL)


class MessageSubscription(Base):
    __tablename__ = "message_subscription"
    subscription_key: Mapped[str] = mapped_column(primary_key=True)  # = the element instance that waits
    instance_key: Mapped[str] = mapped_column(ForeignKey("process_instance.instance_key"), index=True)
    organisation_key: Mapped[str]
    message_name: Mapped[str]
    correlation: Mapped[str]  # by default the case number
    element_id: Mapped[str]

    __table_args__ = (Index("ix_message_subscription_match", "message_name", "correlation"),)


class Message(Base):
    """A message as it came. Kept for a while when nobody waits yet; its id is taken once."""

    __tablename__ = "message"
    message_key: Mapped[str] = mapped_column(primary_key=True)
    organisation_key: Mapped[str]
    message_name: Mapped[str]
    correlation: Mapped[str]
    variables: Mapped[Json]
    received_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str]  # kept | delivered | expired
    instance_key: Mapped[str | None]

    __table_args__ = (Index("ix_message_kept", "state", "message_name", "correlation"),)
