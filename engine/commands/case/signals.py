"""Who waits for a signal, and the jobs that tell them: one for each case, in the transaction that throws it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import MessageSubscription, new_key, signal_waited_for

TRIES = 3
RETRY_SECONDS = 60


def signal_jobs(
    session: Session,
    organisation_key: str,
    signal_name: str,
    *,
    now: datetime,
    thrown_by: str | None = None,
) -> list[dict[str, Any]]:
    """Rows of jobs for all cases of the organisation that wait now, except `thrown_by`, which has heard it inside."""
    waiting = select(MessageSubscription.instance_key, MessageSubscription.subscription_key).where(
        MessageSubscription.organisation_key == organisation_key,
        MessageSubscription.message_name == signal_waited_for(signal_name),
    )
    places: dict[str, list[str]] = {}
    for instance_key, key in session.execute(waiting.order_by(MessageSubscription.instance_key)):
        if instance_key != thrown_by:
            places.setdefault(instance_key, []).append(key)
    return [
        {
            "job_key": new_key(),
            "kind": "signal",
            "topic": signal_name,
            "instance_key": instance_key,
            "element_instance_key": None,
            "process_key": None,
            "element_id": None,
            "state": "waiting",
            "due_at": now,
            "priority": 0,
            "retries_left": TRIES,
            "attempts": 0,
            "retry_seconds": RETRY_SECONDS,
            "worker": None,
            "lease_until": None,
            "error": None,
            "payload": {"places": keys, "from": thrown_by},
            "created_at": now,
            "is_external": False,
        }
        for instance_key, keys in places.items()
    ]
