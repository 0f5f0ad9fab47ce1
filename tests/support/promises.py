"""What people were told of a case, and its clocks, steps and incidents, as rows."""

from datetime import datetime

from cases import Started
from engines import SHANGHAI
from sqlalchemy import select

from engine.commands.due.due_work import DueWorkReport, do_due_work
from engine.commands.engine import Engine
from engine.model import ClockRow, Incident, LadderStep, Notice


def local(text: str) -> datetime:
    """`2026-02-14 14:00`, as people in Shanghai say it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def at(engine: Engine, moment: str | datetime) -> DueWorkReport:
    """Moves the clock and does what is due by then."""
    engine.clock.set(local(moment) if isinstance(moment, str) else moment)  # type: ignore[attr-defined]
    return do_due_work(engine)


def notices(engine: Engine, case: Started) -> list[Notice]:
    with engine.store.reading() as session:
        return list(
            session.execute(
                select(Notice)
                .where(Notice.instance_key == case.instance_key)
                .order_by(Notice.created_at, Notice.kind, Notice.recipient)
            ).scalars()
        )


def told_now(engine: Engine, case: Started) -> list[str]:
    """`kind recipient` of what was told at this very moment."""
    now = engine.clock.now()
    return [f"{one.kind} {one.recipient}" for one in notices(engine, case) if one.created_at == now]


def told(engine: Engine, case: Started, username: str) -> list[str]:
    """Kinds of what somebody has ever been told of the case."""
    return [one.kind for one in notices(engine, case) if one.recipient == username]


def clocks(engine: Engine, case: Started) -> dict[str, ClockRow]:
    """Limit name → clock. For a limit that was measured several times, the one started last."""
    with engine.store.reading() as session:
        rows = session.execute(
            select(ClockRow).where(ClockRow.instance_key == case.instance_key).order_by(ClockRow.clock_key)
        ).scalars()
        return {row.limit_name: row for row in rows}


def steps(engine: Engine, case: Started) -> list[str]:
    """`state kind label` of the ladder, in order."""
    with engine.store.reading() as session:
        rows = session.execute(
            select(LadderStep)
            .where(LadderStep.instance_key == case.instance_key)
            .order_by(LadderStep.due_at, LadderStep.step_key)
        ).scalars()
        return [f"{row.state} {row.kind} {row.label or row.number}" for row in rows]


def incidents(engine: Engine, case: Started) -> list[Incident]:
    with engine.store.reading() as session:
        return list(
            session.execute(
                select(Incident)
                .where(Incident.instance_key == case.instance_key)
                .order_by(Incident.incident_key)
            ).scalars()
        )


def open_incident(engine: Engine, case: Started) -> Incident:
    (found,) = [one for one in incidents(engine, case) if one.resolved_at is None]
    return found
