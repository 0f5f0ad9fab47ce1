"""Elements that a rewrite adds: ids that tell whose they are, lines of what they stem from."""

from typing import Any

from lxml import etree

from engine.diagrams.unread import BPMN, tag_of

_ENDING = ".made"


def is_made(element_id: str | None) -> bool:
    """Whether an element was added by a rewrite, so that nobody drew it and nobody should see it."""
    return element_id is not None and element_id.endswith(_ENDING)


def drawn_of(element_id: str) -> str:
    """The drawn element that a made one stems from: `approve` for `approve.split.made`."""
    while is_made(element_id):
        element_id = element_id.removesuffix(_ENDING).rpartition(".")[0]
    return element_id


def made_id(drawn: str, what: str) -> str:
    """`what` holds no dot, so that `drawn_of` finds back."""
    return f"{drawn}.{what}{_ENDING}"


def make_node(scope: etree._Element, tag: str, element_id: str, line: int | None, **attributes: Any) -> Any:
    """A flow node at the end of `scope` (a process or a sub-process)."""
    node = etree.SubElement(scope, f"{BPMN}{tag}", {"id": element_id, **attributes})
    node.sourceline = line
    return node


def make_flow(scope: etree._Element, element_id: str, source: str, target: str, line: int | None) -> Any:
    return make_node(scope, "sequenceFlow", element_id, line, sourceRef=source, targetRef=target)


def scopes_of(root: etree._Element) -> list[etree._Element]:
    """Everything that holds flow nodes, outer first: processes and embedded sub-processes."""
    tags = ("process", "subProcess", "transaction", "adHocSubProcess")
    return list(root.iter(*(f"{BPMN}{tag}" for tag in tags)))


def flows_in(scope: etree._Element) -> list[etree._Element]:
    flows: list[etree._Element] = scope.findall(f"{BPMN}sequenceFlow")
    return flows


def outgoing(scope: etree._Element, element_id: str | None) -> list[etree._Element]:
    return [flow for flow in flows_in(scope) if flow.get("sourceRef") == element_id]


def definitions_of(event: etree._Element) -> list[str]:
    """The kinds of event definitions of an event, such as `timerEventDefinition`."""
    return [tag_of(child) for child in event if tag_of(child).endswith("EventDefinition")]
