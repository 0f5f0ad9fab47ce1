"""An event gateway that knows its events by number. It carries the name of the stock class, so that stored specs become it."""

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway as StockEventGateway
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState


class EventBasedGateway(StockEventGateway):
    """Goes on behind the event that came first, by its number: two events may look alike."""

    def _run_hook(self, my_task: Any) -> Any:
        TaskSpec._run_hook(self, my_task)
        first = my_task.internal_data["seen"][0]
        my_task._sync_children([self.outputs[first]], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        self.event_definition.reset(my_task)
        return True
