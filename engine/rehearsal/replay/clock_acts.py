"""What people did to a clock then, done to the same promise in a replay, as far as it allows that here."""

from datetime import datetime

from engine.rehearsal.replay.course import Act
from engine.rehearsal.replay.memory_parts import MemoryClocks


def act_on_clock(clocks: MemoryClocks, act: Act, now: datetime) -> None:
    """A pause, its end, or somebody who takes a breach in hand."""
    for clock in [one for one in clocks.open.values() if one.row["limit_id"] == act.subject]:
        state = clock.row["state"]
        match act.kind:
            case "pause" if state == "running" and clock.row["is_pausable"] and now <= clock.due_at:
                paused = clock.state.pause(
                    now,
                    kind=str(act.facts.get("kind", "")),
                    reason=str(act.facts.get("reason", "")),
                    evidence=str(act.facts.get("evidence", "")),
                    by=act.by,
                )
                clocks.change(clock, paused, "paused")
                return
            case "resume" if state == "paused":
                clocks.change(clock, clock.state.resume(now, clocks.calendar), "running")
                return
            case "acknowledge" if clock.row["breached_at"] is not None:
                clock.row["acknowledged_at"], clock.row["acknowledged_by"] = now, act.by
                clocks.forget_steps(clock.key)
                return
