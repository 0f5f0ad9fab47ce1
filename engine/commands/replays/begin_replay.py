"""Records that a replay begins; one at a time, for it takes all that the machine has."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.store_release import hold_numbers
from engine.commands.tried_again import tried_again
from engine.model import Conflict, InvalidInput, ReplayRun, new_key
from engine.model.replay_run import SILENT_AFTER
from engine.people import Actor, require

KEPT = 20  # runs of a family


@dataclass(frozen=True)
class ReplayPlan:
    """`number` None: the working copy. The period goes by the end of the cases, `until` is no part of it."""

    family: str
    number: int | None
    digest: str
    since: datetime
    until: datetime
    is_filling: bool = False


@tried_again
def begin_replay(engine: Engine, actor: Actor, plan: ReplayPlan) -> str:
    """The key of the run. Raises Forbidden; InvalidInput for a period that is none; Conflict while another one runs."""
    require(actor, "release.draft")
    if plan.since >= plan.until:
        raise InvalidInput("Expected a period that begins before it ends.", "起始日期应早于结束日期。")
    now, key = engine.clock.now(), new_key()
    with engine.store.transaction() as session:
        hold_numbers(session)
        running = session.execute(
            select(ReplayRun.family, ReplayRun.started_by, ReplayRun.started_at).where(
                ReplayRun.state.in_(("running", "cancelling")), ReplayRun.seen_at > now - SILENT_AFTER
            )
        ).first()
        if running is not None:
            by, at = running.started_by, running.started_at
            raise Conflict(
                f"Expected no other replay, but {by} began one of {running.family} at {at:%H:%M:%S} UTC. Wait for it.",
                f"{by} 于 {at:%H:%M:%S}（UTC）启动的“{running.family}”重演尚未结束，请稍候。",
                by=by,
                at=at,
            )
        session.execute(
            insert(ReplayRun).values(
                run_key=key,
                family=plan.family,
                number=plan.number,
                digest=plan.digest,
                since_at=plan.since,
                until_at=plan.until,
                is_filling=plan.is_filling,
                state="running",
                done=0,
                total=0,
                started_at=now,
                started_by=actor.username,
                seen_at=now,
            )
        )
        kept = (
            select(ReplayRun.run_key)
            .where(ReplayRun.family == plan.family)
            .order_by(ReplayRun.started_at.desc(), ReplayRun.run_key)
            .limit(KEPT)
        )
        session.execute(
            delete(ReplayRun).where(ReplayRun.family == plan.family, ReplayRun.run_key.not_in(kept))
        )
        facts = {
            "run": key,
            "number": plan.number,
            "since": plan.since.isoformat(),
            "until": plan.until.isoformat(),
        }
        append_administration(session, AuditEntry(now, actor.username, "replay.begun", plan.family, facts))
    return key
