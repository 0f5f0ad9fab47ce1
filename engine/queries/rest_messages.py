"""Who waits for a message."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import MessageSubscription, ProcessDefinition, ProcessInstance
from engine.queries.rest_definitions import newest_version


def knows_message(session: Session, message_name: str) -> bool:
    """Whether any case waits for such a message, or a diagram that may be started names it."""
    waiting = select(MessageSubscription.subscription_key).where(
        MessageSubscription.message_name == message_name
    )
    if session.execute(waiting.limit(1)).first() is not None:
        return True
    models = session.execute(
        select(ProcessDefinition.model).where(ProcessDefinition.version == newest_version)
    ).scalars()
    return any(
        element.get("message_name") == message_name for model in models for element in model["elements"]
    )


def waited_correlation(session: Session, instance_key: str, message_name: str) -> str | None:
    """What the case compares with a message of that name; None while it does not wait for one."""
    return session.execute(
        select(MessageSubscription.correlation)
        .where(
            MessageSubscription.instance_key == instance_key,
            MessageSubscription.message_name == message_name,
        )
        .limit(1)
    ).scalar_one_or_none()


def organisation_of_message(session: Session, message_name: str, correlation: str) -> str | None:
    """For somebody who belongs to no organisation: that of the case which is meant, when only one can be.

    A case that waits for the message goes before one that merely has the number.
    """
    waiting = select(MessageSubscription.organisation_key).where(
        MessageSubscription.message_name == message_name, MessageSubscription.correlation == correlation
    )
    numbered = select(ProcessInstance.organisation_key).where(
        ProcessInstance.business_key == correlation, ProcessInstance.state == "running"
    )
    for statement in (waiting, numbered):
        found = session.execute(statement.distinct().limit(2)).scalars().all()
        if len(found) == 1:
            return found[0]
    return None
