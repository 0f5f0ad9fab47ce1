"""Reads BPMN into specs: camunda attributes for topics and iterations, timers that never read a clock."""

from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.event_parsers import (
    CANCEL_EVENT_XPATH,
    ERROR_EVENT_XPATH,
    ESCALATION_EVENT_XPATH,
    MESSAGE_EVENT_XPATH,
    SIGNAL_EVENT_XPATH,
    TERMINATION_EVENT_XPATH,
    BoundaryEventParser,
    EndEventParser,
    EventBasedGatewayParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    ReceiveTaskParser,
    SendTaskParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import (
    CallActivityParser,
    ConditionalGatewayParser,
    GatewayParser,
    ScriptTaskParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ManualTask,
    NoneTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    StartEvent,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from engine.spiff.events import (
    ConditionalEventDefinition,
    DueTimer,
    MultipleEventDefinition,
    RepeatingTimer,
)
from engine.spiff.gateways import EventBasedGateway
from engine.spiff.joins import InclusiveJoin, ParallelJoin
from engine.spiff.loops import ParallelIterations, SequentialIterations, StandardLoopTask
from engine.spiff.task_specs import (
    CaseCall,
    CaseSubProcess,
    DecisionTask,
    EndEvent,
    JobTask,
    TransactionSubprocess,
)

CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"


class _IterationParser:
    """`camunda:collection`, `loopCardinality` and `loopCondition`, evaluated over case variables."""

    STANDARD_LOOP_CLASS = StandardLoopTask

    def _add_loop_task(self, loop: Any) -> None:
        maximum = loop.get("loopMaximum")
        if maximum is not None and int(maximum) < 1:
            me: Any = self
            me.raise_validation_exception("Expected a loopMaximum of 1 or more")
        super()._add_loop_task(loop)  # type: ignore[misc]

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


class _EventParser:
    """Timers, conditions and several events in one, as the runner wants them."""

    def get_event_definition(self, xpaths: Any) -> Any:
        definition = super().get_event_definition(xpaths)  # type: ignore[misc]
        several = getattr(definition, "event_definitions", None)
        if several is None:
            return definition
        return MultipleEventDefinition(several, definition.parallel, description="Multiple")

    def parse_conditional_event(self, event: Any) -> Any:
        me: Any = self
        condition = event.find(full_tag("condition"))
        text = "" if condition is None else (condition.text or "").strip()
        if not text:
            me.raise_validation_exception("A conditional event needs a condition", node=event)
        return ConditionalEventDefinition(text, description=me.get_event_description(event))

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


class CaseStartParser(_EventParser, StartEventParser):
    """At the start of a process nothing waits: who begins the case, a person or the calendar, has done so."""

    def get_event_definition(self, xpaths: Any) -> Any:
        definition = super().get_event_definition(xpaths)
        is_of_process = self.node.getparent().tag == full_tag("process")
        if is_of_process and isinstance(definition, RepeatingTimer):
            return NoneEventDefinition(description="Default")
        return definition


class CaseCatchParser(_EventParser, IntermediateCatchEventParser):
    pass


class CaseBoundaryParser(_EventParser, BoundaryEventParser):
    pass


class CaseThrowParser(_EventParser, IntermediateThrowEventParser):
    pass


class CaseEndParser(_EventParser, EndEventParser):
    """The stock parser takes a signal end event for a plain one."""

    def create_task(self) -> Any:
        definition = self.get_event_definition(
            [
                *(MESSAGE_EVENT_XPATH, CANCEL_EVENT_XPATH, ERROR_EVENT_XPATH, ESCALATION_EVENT_XPATH),
                *(SIGNAL_EVENT_XPATH, TERMINATION_EVENT_XPATH),
            ]
        )
        task = self._create_task(definition)
        task.connect(self.spec.end)
        return task


class CaseEventGatewayParser(EventBasedGatewayParser):
    def create_task(self) -> Any:
        return self._create_task(MultipleEventDefinition())


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
        full_tag("intermediateThrowEvent"): (CaseThrowParser, IntermediateThrowEvent),
        full_tag("boundaryEvent"): (CaseBoundaryParser, BoundaryEvent),
        full_tag("endEvent"): (CaseEndParser, EndEvent),
        full_tag("eventBasedGateway"): (CaseEventGatewayParser, EventBasedGateway),
        full_tag("userTask"): (CaseTaskParser, UserTask),
        full_tag("manualTask"): (CaseTaskParser, ManualTask),
        full_tag("task"): (CaseTaskParser, NoneTask),
        full_tag("scriptTask"): (CaseScriptParser, ScriptTask),
        full_tag("serviceTask"): (CaseTaskParser, JobTask),
        full_tag("sendTask"): (CaseSendParser, SendTask),
        full_tag("receiveTask"): (CaseReceiveParser, ReceiveTask),
        full_tag("businessRuleTask"): (CaseTaskParser, DecisionTask),
        full_tag("subProcess"): (CaseSubProcessParser, CaseSubProcess),
        full_tag("transaction"): (CaseSubProcessParser, TransactionSubprocess),
        full_tag("callActivity"): (CaseCallParser, CaseCall),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveJoin),
    }
