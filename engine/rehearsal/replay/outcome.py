"""What a played case leaves behind: its promises, who was asked, and where it still waits."""

from collections.abc import Collection
from typing import Any

from engine.commands.case.clocks import OpenClock
from engine.people import SYSTEM, CandidateSpec
from engine.rehearsal.replay.memory_parts import MemoryClocks
from engine.rehearsal.replay.memory_work import MemoryWork
from engine.rehearsal.replay.played import Promise, Waits

_ORDER = {"user_task": 0, "job": 1, "message": 2, "signal": 3, "timer": 4}


def promises_of(clocks: MemoryClocks) -> list[Promise]:
    found = [_promise(one) for one in (*clocks.finished, *clocks.open.values())]
    return sorted(found, key=lambda one: (one.started_at, one.place, one.limit_name))


def _promise(clock: OpenClock) -> Promise:
    row: dict[str, Any] = clock.row
    is_broken = row["breached_at"] is not None
    stopped_at = row["stopped_at"]
    late = (stopped_at - clock.due_at).total_seconds() if is_broken and stopped_at is not None else 0
    return Promise(
        (row["process_key"], row["element_id"]),
        row["limit_name"],
        row["limit_id"],
        row["started_at"],
        clock.due_at,
        is_broken,
        max(round(late), 0),
    )


def offered_to(specs: Collection[CandidateSpec]) -> tuple[str, ...]:
    """Roles, and people by name with an @ before it."""
    return tuple(sorted({one.role_key or f"@{one.username}" for one in specs}))


def anybody(work: MemoryWork, key: str) -> str:
    """Somebody who may do the task; the system itself when nobody may."""
    for spec in work.tasks.specs(key):
        names = (
            (spec.username,)
            if spec.username
            else work.frame.directory.holders_in(spec.role_key, spec.unit_key)
        )
        if names:
            return names[0]
    return SYSTEM.username


def unfinished(work: MemoryWork) -> list[Waits]:
    """Where it waits, people first."""
    found = [
        Waits((one.process_key, one.element_id), one.kind, one.text)
        for one in work.run.waiting.values()
        if one.host_key is None
    ]
    return sorted(dict.fromkeys(found), key=lambda one: _ORDER.get(one.kind, 9))
