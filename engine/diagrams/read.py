"""Reads one BPMN file into a Diagram: every flow node with the conventions of design section 4."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from engine.diagrams.model import (
    Diagram,
    Element,
    Flow,
    MultiInstance,
    ProcessModel,
    StandardLoop,
    TimerText,
    VariableMapping,
)
from engine.diagrams.normalise import normalise
from engine.diagrams.safe_xml import parse_xml, refused_file
from engine.diagrams.unread import BPMN, CAMUNDA, tag_of, unread, unread_of_flow

_CONTAINERS = ("subProcess", "transaction", "adHocSubProcess")
_NODES = {
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
    *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask"),
    *("businessRuleTask", "callActivity", "exclusiveGateway", "parallelGateway", "inclusiveGateway"),
    *("eventBasedGateway", "complexGateway", *_CONTAINERS),
}
MOST_NODES = 1_500  # of one file: a diagram that anybody can read has fewer than a hundred
MOST_PROCESSES = 40  # of one file: each is compiled with all that it calls


def read_diagram(content: bytes, file_name: str) -> Diagram:
    """The diagram as it will be carried out, after all rewrites. Raises DiagramError for a file that is no BPMN."""
    root = parse_xml(content, file_name)
    if root.tag != f"{BPMN}definitions":
        raise refused_file(
            file_name,
            root.sourceline,
            "Expected a BPMN 2.0 diagram, but its root is no `definitions` of BPMN.",
            "不是 BPMN 2.0 流程图。",
        )
    if len(root.findall(f"{BPMN}process")) > MOST_PROCESSES:
        raise refused_file(
            file_name,
            root.sourceline,
            f"Expected at most {MOST_PROCESSES} processes.",
            f"一个文件最多 {MOST_PROCESSES} 个流程。",
        )
    if sum(1 for node in root.iter(f"{BPMN}*") if tag_of(node) in _NODES) > MOST_NODES:
        raise refused_file(
            file_name,
            root.sourceline,
            f"Expected at most {MOST_NODES} flow nodes.",
            f"一张图最多 {MOST_NODES} 个图元。",
        )
    normalised = normalise(root)
    return replace(_Reader(normalised.root, file_name).diagram(), drawn=root, rewrites=normalised.rewrites)


class _Reader:
    def __init__(self, root: etree._Element, file_name: str) -> None:
        self.root, self.file_name = root, file_name
        self.lost_lane_refs: list[tuple[str, str, int]] = []
        self.messages = self._names("message", "name")
        self.errors = self._names("error", "errorCode")
        self.escalations = self._names("escalation", "escalationCode")
        self.signals = self._names("signal", "name")

    def _names(self, tag: str, attribute: str) -> dict[str, str]:
        return {
            one.get("id", ""): one.get(attribute) or one.get("name") or one.get("id", "")
            for one in self.root.findall(f"{BPMN}{tag}")
        }

    def diagram(self) -> Diagram:
        processes = tuple(self._process(one) for one in self.root.findall(f"{BPMN}process"))
        seen: set[str] = set()
        duplicates = []
        for node in self.root.iter(f"{BPMN}*"):
            key = node.get("id")
            if key and key in seen:
                duplicates.append((key, node.sourceline or 0))
            seen.add(key or "")
        return Diagram(
            self.file_name,
            processes,
            self.messages,
            tuple(duplicates),
            tuple(self.lost_lane_refs),
            drawn=self.root,
            executed=self.root,
        )

    def _process(self, node: etree._Element) -> ProcessModel:
        lanes, lane_of = self._lanes(node)
        flows: dict[str, Flow] = {}
        elements: dict[str, Element] = {}
        for container, parent_id in _containers(node):
            for child in container:
                tag = tag_of(child)
                if tag == "sequenceFlow":
                    flow = self._flow(child)
                    flows[flow.id] = flow
                elif tag in _NODES:
                    key = child.get("id", f"line_{child.sourceline}")
                    elements[key] = self._element(child, key, parent_id, lane_of.get(key))
        linked = _linked(elements, flows)
        for reference, lane in lane_of.items():
            if reference not in elements:
                self.lost_lane_refs.append((lane, reference, node.sourceline or 0))
        return ProcessModel(
            id=node.get("id", ""),
            name=node.get("name"),
            file=self.file_name,
            line=node.sourceline,
            is_executable=node.get("isExecutable") == "true",
            version_tag=node.get(f"{CAMUNDA}versionTag"),
            history_ttl=node.get(f"{CAMUNDA}historyTimeToLive"),
            elements=linked,
            flows=flows,
            lanes=lanes,
            process=self._element(node, node.get("id", ""), None, None),
        )

    def _lanes(self, process: etree._Element) -> tuple[dict[str, str], dict[str, str]]:
        lanes, lane_of = {}, {}
        for lane in process.iter(f"{BPMN}lane"):
            key = lane.get("id", "")
            lanes[key] = lane.get("name", key)
            for reference in lane.findall(f"{BPMN}flowNodeRef"):
                lane_of[(reference.text or "").strip()] = key
        return lanes, lane_of

    def _flow(self, node: etree._Element) -> Flow:
        condition = node.find(f"{BPMN}conditionExpression")
        return Flow(
            id=node.get("id", f"line_{node.sourceline}"),
            source=node.get("sourceRef", ""),
            target=node.get("targetRef", ""),
            condition=None if condition is None else (condition.text or "").strip(),
            name=node.get("name"),
            line=node.sourceline,
            condition_language=None if condition is None else condition.get("language"),
            foreign=tuple(dict.fromkeys(unread_of_flow(node))),
        )

    def _element(self, node: etree._Element, key: str, parent_id: str | None, lane: str | None) -> Element:
        properties = _properties(node)
        parameters = node.find(f"{BPMN}extensionElements/{CAMUNDA}inputOutput")
        retry = node.find(f"{BPMN}extensionElements/{CAMUNDA}failedJobRetryTimeCycle")
        script = node.find(f"{BPMN}script")
        return Element(
            id=key,
            kind=tag_of(node),
            name=node.get("name"),
            line=node.sourceline,
            parent_id=parent_id,
            lane=lane,
            default_flow=node.get("default"),
            attached_to=node.get("attachedToRef"),
            cancels=node.get("cancelActivity", "true") != "false",
            triggered_by_event=node.get("triggeredByEvent") == "true",
            **self._event(node),
            sla=properties.get("sla"),
            sla_start=properties.get("sla.start"),
            sla_warn=properties.get("sla.warn"),
            sla_ladder=properties.get("sla.ladder"),
            sla_pausable=properties.get("sla.pausable"),
            source=tuple(part.strip() for part in properties.get("source", "").split(",") if part.strip()),
            properties=properties,
            assignee=node.get(f"{CAMUNDA}assignee"),
            candidate_users=node.get(f"{CAMUNDA}candidateUsers"),
            candidate_groups=node.get(f"{CAMUNDA}candidateGroups"),
            form_ref=node.get(f"{CAMUNDA}formRef"),
            due_date=node.get(f"{CAMUNDA}dueDate"),
            follow_up_date=node.get(f"{CAMUNDA}followUpDate"),
            priority=node.get(f"{CAMUNDA}priority"),
            implementation=node.get(f"{CAMUNDA}type"),
            topic=node.get(f"{CAMUNDA}topic"),
            inputs=_parameters(parameters, "inputParameter"),
            outputs=_parameters(parameters, "outputParameter"),
            retry_cycle=None if retry is None else (retry.text or "").strip(),
            decision_ref=node.get(f"{CAMUNDA}decisionRef"),
            result_variable=node.get(f"{CAMUNDA}resultVariable"),
            map_decision_result=node.get(f"{CAMUNDA}mapDecisionResult"),
            called_element=node.get("calledElement"),
            in_mappings=_mappings(node, "in"),
            out_mappings=_mappings(node, "out"),
            multi_instance=_multi_instance(node),
            loop=_standard_loop(node),
            script=None if script is None else (script.text or ""),
            script_format=node.get("scriptFormat"),
            foreign=tuple(dict.fromkeys(unread(node))),
        )

    def _event(self, node: etree._Element) -> dict[str, Any]:
        found: dict[str, Any] = {
            "events": tuple(tag_of(child) for child in node if tag_of(child).endswith("EventDefinition"))
        }
        message_ref = node.get("messageRef")
        if message_ref:
            found["message_name"] = self.messages.get(message_ref)
        for child in node:
            match tag_of(child):
                case "timerEventDefinition":
                    found["timer"] = _timer(child)
                case "messageEventDefinition":
                    found["message_name"] = self.messages.get(child.get("messageRef", ""))
                case "errorEventDefinition":
                    found["error_code"] = self.errors.get(child.get("errorRef", ""))
                case "escalationEventDefinition":
                    found["escalation_code"] = self.escalations.get(child.get("escalationRef", ""))
                case "conditionalEventDefinition":
                    condition = child.find(f"{BPMN}condition")
                    text = "" if condition is None else (condition.text or "").strip()
                    found["conditions"] = (*found.get("conditions", ()), text)
                case "signalEventDefinition":
                    found["signal_name"] = self.signals.get(child.get("signalRef", ""))
        return found


def _containers(process: etree._Element) -> Iterator[tuple[etree._Element, str | None]]:
    yield process, None
    for node in process.iter(*(f"{BPMN}{tag}" for tag in _CONTAINERS)):
        yield node, node.get("id")


def _linked(elements: dict[str, Element], flows: dict[str, Flow]) -> dict[str, Element]:
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in flows.values():
        incoming.setdefault(flow.target, []).append(flow.id)
        outgoing.setdefault(flow.source, []).append(flow.id)
    return {
        key: replace(one, incoming=tuple(incoming.get(key, ())), outgoing=tuple(outgoing.get(key, ())))
        for key, one in elements.items()
    }


def _properties(node: etree._Element) -> dict[str, str]:
    return {
        one.get("name", ""): one.get("value", "").strip()
        for one in node.findall(f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property")
    }


def _parameters(node: etree._Element | None, tag: str) -> dict[str, str]:
    if node is None:
        return {}
    return {one.get("name", ""): (one.text or "").strip() for one in node.findall(f"{CAMUNDA}{tag}")}


def _mappings(node: etree._Element, tag: str) -> tuple[VariableMapping, ...]:
    return tuple(
        VariableMapping(
            one.get("variables"), one.get("source"), one.get("sourceExpression"), one.get("target")
        )
        for one in node.findall(f"{BPMN}extensionElements/{CAMUNDA}{tag}")
        if one.get("businessKey") is None
    )


def _multi_instance(node: etree._Element) -> MultiInstance | None:
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    cardinality, condition = loop.find(f"{BPMN}loopCardinality"), loop.find(f"{BPMN}completionCondition")
    return MultiInstance(
        is_sequential=loop.get("isSequential") == "true",
        collection=loop.get(f"{CAMUNDA}collection"),
        element_variable=loop.get(f"{CAMUNDA}elementVariable"),
        cardinality=None if cardinality is None else (cardinality.text or "").strip(),
        completion_condition=None if condition is None else (condition.text or "").strip(),
    )


def _standard_loop(node: etree._Element) -> StandardLoop | None:
    loop = node.find(f"{BPMN}standardLoopCharacteristics")
    if loop is None:
        return None
    condition = loop.find(f"{BPMN}loopCondition")
    return StandardLoop(
        condition=(None if condition is None else (condition.text or "").strip()) or None,
        maximum=loop.get("loopMaximum"),
        test_before=loop.get("testBefore") in ("true", "1"),
    )


def _timer(node: etree._Element) -> TimerText | None:
    for tag, kind in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        child = node.find(f"{BPMN}{tag}")
        if child is not None:
            return TimerText(kind, (child.text or "").strip())
    return None
