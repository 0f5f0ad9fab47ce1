"""One call of a handler: what it is shown, what it gives back, and what becomes of what it raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from engine.commands.case.json_values import plain
from engine.commands.case.open_case import open_case
from engine.commands.case.work import CaseWork
from engine.commands.due.finish_job import JobOutcome
from engine.commands.engine import Engine
from engine.commands.handler import HandlerContext, checked_outputs
from engine.model import BpmnError, HandlerFailed, Rejected, WrongState
from engine.people import SYSTEM


@dataclass
class Said:
    """What a handler wants told; it is written together with its outputs."""

    calls: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    def __call__(self, kind: str, to: str, facts: Mapping[str, Any] | None = None) -> None:
        self.calls.append((kind, to, facts or {}))


def context_of(engine: Engine, session: Session, row: Any) -> tuple[HandlerContext, CaseWork]:
    """`row`: the job. Raises NotFound, WrongState when the case no longer waits for it."""
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
        notify=Said(),
        next_number=_no_numbers,
    )
    return context, work


def call_handler(engine: Engine, topic: str, context: HandlerContext) -> JobOutcome:
    """Outside of any transaction: the handler may take its time. Raises HandlerFailed."""
    handler = engine.handlers.find(topic)
    if handler is None:
        raise HandlerFailed(
            f"Expected a handler for topic {topic!r}, but there is none.",
            f"没有主题“{topic}”的处理程序。",
            permanent=True,
        )
    said = context.notify
    assert isinstance(said, Said)
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
    return JobOutcome(checked_outputs(topic, outputs), said=said.calls)


def _no_numbers(series: str, period: str) -> int:
    del series, period
    raise HandlerFailed(
        "Only a handler that runs inside the command may take a number; else a retry would leave a gap.",
        "只有事务内处理程序可以取号。",
        permanent=True,
    )
