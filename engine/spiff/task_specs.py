"""Task specs of our own: work that waits for a job, decisions, iterations over case variables."""

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import (
    CallActivity,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    SubWorkflowTask,
)
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

ITERATION = "iteration_variables"


class JobTask(BpmnSpecMixin):
    """A service or send task with a topic: it starts, and stays started until its job is done."""

    def _run_hook(self, my_task: Any) -> None:
        super()._run_hook(my_task)
        return  # None leaves the task STARTED; CaseRun.complete finishes it.


class DecisionTask(BpmnSpecMixin):
    """A business rule task; the decision table itself is asked through the script engine's host."""

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        my_task.workflow.script_engine.decide(my_task)
        return True


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
    merge_child: Any

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
            "nrOfInstances": len(instances) + len(my_task.internal_data.get("remaining", [])),
            "nrOfCompletedInstances": len(merged),
            "nrOfActiveInstances": len(instances) - len(merged),
        }
        last = next(child for child in instances if str(child.id) == merged[-1])
        return my_task.workflow.script_engine.evaluate(last, condition, counts)


def _set_loop(spec: Any, collection: str | None, element_variable: str | None) -> None:
    spec.element_variable = element_variable
    spec.collection = collection
    spec.data_input = _Collection(collection) if collection else None


class ParallelIterations(_IterationMixin, ParallelMultiInstanceTask):
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
        super().__init__(wf_spec, bpmn_id, task_spec, cardinality=cardinality, condition=condition, **kwargs)
        _set_loop(self, collection, element_variable)


class SequentialIterations(_IterationMixin, SequentialMultiInstanceTask):
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
        super().__init__(wf_spec, bpmn_id, task_spec, cardinality=cardinality, condition=condition, **kwargs)
        _set_loop(self, collection, element_variable)


class CaseSubProcess(SubWorkflowTask):
    """An embedded sub-process. Variables are those of its process; only its entry is noted."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:  # noqa: ARG002
        my_task.workflow.script_engine.note_entry(my_task)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Nothing: token data stays empty."""


class CaseCall(CallActivity):
    """A called process: a scope of its own, that only `in` and `out` mappings cross."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:  # noqa: ARG002
        my_task.workflow.script_engine.note_entry(my_task)
        my_task.workflow.script_engine.open_call(my_task)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:  # noqa: ARG002
        my_task.workflow.script_engine.close_call(my_task)
