"""What becomes of a job: its outputs move the case on, or it is tried again, or a person must look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.case.failing_element import failing_at
from engine.commands.case.on_case import CaseStopped, IncidentPlace, on_case
from engine.commands.case.record import lock_case
from engine.commands.case.suspended import HELD, CaseSuspended
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import HandlerFailed, Incident, Job, NotFound, Notice, WrongState, new_key, table_of
from engine.people import SYSTEM, Actor
from engine.spiff import UncaughtError

_jobs = table_of(Job)
_FINISH = _jobs.update().where(
    _jobs.c.job_key == bindparam("of_job"), _jobs.c.state.in_(("running", "waiting", "failed"))
)
_FINISH_OWN = _FINISH.where(_jobs.c.worker == bindparam("of_worker"))


@dataclass(frozen=True)
class JobOutcome:
    """`said`: (kind, to, facts) of notices that the handler asked for."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    error_code: str | None = None
    said: Sequence[tuple[str, str, Mapping[str, Any]]] = ()


class _Gone(WrongState):
    def __init__(self) -> None:
        super().__init__("Another worker has this job.", "此作业已由其他工作进程处理。")


def finish_job(
    engine: Engine, row: Any, worker: str | None, outcome: JobOutcome, actor: Actor = SYSTEM
) -> bool:
    """Whether the outcome was taken. A worker whose lease was taken over meanwhile changes nothing."""
    if row.instance_key is None or row.element_instance_key is None:
        give_back(engine, row.job_key, "done")
        return True

    def claim(session: Session) -> str:
        lock_case(session, row.instance_key)
        values = {"of_job": row.job_key, "state": "done", "lease_until": None, "error": None}
        connection = session.connection()
        if worker is None:
            done = connection.execute(_FINISH, values)
        else:
            done = connection.execute(_FINISH_OWN, values | {"of_worker": worker})
        if done.rowcount != 1:
            raise _Gone
        return str(row.instance_key)

    def change(work: CaseWork) -> None:
        key = row.element_instance_key
        if key not in work.run.waiting:
            raise WrongState("The case no longer waits for this job.", "事项已不在等待此作业。")
        for kind, to, facts in outcome.said:
            work.notices.tell_role(kind, to, once=f"{kind}:{to}:{key}", facts=facts)
        if outcome.error_code is not None:
            # What the worker knows of the error is there for the branch that catches it.
            work.run.scope(key).assign(outcome.outputs)
            if not work.throw_error(key, outcome.error_code):
                raise UncaughtError(outcome.error_code)
            work.note("job.bpmn_error", row.topic, {"code": outcome.error_code})
            return
        with failing_at(row.process_key, row.element_id):
            outputs = work.jobs.mapped_outputs(
                row.process_key, row.element_id, work.frame.scope(key), dict(outcome.outputs)
            )
        work.note("job.completed", row.topic, {"element": row.element_id, "outputs": outputs})
        work.complete(key, outputs)

    def hold(session: Session) -> None:
        _set_failed(session, row.job_key, "The step after this job failed.")

    try:
        on_case(
            engine, actor, claim, change, keep_anyway=hold,
            about=IncidentPlace("handler", row.element_instance_key, row.job_key),
        )  # fmt: skip
    except UncaughtError as uncaught:
        failure = HandlerFailed(uncaught.en, uncaught.zh, permanent=True)
        job_failed(engine, row, worker, failure, None)
        return False
    except (CaseStopped, _Gone):
        return False
    except CaseSuspended:
        give_back(
            engine, row.job_key, HELD
        )  # Done again with the same idempotency key when the case goes on.
        return False
    except (WrongState, NotFound):
        give_back(engine, row.job_key, "cancelled")
        return False
    return True


def give_back(engine: Engine, job_key: str, state: str) -> None:
    with engine.store.transaction() as session:
        session.execute(
            update(Job).where(Job.job_key == job_key).values(state=state, lease_until=None, worker=None)
        )


def job_failed(
    engine: Engine,
    row: Any,
    worker: str | None,
    failure: HandlerFailed,
    again_at: datetime | None,
    retries_left: int | None = None,
    actor: Actor = SYSTEM,
) -> None:
    """`again_at` None: no more tries; a handler's job becomes an incident, a notice is marked as failed.

    Recorded when it is a worker or a person who says so (`actor`); our own tries stand in the job's row.

    `retries_left` None: one less than before.
    """
    left = row.retries_left - 1 if retries_left is None else retries_left
    with engine.store.transaction() as session:
        if row.instance_key is not None:
            lock_case(session, row.instance_key)
        if not actor.is_system:
            facts = {"instance_key": row.instance_key, "topic": row.topic, "error": failure.en[:2000]}
            entry = AuditEntry(engine.clock.now(), actor.username, "job.failed", row.job_key, facts)
            append_administration(session, entry)
        if again_at is not None:
            engine.jobs.retry(
                session,
                row.job_key,
                at=again_at,
                of_worker=worker,
                retries_left=max(left, 1),
                error=failure.en[:2000],
            )
            return
        wanted = update(Job).where(Job.job_key == row.job_key)
        if worker is not None:
            wanted = wanted.where(Job.worker == worker)
        done = session.execute(
            wanted.values(state="failed", retries_left=0, error=failure.en[:2000], lease_until=None)
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            return
        if row.kind == "notice":
            session.execute(
                update(Notice)
                .where(Notice.notice_key == row.payload["notice_key"], Notice.state == "queued")
                .values(state="failed")
            )
            return
        _raise_incident(session, engine, row, failure)
    engine.ring()


def _set_failed(session: Session, job_key: str, error: str) -> None:
    session.execute(
        update(Job).where(Job.job_key == job_key).values(state="failed", error=error, lease_until=None)
    )


def _raise_incident(session: Session, engine: Engine, row: Any, failure: HandlerFailed) -> None:
    open_already = session.execute(
        select(Incident.incident_key).where(Incident.job_key == row.job_key, Incident.resolved_at.is_(None))
    ).first()
    if open_already is not None or row.instance_key is None:
        return
    session.execute(
        insert(Incident).values(
            incident_key=new_key(),
            instance_key=row.instance_key,
            kind="handler",
            element_id=row.element_id,
            element_instance_key=row.element_instance_key,
            job_key=row.job_key,
            message={"zh": failure.zh, "en": failure.en},
            raised_at=engine.clock.now(),
        )
    )
