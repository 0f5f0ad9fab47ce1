"""Jobs of topics that no handler here serves: workers outside fetch them with a lock and report back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true, update
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.case.json_values import given_values
from engine.commands.due.finish_job import JobOutcome, finish_job, job_failed
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import HandlerFailed, Incident, InvalidInput, Job, NotFound, ProcessInstance, WrongState
from engine.people import Actor, require

LONGEST_LOCK = timedelta(days=1)


@dataclass(frozen=True)
class Topic:
    """`only`: a condition on the job and its case, for a worker that wants some tasks of the topic."""

    name: str
    lock: timedelta
    only: ColumnElement[bool] | None = None


@dataclass(frozen=True)
class LockedTask:
    job_key: str
    topic: str
    instance_key: str
    element_id: str
    element_instance_key: str
    process_key: str
    business_key: str
    worker: str
    locked_until: datetime
    retries_left: int | None
    priority: int
    inputs: Mapping[str, Any]
    error: str | None


@tried_again
def fetch_and_lock(
    engine: Engine,
    actor: Actor,
    *,
    worker: str,
    topics: Sequence[Topic],
    at_most: int,
    by_priority: bool = True,
    newest_first: bool = False,
) -> list[LockedTask]:
    """Locks up to `at_most` jobs of these topics for `worker`. Two workers never get the same one.

    The one that has waited longest first, unless asked otherwise.
    """
    require(actor, "external_task.work")
    if not worker or at_most < 1:
        raise InvalidInput(
            "Expected a workerId and maxTasks of at least 1.", "需要 workerId，且 maxTasks 至少为 1。"
        )
    now = engine.clock.now()
    locks = {topic.name: min(topic.lock, LONGEST_LOCK) for topic in topics}
    accused = ProcessInstance.complained_about
    by_age = Job.created_at.desc() if newest_first else Job.due_at
    order = (Job.priority.desc(), by_age) if by_priority else (by_age,)
    wanted = [and_(Job.topic == topic.name, true() if topic.only is None else topic.only) for topic in topics]
    with engine.store.transaction() as session:
        rows = session.execute(
            select(Job.__table__, ProcessInstance.business_key)
            .join(ProcessInstance, ProcessInstance.instance_key == Job.instance_key)
            .where(
                Job.is_external.is_(True),
                # A person may be a worker too: nothing of a case about that person is handed over (COI-1).
                or_(accused.is_(None), accused != actor.username),
                or_(*wanted),
                Job.state.in_(("waiting", "running")),
                Job.retries_left > 0,
                or_(
                    (Job.state == "waiting") & (Job.due_at <= now),
                    (Job.state == "running") & (Job.lease_until <= now),
                ),
            )
            .order_by(*order, Job.job_key)
            .limit(at_most)
            .with_for_update(of=Job, skip_locked=True)
        ).all()
        locked = []
        for row in rows:
            until = now + locks[row.topic]
            session.execute(
                update(Job)
                .where(Job.job_key == row.job_key)
                .values(state="running", worker=worker, lease_until=until, attempts=row.attempts + 1)
            )
            locked.append(_locked(row, worker, until))
    return locked


def _locked(row: Any, worker: str, until: datetime) -> LockedTask:
    return LockedTask(
        row.job_key,
        row.topic,
        row.instance_key,
        row.element_id,
        row.element_instance_key,
        row.process_key,
        row.business_key,
        worker,
        until,
        row.retries_left,
        row.priority,
        row.payload["inputs"],
        row.error,
    )


def complete_external_task(
    engine: Engine, actor: Actor, *, job_key: str, worker: str, variables: Mapping[str, Any]
) -> None:
    """Raises NotFound; WrongState when the lock is another worker's."""
    row = _held(engine, actor, job_key, worker)
    if finish_job(engine, row, worker, JobOutcome(given_values(variables)), actor):
        return
    if _is_failed(engine, job_key):
        raise WrongState(
            f"External task {job_key} is done, but the step after it failed; an incident tells why.",
            "外部任务已完成，但其后的步骤出错，详见异常。",
        )
    raise _lost(job_key)


def bpmn_error_of_external_task(
    engine: Engine, actor: Actor, *, job_key: str, worker: str, error_code: str, variables: Mapping[str, Any]
) -> None:
    row = _held(engine, actor, job_key, worker)
    if finish_job(engine, row, worker, JobOutcome(dict(variables), error_code), actor):
        return
    # An error that nobody catches is an incident of the case; the worker has done its part.
    if not _is_failed(engine, job_key):
        raise _lost(job_key)


def fail_external_task(
    engine: Engine,
    actor: Actor,
    *,
    job_key: str,
    worker: str,
    message: str,
    retries: int | None,
    wait: timedelta,
) -> None:
    """`retries` None: one less than before; 0 makes an incident that a person sees."""
    row = _held(engine, actor, job_key, worker)
    left = row.retries_left - 1 if retries is None else retries
    failure = HandlerFailed(message or "The worker reported a failure without a message.")
    job_failed(engine, row, worker, failure, engine.clock.now() + wait if left > 0 else None, left, actor)


