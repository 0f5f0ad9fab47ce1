"""After a calendar has changed, every open deadline is counted by it. Whichever process comes first does it."""

from sqlalchemy import select, update

from engine.commands.calendars.moving_deadlines import moving_deadlines
from engine.commands.due.plan_calendar_starts import plan_calendar_starts
from engine.commands.due.recompute_clocks import ClockMoved, recompute_case
from engine.commands.engine import Engine
from engine.model import CalendarChangeRow, table_of

_changes = table_of(CalendarChangeRow)


def follow_calendar_changes(engine: Engine, at_most: int | None = None) -> list[ClockMoved]:
    """Deadlines that moved. `at_most` so many cases now; the keeper does the rest, also after a crash.

    Idempotent: a case that was counted already does not move again.
    """
    with engine.store.reading() as session:
        waiting = session.execute(
            select(_changes).where(_changes.c.followed_at.is_(None)).order_by(_changes.c.number)
        ).all()
        if not waiting:
            return []
        concerned = {name for row in waiting for name in engine.calendars.names_under(session, row.calendar)}
        calendars = {name: engine.calendars.get(name) for name in concerned}
        cases = list(dict.fromkeys(one.instance_key for one in moving_deadlines(session, calendars)))
    why = "；".join(row.reason for row in waiting)
    now = cases if at_most is None else cases[:at_most]
    moved = [one for instance_key in now for one in recompute_case(engine, instance_key, why, is_all=True)]
    if len(now) == len(cases):
        with engine.store.transaction() as session:
            session.execute(
                update(_changes)
                .where(_changes.c.number.in_([row.number for row in waiting]))
                .values(followed_at=engine.clock.now())
            )
        plan_calendar_starts(engine)
    engine.ring()
    return moved
