"""Short words for driving one case of the tiny family and for looking at its rows."""

from typing import Any

from engines import person
from sqlalchemy import func, select

from engine.commands.complete_user_task import Completed, complete_user_task
from engine.commands.engine import Engine
from engine.commands.start_instance import Started, start_instance
from engine.model import ElementInstance, Job, ProcessInstance, Timer, UserTask


def start(engine: Engine, process_key: str = "answering", by: str = "li_na", **more: Any) -> Started:
    return start_instance(
        engine, person(engine, by), process_key=process_key, variables={"subject": "柜台等候太久"}, **more
    )


def complete(engine: Engine, username: str, user_task_key: str, **values: Any) -> Completed:
    return complete_user_task(engine, person(engine, username), user_task_key=user_task_key, values=values)


def open_tasks(engine: Engine, case: Started) -> dict[str, str]:
    """Element id → key of the case's open tasks."""
    with engine.store.reading() as session:
        rows = session.execute(
            select(UserTask.element_id, UserTask.user_task_key).where(
                UserTask.instance_key == case.instance_key, UserTask.state == "open"
            )
        ).all()
    found = {row.element_id: row.user_task_key for row in rows}
    assert len(found) == len(rows), f"An element is open twice: {rows}"
    return found


def open_task(engine: Engine, case: Started) -> str:
    (key,) = open_tasks(engine, case).values()
    return key


def instance(engine: Engine, case: Started) -> ProcessInstance:
    with engine.store.reading() as session:
        return session.get_one(ProcessInstance, case.instance_key)


def variables(engine: Engine, case: Started) -> dict[str, Any]:
    return instance(engine, case).variables


def state(engine: Engine, case: Started) -> str:
    return instance(engine, case).state


def visits(engine: Engine, case: Started, element_id: str) -> int:
    """How often the case has finished a visit to the element."""
    with engine.store.reading() as session:
        return session.execute(
            select(func.count()).where(
                ElementInstance.instance_key == case.instance_key, ElementInstance.element_id == element_id
            )
        ).scalar_one()


def timers(engine: Engine, case: Started) -> list[Timer]:
    with engine.store.reading() as session:
        return list(session.execute(select(Timer).where(Timer.instance_key == case.instance_key)).scalars())


def jobs(engine: Engine, case: Started) -> list[Job]:
    """Handler calls of the case; mail has jobs of its own."""
    with engine.store.reading() as session:
        return list(
            session.execute(
                select(Job).where(Job.instance_key == case.instance_key, Job.kind == "handler")
            ).scalars()
        )
