"""Remembers how far a replay is, and how it ended."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import ReplayRun
from engine.people import Actor, require


@tried_again
def note_replay_progress(engine: Engine, run_key: str, done: int, total: int) -> bool:
    """Whether the replay shall go on; False when somebody has cancelled it."""
    with engine.store.transaction() as session:
        session.execute(
            update(ReplayRun)
            .where(ReplayRun.run_key == run_key)
            .values(done=done, total=total, seen_at=engine.clock.now())
        )
        state = session.execute(
            select(ReplayRun.state).where(ReplayRun.run_key == run_key)
        ).scalar_one_or_none()
    return state == "running"


@tried_again
def end_replay(
    engine: Engine,
    actor: Actor,
    *,
    run_key: str,
    state: str,
    report: Mapping[str, Any] | None = None,
    failure: Mapping[str, str] | None = None,
) -> None:
    """`state`: done | cancelled | failed. Raises Forbidden."""
    require(actor, "release.draft")
    now = engine.clock.now()
    with engine.store.transaction() as session:
        row = session.get(ReplayRun, run_key)
        if row is None:
            return  # Put aside meanwhile for newer ones.
        row.state, row.report, row.failure = (
            state,
            dict(report) if report else None,
            dict(failure or {}) or None,
        )
        row.ended_at = row.seen_at = now
        if report is not None:
            row.total = report["total"]
            row.done = report["same"] + len(report["cases"])
        facts = {"run": run_key, "state": state, "cases": row.done}
        append_administration(session, AuditEntry(now, actor.username, "replay.ended", row.family, facts))


@tried_again
def cancel_replay(engine: Engine, actor: Actor, *, run_key: str) -> None:
    """What was found until then is kept. One that is over stays as it is. Raises Forbidden."""
    require(actor, "release.draft")
    now = engine.clock.now()
    with engine.store.transaction() as session:
        row = session.get(ReplayRun, run_key)
        if row is None or row.state != "running":
            return
        row.state = "cancelling"
        append_administration(
            session, AuditEntry(now, actor.username, "replay.cancelled", row.family, {"run": run_key})
        )
