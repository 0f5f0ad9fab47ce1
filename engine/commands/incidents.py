"""A person mends what stopped a case: the failed job or timer is tried again."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.case.access import require_case
from engine.commands.case.record import load_record
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import Incident, InvalidInput, NotFound, Timer, WrongState
from engine.people import Actor


@tried_again
def resolve_incident(engine: Engine, actor: Actor, *, incident_key: str, retries: int = 1) -> None:
    """Gives a failed job `retries` more tries, lets a failed timer fire again; a failed step was the person's own.

    Raises NotFound, Forbidden, WrongState when it is resolved already, InvalidInput.
    """
    if retries < 1:
        raise InvalidInput("Expected at least one try.", "重试次数至少为 1。")
    now = engine.clock.now()
    with engine.store.transaction() as session:
        row = session.execute(
            select(Incident.__table__).where(Incident.incident_key == incident_key)
        ).one_or_none()
        if row is None:
            raise NotFound("incident", incident_key, "异常")
        _allow(engine, session, actor, row.instance_key)
        if row.resolved_at is not None:
            raise WrongState(
                f"Expected an open incident, but {row.resolved_by} resolved it.",
                f"此异常已由 {row.resolved_by} 处理。",
            )
        if row.job_key is not None:
            engine.jobs.retry(session, row.job_key, at=now, retries_left=retries, error=None, worker=None)
        elif row.element_instance_key is not None:
            session.execute(
                update(Timer)
                .where(Timer.timer_key == row.element_instance_key, Timer.state == "failed")
                .values(state="waiting")
            )
        session.execute(
            update(Incident)
            .where(Incident.incident_key == incident_key)
            .values(resolved_at=now, resolved_by=actor.username)
        )
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "incident.resolved", incident_key, {"instance_key": row.instance_key}
            ),
        )
    engine.ring()


def _allow(engine: Engine, session: Session, actor: Actor, instance_key: str) -> None:
    record, version, _ = load_record(session, instance_key)
    directory = engine.directories.get(session, record.organisation_key, version)
    require_case(session, record, directory, actor, "incident.resolve")
