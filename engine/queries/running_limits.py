"""How many promises of a profile run at this moment, by the limit that they measure."""

from collections.abc import Mapping

from sqlalchemy import func, select

from engine.model import ClockRow, ProcessInstance, Release
from engine.people import Actor
from engine.queries.source import Source
from engine.queries.visible import visible_cases


def count_running_limits(source: Source, actor: Actor, family: str, profile_id: str) -> Mapping[str, int]:
    """Limit name → running or paused clocks, in cases that the person may see."""
    with source.store.reading() as session:
        rows = session.execute(
            select(ClockRow.limit_name, func.count(ClockRow.clock_key))
            .join(ProcessInstance, ProcessInstance.instance_key == ClockRow.instance_key)
            .join(Release, Release.release_key == ProcessInstance.release_key)
            .where(
                ClockRow.stopped_at.is_(None),
                ProcessInstance.state == "running",
                ProcessInstance.profile_id == profile_id,
                Release.family == family,
                visible_cases(actor),
            )
            .group_by(ClockRow.limit_name)
        )
        return {row[0]: row[1] for row in rows}