@tried_again
def extend_lock(engine: Engine, actor: Actor, *, job_key: str, worker: str, lock: timedelta) -> None:
    """Raises WrongState when the lock is another worker's, or has run out: between the look and the act it may have."""
    _held(engine, actor, job_key, worker)
    now = engine.clock.now()
    holds = (Job.state == "running") & (Job.worker == worker) & (Job.lease_until > now)
    with engine.store.transaction() as session:
        done = session.execute(
            update(Job).where(Job.job_key == job_key, holds).values(lease_until=now + min(lock, LONGEST_LOCK))
        )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState("Cannot extend a lock that expired", "锁定已过期，不能延长。")


@tried_again
def lock_external_task(engine: Engine, actor: Actor, *, job_key: str, worker: str, lock: timedelta) -> None:
    """Locks one job by its key. Raises WrongState when another worker holds it, or an incident does."""
    _row(engine, actor, job_key)
    now = engine.clock.now()
    is_free = (Job.state == "waiting") | (Job.worker == worker) | (Job.lease_until <= now)
    with engine.store.transaction() as session:
        done = session.execute(
            update(Job)
            .where(Job.job_key == job_key, Job.state.in_(("waiting", "running")), is_free)
            .values(state="running", worker=worker, lease_until=now + min(lock, LONGEST_LOCK))
        )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise _lost(job_key)


@tried_again
def unlock(engine: Engine, actor: Actor, *, job_key: str) -> None:
    row = _row(engine, actor, job_key)
    with engine.store.transaction() as session:
        session.execute(
            update(Job)
            .where(Job.job_key == job_key, Job.state.in_(("running", "waiting")))
            .values(state="waiting", worker=None, lease_until=None)
        )
        _note(engine, session, actor, "job.unlocked", row, {"worker": row.worker})


@tried_again
def set_retries(
    engine: Engine, actor: Actor, *, job_key: str, retries: int, act: str = "external_task.work"
) -> None:
    """More tries for a job; its open incident is resolved by that. 0 stops it, with an incident."""
    if retries < 0:
        raise InvalidInput("Expected 0 or more retries.", "重试次数不能为负。")
    row = _row(engine, actor, job_key, act)
    if retries == 0:
        stopped = HandlerFailed(
            f"{actor.username} took all retries from the job.", f"{actor.username} 已将重试次数设为 0。"
        )
        job_failed(engine, row, None, stopped, None, actor=actor)
        return
    now = engine.clock.now()
    with engine.store.transaction() as session:
        values: dict[str, Any] = {"retries_left": retries}
        if row.state == "failed":
            values |= {"state": "waiting", "due_at": now, "worker": None, "error": None}
        session.execute(update(Job).where(Job.job_key == job_key).values(**values))
        _resolve(session, job_key, actor, now)
        _note(engine, session, actor, "job.retries", row, {"retries": retries})
    engine.ring()


def _resolve(session: Session, job_key: str, actor: Actor, now: datetime) -> None:
    session.execute(
        update(Incident)
        .where(Incident.job_key == job_key, Incident.resolved_at.is_(None))
        .values(resolved_at=now, resolved_by=actor.username)
    )


def _row(engine: Engine, actor: Actor, job_key: str, act: str = "external_task.work") -> Any:
    require(actor, act)
    with engine.store.reading() as session:
        row = session.execute(
            select(Job.__table__, ProcessInstance.organisation_key, ProcessInstance.complained_about)
            .outerjoin(ProcessInstance, ProcessInstance.instance_key == Job.instance_key)
            .where(Job.job_key == job_key)
        ).one_or_none()
    # A job of our own handlers is no worker's business: its outcome could be made up.
    is_foreign = row is not None and not row.is_external and act == "external_task.work"
    is_about = row is not None and row.complained_about == actor.username
    if row is None or is_foreign or is_about or row.state in ("done", "cancelled"):
        raise NotFound("external task", job_key, "外部任务")
    require(actor, act, organisation_key=row.organisation_key)
    return row


def _is_failed(engine: Engine, job_key: str) -> bool:
    with engine.store.reading() as session:
        state = session.execute(select(Job.state).where(Job.job_key == job_key)).scalar_one_or_none()
    return state == "failed"


def _held(engine: Engine, actor: Actor, job_key: str, worker: str) -> Any:
    row = _row(engine, actor, job_key)
    if row.worker != worker:
        raise WrongState(
            f"Expected external task {job_key} locked by {worker!r}, but it is locked by {row.worker!r}.",
            f"外部任务由“{row.worker}”锁定，不是“{worker}”。",
        )
    return row


def _lost(job_key: str) -> WrongState:
    return WrongState(
        f"Expected external task {job_key} to be yours, but another worker has it or the case went on.",
        "外部任务已被其他工作进程处理，或事项已继续。",
    )


def _note(
    engine: Engine, session: Session, actor: Actor, act: str, row: Any, payload: Mapping[str, Any]
) -> None:
    facts = {"instance_key": row.instance_key, "topic": row.topic, **payload}
    append_administration(session, AuditEntry(engine.clock.now(), actor.username, act, row.job_key, facts))
