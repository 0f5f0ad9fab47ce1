"""What a played story leaves behind: compared between the two runs, and counted by tests that look for gaps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.rehearsal.scene import Scene


@dataclass(frozen=True)
class Outcome:
    """Only what must not depend on keys or on when the machine was switched off."""

    state: str
    end_element_id: str | None
    history: tuple[tuple[str, str, str], ...]  # (process, element, completed | cancelled)
    clocks: tuple[tuple[str, str, str, str], ...]  # (limit id, element, state, due)
    timers: tuple[tuple[str, str, str, str], ...]  # (element, text, state, due)
    tasks: tuple[tuple[str, str, str, str], ...]  # (element, state, assignee, due)
    notices: tuple[tuple[str, str, str], ...]  # (moment, kind, recipient)
    incidents: tuple[tuple[str, str], ...]
    variables: dict[str, Any]
    limits: frozenset[
        tuple[str, str]
    ]  # (limit id, "met" | "breached"): promises seen to their end, or broken

    def difference(self, other: "Outcome") -> tuple[str, str, str] | None:
        """(what, here, there) of the first thing that came out differently."""
        for name in self.__dataclass_fields__:
            here, there = getattr(self, name), getattr(other, name)
            if here == there:
                continue
            if isinstance(here, tuple):
                return name, _only(here, there), _only(there, here)
            if isinstance(here, dict):
                changed = {key for key in here.keys() | there.keys() if here.get(key) != there.get(key)}
                return (
                    name,
                    str({key: here.get(key) for key in changed}),
                    str({key: there.get(key) for key in changed}),
                )
            return name, str(here), str(there)
        return None

    def visited(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (process, element) for process, element, outcome in self.history if outcome == "completed"
        )


def outcome_of(scene: Scene) -> Outcome:
    instance = scene.rows.instance
    return Outcome(
        state=instance.state,
        end_element_id=instance.end_element_id,
        history=tuple((one.process_key, one.element_id, one.outcome) for one in scene.rows.history()),
        clocks=_sorted(
            (one.limit_id, one.element_id, one.state, str(one.due_at)) for one in scene.rows.clocks()
        ),
        timers=_sorted(
            (one.element_id, one.text, one.state, str(one.due_at))
            for one in scene.rows.timers("waiting", "paused", "fired", "cancelled", "failed")
        ),
        tasks=_sorted(
            (one.element_id, one.state, one.assignee or "", str(one.due_at))
            for one in scene.rows.tasks(None, "open", "completed", "cancelled")
        ),
        notices=_sorted((str(one.created_at), one.kind, one.recipient) for one in scene.rows.notices()),
        incidents=_sorted((one.element_id or "", one.kind) for one in scene.rows.incidents()),
        variables=scene.rows.variables(),
        limits=frozenset(_limits(scene)),
    )


def _limits(scene: Scene) -> Iterator[tuple[str, str]]:
    """From clocks; and from timers that measure a limit by themselves: fired is broken, left in time is kept."""
    for clock in scene.rows.clocks():
        if clock.state in ("met", "breached"):
            yield clock.limit_id, clock.state
    for timer in scene.rows.timers("fired", "cancelled"):
        for limit_id in scene.known.timer_limits(timer.text):
            yield limit_id, "breached" if timer.state == "fired" else "met"


def _sorted(rows: Any) -> tuple[Any, ...]:
    return tuple(sorted(rows))


def _only(here: tuple[Any, ...], there: tuple[Any, ...]) -> str:
    """What stands here and not there; when only the order differs, all of it."""
    left = list(here)
    for one in there:
        if one in left:
            left.remove(one)
    return str(left or list(here))
