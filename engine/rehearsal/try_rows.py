"""What the rows of a try say: where its cases wait, what was visited, and what went wrong."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.case.open_case import open_case
from engine.commands.engine import Engine
from engine.model import (
    ElementInstance,
    Incident,
    Job,
    MessageSubscription,
    ProcessInstance,
    Timer,
    UserTask,
    table_of,
)
from engine.people import SYSTEM

_tasks, _jobs, _timers, _cases = table_of(UserTask), table_of(Job), table_of(Timer), table_of(ProcessInstance)
_messages, _incidents, _visits = table_of(MessageSubscription), table_of(Incident), table_of(ElementInstance)

_TASK = select(_tasks).where(_tasks.c.state == "open").order_by(_tasks.c.created_at, _tasks.c.user_task_key)
_IS_OWED = _jobs.c.state == "waiting"
_JOB = select(_jobs).where(_IS_OWED, _jobs.c.is_external).order_by(_jobs.c.created_at, _jobs.c.job_key)
_OWN_JOB = select(_jobs).where(_IS_OWED, _jobs.c.is_external.is_(False)).order_by(_jobs.c.due_at)
_TIMER = select(_timers).where(_timers.c.state == "waiting").order_by(_timers.c.fires_at, _timers.c.timer_key)
_INCIDENT = select(_incidents).where(_incidents.c.resolved_at.is_(None)).order_by(_incidents.c.raised_at)


class TryRows:
    """Read anew at each question: any command may have changed anything."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def task(self) -> Any:
        return self._first(_TASK)

    def worker_job(self) -> Any:
        """A service task that a worker outside would do."""
        return self._first(_JOB)

    def own_job(self) -> Any:
        """A message on its way, or a notice."""
        return self._first(_OWN_JOB)

    def timer(self) -> Any:
        return self._first(_TIMER)

    def incident(self) -> Any:
        return self._first(_INCIDENT)

    def case(self, instance_key: str) -> Any:
        return self._first(select(_cases.c.state).where(_cases.c.instance_key == instance_key))

    def waiting_at(self) -> list[str]:
        """Ids of elements where cases wait for a message, a signal or a person, as far as rows tell."""
        with self._engine.store.reading() as session:
            found = [
                session.execute(select(table.c.element_id).where(*wanted)).scalars().all()
                for table, wanted in (
                    (_messages, ()),
                    (_tasks, (_tasks.c.state == "open",)),
                    (_timers, (_timers.c.state == "waiting",)),
                )
            ]
        return sorted({str(one) for ids in found for one in ids})

    def visited(self) -> Counter[str]:
        """Element id → visits, those that are not over among them."""
        with self._engine.store.transaction() as session:
            count = Counter(session.execute(select(_visits.c.element_id)).scalars().all())
            running = select(_cases.c.instance_key).where(_cases.c.state == "running")
            for key in session.execute(running).scalars().all():
                count.update(self._open_visits(session, str(key)))
        return count

    def _open_visits(self, session: Session, instance_key: str) -> list[str]:
        run = open_case(self._engine, session, SYSTEM, instance_key).run
        return [one.element_id for one in run.open_visits()]

    def _first(self, statement: Any) -> Any:
        with self._engine.store.reading() as session:
            return session.connection().execute(statement.limit(1)).first()
