"""Replays of a family, and what a person may see of one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.model import NotFound, ProcessInstance, ReplayRun
from engine.model.replay_run import SILENT_AFTER
from engine.people import Actor, require
from engine.queries.source import Source
from engine.queries.visible import visible_cases


@dataclass(frozen=True)
class KnownRun:
    """`state`: running | cancelling | done | cancelled | failed | broken (its process has died)."""

    key: str
    family: str
    number: int | None
    digest: str
    since: datetime
    until: datetime
    is_filling: bool
    state: str
    done: int
    total: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    failure: dict[str, str] | None

    @property
    def is_running(self) -> bool:
        return self.state in ("running", "cancelling")


_COLUMNS = tuple(one for one in ReplayRun.__table__.columns if one.name != "report")


def list_replays(source: Source, actor: Actor, family: str) -> list[KnownRun]:
    """The newest first, without what they found. Raises Forbidden."""
    require(actor, "release.read")
    with source.store.reading() as session:
        rows = session.execute(
            select(*_COLUMNS)
            .where(ReplayRun.family == family)
            .order_by(ReplayRun.started_at.desc(), ReplayRun.run_key)
        ).all()
    return [_known(row, source.clock.now()) for row in rows]


def find_replay(
    source: Source, actor: Actor, family: str, run_key: str
) -> tuple[KnownRun, dict[str, Any] | None]:
    """The run and its report. Raises Forbidden, NotFound."""
    require(actor, "release.read")
    with source.store.reading() as session:
        row = session.execute(
            select(*_COLUMNS, ReplayRun.report).where(
                ReplayRun.family == family, ReplayRun.run_key == run_key
            )
        ).one_or_none()
    if row is None:
        raise NotFound("replay", run_key, "重演")
    return _known(row, source.clock.now()), row.report


def seen_cases(source: Source, actor: Actor, keys: Collection[str]) -> frozenset[str]:
    """Those of the cases that the person may read."""
    wanted, found = list(keys), set[str]()
    with source.store.reading() as session:
        for start in range(0, len(wanted), 500):
            found |= set(
                session.execute(
                    select(ProcessInstance.instance_key).where(
                        ProcessInstance.instance_key.in_(wanted[start : start + 500]), visible_cases(actor)
                    )
                ).scalars()
            )
    return frozenset(found)


def _known(row: Any, now: datetime) -> KnownRun:
    is_silent = row.state in ("running", "cancelling") and row.seen_at < now - SILENT_AFTER
    return KnownRun(
        row.run_key,
        row.family,
        row.number,
        row.digest,
        row.since_at,
        row.until_at,
        row.is_filling,
        "broken" if is_silent else row.state,
        row.done,
        row.total,
        row.started_at,
        row.started_by,
        row.ended_at,
        row.failure,
    )
