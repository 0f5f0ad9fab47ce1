"""Gives an element another id, or takes it out of the file, with everything that refers to it."""

from lxml import etree

from engine.diagrams.unread import BPMN, tag_of

# Attributes that are no reference, although the text of one may be the same as an id.
_NO_REFERENCE = {"id", "name", "value", "targetNamespace", "calledElement", "errorCode", "escalationCode"}
_NAMED_BY_TEXT = {"incoming", "outgoing", "flowNodeRef", "supportedInterfaceRef", "eventDefinitionRef"}


def rename(node: etree._Element, key: str) -> None:
    old = node.get("id")
    node.set("id", key)
    for other in node.getroottree().iter(etree.Element):
        for name, value in other.attrib.items():
            if value == old and name not in _NO_REFERENCE and "}" not in name:
                other.set(name, key)
        if tag_of(other) in _NAMED_BY_TEXT and (other.text or "").strip() == old:
            other.text = key


def delete(node: etree._Element) -> None:
    """With its flows, its boundary events, and its part of the picture."""
    root = node.getroottree().getroot()
    gone = {node.get("id")}
    while True:
        found = {
            other.get("id")
            for other in root.iter(f"{BPMN}sequenceFlow", f"{BPMN}boundaryEvent")
            if {other.get("sourceRef"), other.get("targetRef"), other.get("attachedToRef")} & gone
        }
        if found <= gone:
            break
        gone |= found
    for other in list(root.iter(etree.Element)):
        is_named = tag_of(other) in _NAMED_BY_TEXT and (other.text or "").strip() in gone
        if other.get("id") in gone or other.get("bpmnElement") in gone or is_named:
            holder = other.getparent()
            if holder is not None:
                holder.remove(other)
        elif other.get("default") in gone:
            del other.attrib["default"]
