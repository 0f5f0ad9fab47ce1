"""What each step of a played story did in the diagrams: which elements it passed, and where the case then waited."""

from dataclasses import dataclass, field
from typing import Any

from engine.rehearsal.scene import Scene
from engine.rehearsal.story import Step


@dataclass(frozen=True)
class StepPath:
    """`number` 0 is the start. `visits` in their order: (process, element, completed | cancelled)."""

    number: int
    at: str
    visits: tuple[tuple[str, str, str], ...]
    waits_at: tuple[tuple[str, str], ...]  # (process or "", element)
    due: tuple[tuple[str, str], ...]  # (limit or element, moment) of what is open

    def to_data(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "at": self.at,
            "visits": [list(one) for one in self.visits],
            "waits_at": [list(one) for one in self.waits_at],
            "due": [list(one) for one in self.due],
        }


@dataclass
class PathWatch:
    """Given to `play_story` as `watch`."""

    steps: list[StepPath] = field(default_factory=list)
    _seen: int = 0

    def __call__(self, scene: Scene, step: Step | None) -> None:
        scene.rows.forget()
        history = scene.rows.history()
        visits = tuple((one.process_key, one.element_id, one.outcome) for one in history[self._seen :])
        self._seen = len(history)
        zone = scene.calendar.zone
        self.steps.append(
            StepPath(
                number=step.number if step else 0,
                at=scene.clock.now().astimezone(zone).isoformat(),
                visits=visits,
                waits_at=tuple((process or "", element) for process, element in scene.rows.waiting_places()),
                due=tuple(
                    (clock.limit_id or clock.element_id, clock.due_at.astimezone(zone).isoformat())
                    for clock in scene.rows.clocks(is_open=True)
                ),
            )
        )
