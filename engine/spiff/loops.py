"""Elements that are done several times: for each item of a collection, a number of times, or while a condition holds.

`StandardLoopTask` carries the name of the stock class, so that stored specs become this one.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
)
from SpiffWorkflow.bpmn.specs.defaults import StandardLoopTask as StockLoop
from SpiffWorkflow.util.task import TaskState

ITERATION = "iteration_variables"


class _Collection:
    """Stands where the stock class expects a data reference: the collection is an expression over variables."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bpmn_id = text

    def exists(self, my_task: Any) -> bool:  # noqa: ARG002
        return True

    def get(self, my_task: Any) -> Any:
        return my_task.workflow.script_engine.collection(my_task, self.text)


class _IterationMixin:
    """Each iteration is a variable scope of its own: `elementVariable`, `loopCounter`, and what it assigns."""

    element_variable: str | None
    cardinality: str | None
    data_input: Any
    merge_child: Any

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        task_spec: str,
        cardinality: str | None = None,
        condition: str | None = None,
        collection: str | None = None,
        element_variable: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(  # type: ignore[call-arg]
            wf_spec, bpmn_id, task_spec, cardinality=cardinality, condition=condition, **kwargs
        )
        self.element_variable = element_variable
        self.collection = collection
        self.data_input = _Collection(collection) if collection else None

    def create_child(self, my_task: Any, item: Any, key_or_index: Any = None) -> None:
        task_spec = my_task.workflow.spec.task_specs[self.task_spec]  # type: ignore[attr-defined]
        if not task_spec.completed_event.is_connected(self.merge_child):
            task_spec.completed_event.connect(self.merge_child)
        child = my_task._add_child(task_spec, TaskState.WAITING)
        child.triggered = True
        index = key_or_index if isinstance(key_or_index, int) else len(my_task.children) - 1
        variables: dict[str, Any] = {"loopCounter": index}
        if self.element_variable:
            variables[self.element_variable] = item
        child.internal_data[ITERATION] = True
        child.internal_data["key_or_index"] = index
        my_task.workflow.script_engine.open_iteration(child, variables)
        child.task_spec._update(child)

    def check_completion_condition(self, my_task: Any) -> Any:
        condition = self.condition  # type: ignore[attr-defined]
        merged = my_task.internal_data.get("merged", [])
        if not merged or condition is None:
            return False
        instances = list(self._instances(my_task))  # type: ignore[attr-defined]
        counts = {
            "nrOfInstances": len(instances) + self._number_to_come(my_task),
            "nrOfCompletedInstances": len(merged),
            "nrOfActiveInstances": len(instances) - len(merged),
        }
        last = next(child for child in instances if str(child.id) == merged[-1])
        return my_task.workflow.script_engine.evaluate(last, condition, counts)

    def _number_to_come(self, my_task: Any) -> int:  # noqa: ARG002
        return 0


class ParallelIterations(_IterationMixin, ParallelMultiInstanceTask):
    def create_children(self, my_task: Any) -> None:
        scripts = my_task.workflow.script_engine
        if self.data_input is not None:
            items = self.data_input.get(my_task)
        else:
            items = range(scripts.cardinality(my_task, self.cardinality))
        scripts.require_room(my_task, len(items))
        for index, item in enumerate(items):
            self.create_child(my_task, item, index)


class SequentialIterations(_IterationMixin, SequentialMultiInstanceTask):
    def _update_hook(self, my_task: Any) -> Any:
        if self.data_input is None:
            # A text or a number below zero would never be reached by counting.
            my_task.workflow.script_engine.cardinality(my_task, self.cardinality)
        return super()._update_hook(my_task)

    def init_remaining_items(self, my_task: Any) -> list[int]:
        """The items are those of this moment: an iteration that changes the collection changes no other iteration."""
        items = self.data_input.get(my_task)
        my_task.workflow.script_engine.keep_items(my_task, items)
        return list(range(len(items)))

    def add_next_child(self, my_task: Any) -> None:
        if self.data_input is None:
            super().add_next_child(my_task)
            return
        remaining = my_task.internal_data["remaining"]
        items = my_task.workflow.script_engine.kept_items(my_task)
        if items is None:
            items = self.data_input.get(my_task)  # Begun by an earlier version.
        my_task.internal_data["remaining"] = remaining[1:]
        self.create_child(my_task, items[remaining[0]], remaining[0])

    def _number_to_come(self, my_task: Any) -> int:
        if self.data_input is not None:
            return len(my_task.internal_data["remaining"])
        return int(my_task.internal_data["cardinality"] - my_task.internal_data["current"])


class StandardLoopTask(StockLoop):
    """Again while its condition holds, `maximum` times at most; `test_before`: perhaps not even once."""

    def merge_child(self, workflow: Any, child: Any) -> None:  # noqa: ARG002
        my_task = child.parent
        my_task.internal_data["rounds"] = my_task.internal_data.get("rounds", 0) + 1
        for old in my_task.children:
            if old is not child and old.triggered:
                # A loop of a thousand rounds keeps one; history is kept in rows.
                my_task.workflow._remove_task(old.id)
        if self.loop_complete(my_task):
            my_task._set_state(TaskState.READY)
        else:
            self.create_child(my_task)

    def loop_complete(self, my_task: Any) -> bool:
        rounds = my_task.internal_data.get("rounds", 0)
        if self.maximum is not None and rounds >= self.maximum:
            return True
        if self.condition is None:
            return False
        goes_on = my_task.workflow.script_engine.evaluate(my_task, self.condition, {"loopCounter": rounds})
        return not goes_on
