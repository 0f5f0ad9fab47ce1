"""One case hears a signal that another case, or somebody outside, has thrown."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.commands.case.on_case import CaseStopped, on_case
from engine.commands.case.record import lock_case
from engine.commands.case.suspended import HELD, CaseSuspended
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import HandlerFailed, Job, WrongState
from engine.people import SYSTEM


class _Gone(WrongState):
    def __init__(self) -> None:
        super().__init__("Another worker has this signal.", "此信号已由其他工作进程处理。")


def deliver_signal(engine: Engine, row: Any, worker: str) -> bool:
    """`row`: a claimed job of kind `signal`, one for each case that waited when the signal was thrown.

    The places of that moment that still wait go on, in the transaction that marks the job as done: once. Raises
    HandlerFailed when the step behind it fails; WrongState when the case is over.
    """

    def claim(session: Session) -> str:
        lock_case(session, row.instance_key)
        done = session.execute(
            update(Job)
            .where(Job.job_key == row.job_key, Job.worker == worker, Job.state == "running")
            .values(state="done", lease_until=None, error=None)
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise _Gone
        return str(row.instance_key)

    def change(work: CaseWork) -> None:
        if work.hear(row.topic, row.payload["places"]):
            work.note("signal.received", row.topic, {"from": row.payload["from"]})

    try:
        on_case(engine, SYSTEM, claim, change)
    except _Gone:
        return False
    except CaseSuspended:
        _hold(engine, row.job_key)
        return False
    except CaseStopped as stopped:
        raise HandlerFailed(stopped.en, stopped.zh, permanent=True) from stopped
    return True


def _hold(engine: Engine, job_key: str) -> None:
    """It is heard when the case goes on."""
    with engine.store.transaction() as session:
        session.execute(
            update(Job).where(Job.job_key == job_key).values(state=HELD, lease_until=None, worker=None)
        )
