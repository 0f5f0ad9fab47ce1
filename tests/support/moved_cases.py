"""What stands in the rows of a case, so that a test can say that nothing of it has changed."""

from typing import Any

from sqlalchemy import select

from engine.commands.engine import Engine
from engine.model import ClockRow, Job, LadderStep, MessageSubscription, Release, Timer, UserTask, table_of

ROWS = {
    "user_task": (UserTask, "user_task_key"),
    "timer": (Timer, "timer_key"),
    "clock": (ClockRow, "clock_key"),
    "ladder_step": (LadderStep, "step_key"),
    "message_subscription": (MessageSubscription, "subscription_key"),
    "job": (Job, "job_key"),
}


def rows_of(engine: Engine, case: Any) -> dict[str, dict[str, dict[str, Any]]]:
    """Table → key → every column of each row of the case."""
    found = {}
    with engine.store.reading() as session:
        for name, (model, key) in ROWS.items():
            table = table_of(model)
            rows = session.execute(select(table).where(table.c.instance_key == case.instance_key)).mappings()
            found[name] = {row[key]: dict(row) for row in rows}
    return found


def newest_release(engine: Engine, family: str) -> str:
    with engine.store.reading() as session:
        return session.execute(
            select(Release.release_key)
            .where(Release.family == family)
            .order_by(Release.number.desc())
            .limit(1)
        ).scalar_one()
