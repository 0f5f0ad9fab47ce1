"""Works off jobs: handlers of service tasks, messages between cases, and mail. At least once, each try with the same
idempotency key; what the handler found out is written once, in the transaction that moves the token.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from engine.commands.case_record import LostRace
from engine.commands.correlate_message import correlate_message
from engine.commands.deliver_notice import deliver_notice
from engine.commands.engine import Engine
from engine.commands.finish_job import JobOutcome, finish_job, give_back, job_failed
from engine.commands.handler import HandlerContext, checked_outputs
from engine.commands.json_values import plain
from engine.commands.open_case import open_case
from engine.model import BpmnError, Conflict, HandlerFailed, Job, NotFound, Rejected, WrongState, new_key
from engine.people import SYSTEM

BATCH = 50
LEASE = timedelta(minutes=5)
MOST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class JobRan:
    job_key: str
    kind: str
    topic: str
    is_done: bool


def run_due_jobs(engine: Engine, instance_key: str | None = None, *, at_most: int = BATCH) -> list[JobRan]:
    """Claims and runs what is due; jobs whose worker vanished are taken over when their lease has run out."""
    now = engine.clock.now()
    wanted = select(Job.__table__).where(_is_due(now))
    if instance_key is not None:
        wanted = wanted.where(Job.instance_key == instance_key)
    with engine.store.reading() as session:
        due = session.execute(
            wanted.order_by(Job.priority.desc(), Job.due_at, Job.job_key).limit(at_most)
        ).all()
    return [ran for row in due if (ran := _run(engine, row)) is not None]


def _is_due(now: Any) -> Any:
    return (Job.is_external.is_(False)) & or_(
        (Job.state == "waiting") & (Job.due_at <= now),
        (Job.state == "running") & (Job.lease_until <= now),
    )


def _run(engine: Engine, row: Any) -> JobRan | None:
    worker = new_key()
    if not _claim(engine, row, worker):
        return None
    try:
        outcome = _act(engine, row)
    except HandlerFailed as failure:
        job_failed(engine, row, worker, failure, _next_try(engine, row, failure))
        return JobRan(row.job_key, row.kind, row.topic, False)
    except (NotFound, WrongState):
        give_back(engine, row.job_key, "cancelled")  # The case went on without it.
        return JobRan(row.job_key, row.kind, row.topic, False)
    try:
        is_done = finish_job(engine, row, worker, outcome)
    except LostRace:
        is_done = False  # Others keep changing the case: tried again when the lease has run out.
    return JobRan(row.job_key, row.kind, row.topic, is_done)


def _claim(engine: Engine, row: Any, worker: str) -> bool:
    now = engine.clock.now()
    with engine.store.transaction() as session:
        done = session.execute(
            update(Job)
            .where(Job.job_key == row.job_key, Job.attempts == row.attempts, _is_due(now))
            .values(state="running", worker=worker, lease_until=now + LEASE, attempts=row.attempts + 1)
        )
        return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _next_try(engine: Engine, row: Any, failure: HandlerFailed) -> Any:
    """When to try again; None: now a person must look. Mail waits twice as long each time, up to an hour."""
    if failure.permanent or row.retries_left <= 1:
        return None
    wait = timedelta(seconds=row.retry_seconds)
    if row.kind == "notice":
        wait = min(wait * 2**row.attempts, MOST_WAIT)
    return engine.clock.now() + wait


def _act(engine: Engine, row: Any) -> JobOutcome:
    match row.kind:
        case "notice":
            _deliver(engine, row)
            return JobOutcome()
        case "message":
            _correlate(engine, row)
            return JobOutcome()
        case _:
            return _handle(engine, row)


def _deliver(engine: Engine, row: Any) -> None:
    try:
        deliver_notice(engine, row.payload["notice_key"])
    except HandlerFailed:
        raise
    except Exception as problem:
        # An address that no mail program can write, a channel of somebody's own: the lane goes on to the next mail.
        raise HandlerFailed(f"{type(problem).__name__}: {problem}") from problem


def _correlate(engine: Engine, row: Any) -> None:
    """What refuses the message (two cases wait, the step behind it fails) is mended by a person; it is not lost."""
    try:
        correlate_message(
            engine,
            SYSTEM,
            message_name=row.topic,
            correlation=row.payload["correlation"],
            variables=row.payload["variables"],
            organisation_key=row.payload["organisation_key"],
            message_id=row.payload["message_id"],
        )
    except Rejected as refused:
        is_permanent = not isinstance(refused, Conflict)
        raise HandlerFailed(refused.en, refused.zh, permanent=is_permanent) from refused


def _handle(engine: Engine, row: Any) -> JobOutcome:
    handler = engine.handlers.find(row.topic)
    if handler is None:
        raise HandlerFailed(
            f"Expected a handler for topic {row.topic!r}, but there is none.",
            f"没有主题“{row.topic}”的处理程序。",
            permanent=True,
        )
    said = _Said()
    context = _context(engine, row, said)
    try:
        outputs = handler.run(context)
    except BpmnError as error:
        return JobOutcome(error_code=error.error_code, said=said.calls)
    except HandlerFailed:
        raise
    except Rejected as refused:
        raise HandlerFailed(refused.en, refused.zh, permanent=True) from refused
    except Exception as problem:
        # A handler is somebody's code: whatever it raises is a technical failure of this job, never of the worker.
        raise HandlerFailed(f"{type(problem).__name__}: {problem}") from problem
    return JobOutcome(checked_outputs(row.topic, outputs), said=said.calls)


@dataclass
class _Said:
    """What a handler wants told; it is written together with its outputs."""

    calls: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    def __call__(self, kind: str, to: str, facts: Mapping[str, Any] | None = None) -> None:
        self.calls.append((kind, to, facts or {}))


def _context(engine: Engine, row: Any, said: _Said) -> HandlerContext:
    with engine.store.transaction() as session:
        work = open_case(engine, session, SYSTEM, row.instance_key)
        if row.element_instance_key not in work.run.waiting:
            raise WrongState("The case no longer waits for this job.", "事项已不在等待此作业。")
        scope = work.frame.scope(row.element_instance_key)
        context = HandlerContext(
            topic=row.topic,
            inputs=row.payload["inputs"],
            # A copy: the case stays in memory, and what a handler changes inside of it would never be stored.
            variables=plain(scope.visible()),
            case_number=work.record.business_key,
            unit_key=work.record.unit_key,
            now=work.now,
            idempotency_key=f"{row.instance_key}:{row.element_instance_key}",
            people=work.frame.directory,
            notify=said,
            next_number=_no_numbers,
        )
    engine.live.put(work.record.instance_key, work.record.row_version, work.run)
    return context


def _no_numbers(series: str, period: str) -> int:
    del series, period
    raise HandlerFailed(
        "Only a handler that runs inside the command may take a number; else a retry would leave a gap.",
        "只有事务内处理程序可以取号。",
        permanent=True,
    )
