"""Event definitions that never read a clock and never look at token data: each waits until it is told.

The stock definitions evaluate their text as Python and compare with the machine's time (trap: docs/spiff.md).
Ours keep the text for the command, which computes the due moment and keeps it as a row.
"""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.conditional import (
    ConditionalEventDefinition as StockConditional,
)
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition as StockMultiple
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition


class DueTimer(TimerEventDefinition):
    """A timer that fires once. `name` is the element id, so that two timers on one gateway differ."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task._get_internal_data("event_fired", False))

    def update_task(self, my_task: Any) -> None:
        """Nothing: the stock timer would look at the machine's time here."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TimerEventDefinition) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class RepeatingTimer(DueTimer):
    """A timer whose branch starts anew at each due moment; `cycles_left` stands in the timer's row."""


class ConditionalEventDefinition(StockConditional):
    """A condition over case variables. The runner looks at it after each step and tells it when it became true."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task._get_internal_data("event_fired", False))


class MultipleEventDefinition(StockMultiple):
    """Several events of one element, known by their numbers. `parallel`: all of them have to come."""

    def see(self, my_task: Any, index: int) -> None:
        seen = my_task.internal_data.get("seen", [])
        my_task.internal_data["seen"] = seen if index in seen else [*seen, index]

    def has_fired(self, my_task: Any) -> bool:
        seen = my_task.internal_data.get("seen", [])
        return len(seen) == len(self.event_definitions) if self.parallel else bool(seen)

    def reset(self, my_task: Any) -> None:
        my_task.internal_data.pop("seen", None)
        my_task._set_internal_data(event_fired=False)


def place_key(task: Any, index: int | None) -> str:
    """The key of the place where a task waits, `:n` behind it for the n-th of several events."""
    return task.id.hex if index is None else f"{task.id.hex}:{index}"


def awaited(task: Any) -> Iterator[tuple[int | None, Any]]:
    """(number, definition) of each event that a waiting task still waits for; the number of a single one is None."""
    definition = task.task_spec.event_definition
    if not isinstance(definition, MultipleEventDefinition):
        yield None, definition
        return
    seen = task.internal_data.get("seen", ())
    for index, one in enumerate(definition.event_definitions):
        if index not in seen:
            yield index, one
