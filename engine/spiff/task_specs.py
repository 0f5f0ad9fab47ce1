"""Task specs of our own: work that waits for a job, decisions, and levels inside: sub-processes, transactions, calls."""

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import CallActivity, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.defaults import EndEvent as StockEndEvent
from SpiffWorkflow.bpmn.specs.defaults import TransactionSubprocess as StockTransaction
from SpiffWorkflow.bpmn.specs.event_definitions.simple import CancelEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from engine.spiff.catchers import is_interrupted


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


class _Level:
    """What runs inside has ended; unless a boundary event has taken the level away, the task around goes on."""

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        if not is_interrupted(my_task):
            super()._on_subworkflow_completed(subworkflow, my_task)  # type: ignore[misc]


class CaseSubProcess(_Level, SubWorkflowTask):
    """An embedded sub-process. Variables are those of its process; only its entry is noted."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:  # noqa: ARG002
        my_task.workflow.script_engine.note_entry(my_task)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Nothing: token data stays empty."""


class TransactionSubprocess(CaseSubProcess, StockTransaction):
    """A sub-process that a cancel end event inside takes back; the cancel boundary event goes on from there."""


class EndEvent(StockEndEvent):
    """A cancel end event reaches its own transaction only, not whatever else waits for one nearby."""

    def _run_hook(self, my_task: Any) -> Any:
        if not isinstance(self.event_definition, CancelEventDefinition):
            return super()._run_hook(my_task)
        level = my_task.workflow
        if level.parent_task_id is None or not level.top_workflow.cancel_transaction(level):
            raise LookupError(f"Expected a cancel boundary event around {self.bpmn_id}, but none is drawn.")
        return True


class CaseCall(_Level, CallActivity):
    """A called process: a scope of its own, that only `in` and `out` mappings cross."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        my_task.workflow.script_engine.note_entry(my_task)
        my_task.workflow.script_engine.open_call(my_task, subworkflow)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        my_task.workflow.script_engine.close_call(my_task, subworkflow)
