"""A signal from outside: every case of the organisation that waits for it at this moment hears it."""

from engine.audit import AuditEntry, append_administration
from engine.commands.case.signals import signal_jobs
from engine.commands.engine import Engine
from engine.model import InvalidInput
from engine.people import Actor, require


def broadcast_signal(engine: Engine, actor: Actor, *, signal_name: str, organisation_key: str) -> int:
    """How many cases will hear it, each in a transaction of its own, as soon as a worker comes to it.

    For those who may send to every case of the organisation. A case that begins to wait later does not hear it.
    Raises Forbidden; InvalidInput for an empty name.
    """
    require(actor, "message.send", organisation_key=organisation_key, is_own=False)
    if not signal_name.strip():
        raise InvalidInput("Expected the name of a signal.", "请填写信号名称。")
    now = engine.clock.now()
    with engine.store.transaction() as session:
        jobs = signal_jobs(session, organisation_key, signal_name, now=now)
        if jobs:
            engine.jobs.enqueue(session, jobs)
        facts = {"organisation_key": organisation_key, "cases": len(jobs)}
        append_administration(
            session, AuditEntry(now, actor.username, "signal.broadcast", signal_name, facts)
        )
    engine.ring()
    return len(jobs)
