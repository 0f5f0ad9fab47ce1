"""What a changed limit would mean for the promises that are running: how many there are, and how many would be late at once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import ClockRow, Organisation, ProcessInstance
from engine.people import Actor
from engine.profiles import Profile
from engine.queries.source import Source
from engine.queries.visible import visible_cases
from engine.worktime import AnyLimit, CalendarMissing, ClockState


@dataclass(frozen=True)
class LimitImpact:
    """`running`: cases in which a clock of this limit runs. `late`: numbers of those that are in time now and would be
    overdue at once if the changed limit were counted from the start of their clock."""

    profile_id: str
    limit_name: str
    limit_id: str  # in the register, or the name where the profile gives none
    was: str  # as the profile writes it: 2 WD
    becomes: str
    running: int
    late: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def find_impacts(
    source: Source,
    session: Session,
    actor: Actor,
    release_key: str,
    old: Mapping[str, Profile],
    new: Mapping[str, Profile],
) -> list[LimitImpact]:
    """One for each limit that has another length in `new`, in the order of the profiles; of cases that the person may see."""
    changed = {
        (profile.id, name): limit
        for profile in new.values()
        for name, limit in profile.limits.items()
        if limit.limit is not None
        and profile.id in old
        and name in old[profile.id].limits
        and old[profile.id].limits[name].limit not in (None, limit.limit)
    }
    if not changed:
        return []
    rows = session.execute(
        select(
            ProcessInstance.business_key,
            ProcessInstance.profile_id,
            ClockRow.limit_name,
            ClockRow.data,
            ClockRow.due_at,
            Organisation.calendar,
        )
        .join(ProcessInstance, ProcessInstance.instance_key == ClockRow.instance_key)
        .join(Organisation, Organisation.organisation_key == ClockRow.organisation_key)
        .where(
            ProcessInstance.release_key == release_key,
            ProcessInstance.state == "running",
            ProcessInstance.profile_id.in_({profile_id for profile_id, _ in changed}),
            ClockRow.limit_name.in_({name for _, name in changed}),
            ClockRow.stopped_at.is_(None),
            visible_cases(actor),
        )
        .order_by(ProcessInstance.started_at, ProcessInstance.instance_key)
    )
    running = defaultdict[tuple[str, str], set[str]](set)
    late = defaultdict[tuple[str, str], dict[str, None]](dict)
    for row in rows:
        limit = changed.get((row.profile_id, row.limit_name))
        if limit is None or limit.limit is None:
            continue
        running[row.profile_id, row.limit_name].add(row.business_key)
        if row.due_at >= source.clock.now() and _would_be_late(source, session, row, limit.limit):
            late[row.profile_id, row.limit_name][row.business_key] = None
    return [
        LimitImpact(
            profile_id,
            name,
            limit.id or name,
            old[profile_id].limits[name].value,
            limit.value,
            len(running[profile_id, name]),
            tuple(late[profile_id, name]),
        )
        for (profile_id, name), limit in changed.items()
    ]


def _would_be_late(source: Source, session: Session, row: Any, limit: AnyLimit) -> bool:
    """Counted as the clock would have been: from its start, without its pauses. One that is paused now is not late."""
    state = ClockState.from_data(row.data)
    if state.state == "paused":
        return False
    try:
        anew = replace(state, limit=limit).recomputed(source.calendars.get(row.calendar, session))
    except CalendarMissing:
        return False
    return anew.due_at < source.clock.now()
