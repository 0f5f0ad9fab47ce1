"""Rows that name the elements a case stands at: they follow it to the other diagram, and back. Moments stay.

What each row said before is kept: table → key → columns, and None for a row that the move has made.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.releases.installed import InstalledRelease
from engine.model import ClockRow, Job, MessageSubscription, Timer, UserTask, table_of

RowsBefore = dict[str, dict[str, dict[str, Any] | None]]

_tasks = table_of(UserTask)
# (table, its key, the column with the element instance)
_NAMING = (
    (table_of(Timer), "timer_key", "element_instance_key"),
    (table_of(MessageSubscription), "subscription_key", "subscription_key"),
    (table_of(ClockRow), "clock_key", "element_instance_key"),
    (table_of(Job), "job_key", "element_instance_key"),
)
_KEYS = {"user_task": (_tasks, "user_task_key")} | {
    str(table.name): (table, key) for table, key, _ in _NAMING
}


def follow(
    session: Session, instance_key: str, new: InstalledRelease, renamed: Mapping[str, str]
) -> RowsBefore:
    """`renamed`: element instance key → its element id in the new diagram. Returns what has changed, as it was."""
    before: RowsBefore = {}
    _follow_tasks(session, instance_key, new, renamed, before)
    if not renamed:
        return before
    for table, key, column in _NAMING:
        rows = session.execute(
            select(table.c[key], table.c.element_id, table.c[column].label("place")).where(
                table.c.instance_key == instance_key
            )
        )
        for row in rows.all():
            name = renamed.get(str(row.place).partition(":")[0])
            if name is not None and name != row.element_id:
                before.setdefault(str(table.name), {})[row[0]] = {"element_id": row.element_id}
                session.execute(table.update().where(table.c[key] == row[0]).values(element_id=name))
    return before


def _follow_tasks(
    session: Session,
    instance_key: str,
    new: InstalledRelease,
    renamed: Mapping[str, str],
    before: RowsBefore,
) -> None:
    """An open task takes the name and the form of its element: what is filled in is checked by the new diagram."""
    rows = session.execute(
        select(
            _tasks.c.user_task_key,
            _tasks.c.process_key,
            _tasks.c.element_id,
            _tasks.c.name,
            _tasks.c.form_ref,
        ).where(_tasks.c.instance_key == instance_key, _tasks.c.state == "open")
    ).all()
    for row in rows:
        element_id = renamed.get(row.user_task_key, row.element_id)
        element = new.element(row.process_key, element_id)
        now = {
            "element_id": element_id,
            "name": (element.name if element else None) or element_id,
            "form_ref": element.form_ref if element else None,
        }
        was = {name: row._mapping[name] for name in now}
        if was != now:
            before.setdefault("user_task", {})[row.user_task_key] = was
            session.execute(_tasks.update().where(_tasks.c.user_task_key == row.user_task_key).values(**now))


def note_timers(session: Session, before: RowsBefore, closed: list[str], opened: list[str]) -> None:
    """Remembers the timers that the move cancels, and those that it makes."""
    timers = table_of(Timer)
    kept = before.setdefault("timer", {}) if closed or opened else {}
    rows = session.execute(select(timers.c.timer_key, timers.c.state).where(timers.c.timer_key.in_(closed)))
    for row in rows.all() if closed else ():
        kept[row.timer_key] = (kept.get(row.timer_key) or {}) | {"state": row.state}
    kept.update(dict.fromkeys(opened))


def restore(session: Session, before: RowsBefore) -> None:
    """Puts back what `follow` and `note_timers` have kept."""
    for name, rows in before.items():
        table, key = _KEYS[name]
        for row_key, columns in rows.items():
            mine = table.c[key] == row_key
            if columns is None:
                session.execute(table.delete().where(mine))
            else:
                session.execute(table.update().where(mine).values(**columns))
