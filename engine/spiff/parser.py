"""Reads BPMN into specs: camunda attributes for topics and iterations, timers that never read a clock."""

from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EventBasedGatewayParser,
    IntermediateCatchEventParser,
    ReceiveTaskParser,
    SendTaskParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import CallActivityParser, ScriptTaskParser, SubWorkflowParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    ManualTask,
    NoneTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    StartEvent,
    UserTask,
)

from engine.spiff.events import DueTimer, RepeatingTimer
from engine.spiff.task_specs import (
    CaseCall,
    CaseSubProcess,
    DecisionTask,
    JobTask,
    ParallelIterations,
    SequentialIterations,
)

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"


class _IterationParser:
    """`camunda:collection` and `loopCardinality`, evaluated over case variables."""

    def _add_multiinstance_task(self, loop: Any) -> None:
        me: Any = self
        cardinality = me.xpath("./bpmn:multiInstanceLoopCharacteristics/bpmn:loopCardinality")
        condition = me.xpath("./bpmn:multiInstanceLoopCharacteristics/bpmn:completionCondition")
        collection = loop.get(f"{CAMUNDA}collection")
        original = me.spec.task_specs.pop(me.task.name)
        loop_class = SequentialIterations if loop.get("isSequential") == "true" else ParallelIterations
        me.task = loop_class(
            me.spec,
            original.name,
            task_spec="",
            cardinality=cardinality[0].text if cardinality and not collection else None,
            condition=condition[0].text if condition else None,
            collection=collection,
            element_variable=loop.get(f"{CAMUNDA}elementVariable"),
            description="Iterations",
        )
        me._copy_task_attrs(original, loop)


class _TimerParser:
    def parse_timer_event(self, event: Any) -> DueTimer:
        me: Any = self
        element_id = event.getparent().get("id")
        for tag, kind in (("timeDate", DueTimer), ("timeDuration", DueTimer), ("timeCycle", RepeatingTimer)):
            found = event.find(full_tag(tag))
            if found is not None:
                return kind(
                    element_id, (found.text or "").strip(), description=me.get_event_description(event)
                )
        me.raise_validation_exception("A timer needs a date, a duration or a cycle", node=event)
        raise AssertionError


class CaseTaskParser(_IterationParser, TaskParser):
    pass


class CaseScriptParser(_IterationParser, ScriptTaskParser):
    pass


class CaseSubProcessParser(_IterationParser, SubWorkflowParser):
    pass


class CaseCallParser(_IterationParser, CallActivityParser):
    pass


class CaseReceiveParser(_IterationParser, ReceiveTaskParser):
    pass


class CaseStartParser(_TimerParser, StartEventParser):
    pass


class CaseCatchParser(_TimerParser, IntermediateCatchEventParser):
    pass


class CaseBoundaryParser(_TimerParser, BoundaryEventParser):
    pass


class CaseSendParser(_IterationParser, SendTaskParser):
    """A send task with a topic is a job; one with a message only throws it."""

    def create_task(self) -> Any:
        if self.node.get(f"{CAMUNDA}topic"):
            return JobTask(self.spec, self.bpmn_id, **self.bpmn_attributes)
        return super().create_task()


class CaseParser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {
        full_tag("startEvent"): (CaseStartParser, StartEvent),
        full_tag("intermediateCatchEvent"): (CaseCatchParser, IntermediateCatchEvent),
        full_tag("boundaryEvent"): (CaseBoundaryParser, BoundaryEvent),
        full_tag("eventBasedGateway"): (EventBasedGatewayParser, EventBasedGateway),
        full_tag("userTask"): (CaseTaskParser, UserTask),
        full_tag("manualTask"): (CaseTaskParser, ManualTask),
        full_tag("task"): (CaseTaskParser, NoneTask),
        full_tag("scriptTask"): (CaseScriptParser, ScriptTask),
        full_tag("serviceTask"): (CaseTaskParser, JobTask),
        full_tag("sendTask"): (CaseSendParser, SendTask),
        full_tag("receiveTask"): (CaseReceiveParser, ReceiveTask),
        full_tag("businessRuleTask"): (CaseTaskParser, DecisionTask),
        full_tag("subProcess"): (CaseSubProcessParser, CaseSubProcess),
        full_tag("callActivity"): (CaseCallParser, CaseCall),
    }
