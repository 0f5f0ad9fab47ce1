"""Event definitions that never read a clock: a timer waits until it is told "fire".

The stock definitions evaluate their text as Python and compare with the machine's time (trap: docs/spiff.md).
Ours keep the text for the command, which computes the due moment and keeps it as a row.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.util.task import TaskState


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

    def spawn(self, my_task: Any) -> None:
        for output in my_task.task_spec.outputs:
            child = my_task._add_child(output, TaskState.FUTURE)
            child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
            child.task_spec._update(child)
