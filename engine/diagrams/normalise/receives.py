"""A receive task that starts its process is a message start event, and a task that is passed at once."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import flows_in, made_id, make_flow, make_node
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN

RULE = "receive-start"


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for process in root.findall(f"{BPMN}process"):
        if process.find(f"{BPMN}startEvent") is not None:
            continue
        reached = {flow.get("targetRef") for flow in flows_in(process)}
        for task in process.findall(f"{BPMN}receiveTask"):
            element_id, message = task.get("id"), task.get("messageRef")
            if task.get("instantiate") == "true" and element_id and message and element_id not in reached:
                yield _start_with(process, task, element_id, message)


def _start_with(process: etree._Element, task: etree._Element, element_id: str, message: str) -> Rewrite:
    start = make_node(process, "startEvent", made_id(element_id, "start"), task.sourceline)
    etree.SubElement(start, f"{BPMN}messageEventDefinition", {"messageRef": message})
    make_flow(process, made_id(element_id, "from_start"), start.get("id"), element_id, task.sourceline)
    task.tag = f"{BPMN}task"
    del task.attrib["instantiate"], task.attrib["messageRef"]
    return Rewrite(
        RULE, element_id, task.sourceline,
        "收到消息即开始流程。", "Its message starts the process.",
    )  # fmt: skip
