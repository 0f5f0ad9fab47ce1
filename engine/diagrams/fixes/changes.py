"""Carries out the changes of a fix on the file itself. web/frontend/src/modeler/fixes.js does the same in the browser.

A change names its `element` by id, and one of:
`set` + `to`: an attribute, such as `camunda:formRef` or `default`; `to` None takes it away.
`property` + `to`: a `camunda:property`; `timer` (+ `kind`): the text of its timer; `condition`: of a flow, or None.
`loop` + `to`: an attribute or a text of its repetition; `loop` None takes the repetition away.
`retry`: its retry cycle; `reference` + `to`: the message, signal, error or escalation that it names.
`remove`: a setting by its bare name, wherever on the element it stands; `id`: another id; `delete`: the element itself.
"""

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from engine.diagrams.fixes.fix import Change, Fix
from engine.diagrams.fixes.whole_elements import delete, rename
from engine.diagrams.safe_xml import parse_xml
from engine.diagrams.unread import BPMN, CAMUNDA, tag_of

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TIMES = ("timeDuration", "timeCycle", "timeDate")
_LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
_LOOP_TEXTS = ("loopCardinality", "completionCondition", "loopCondition")
# What stands before the extensions of an element, and before the condition of a flow.
_FIRST = {"documentation"}
_BEFORE_CONDITION = {"documentation", "extensionElements"}


def apply_fix(content: bytes, fix: Fix) -> bytes:
    """The file with all changes of the fix. Raises DiagramError for no diagram, LookupError for an unknown element."""
    root = parse_xml(content, "diagram.bpmn")
    for one in fix.changes:
        _apply(root, one)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def element_of(root: etree._Element, key: str) -> etree._Element | None:
    return next((node for node in root.iter(f"{BPMN}*") if node.get("id") == key), None)


def holders_of(node: etree._Element) -> Iterator[etree._Element]:
    """Where settings of an element stand: itself, its event definitions, its repetition, the condition of a flow."""
    yield node
    for child in node:
        tag = tag_of(child)
        if tag.endswith("EventDefinition") or tag in (*_LOOPS, "conditionExpression"):
            yield child


def _apply(root: etree._Element, one: Change) -> None:
    node = element_of(root, one["element"])
    if node is None:
        raise LookupError(one["element"])
    kind = next(name for name in _KINDS if name in one)
    _KINDS[kind](node, one)


def _set(node: etree._Element, one: Change) -> None:
    _attribute(node, one["set"], one["to"])


def _attribute(node: etree._Element, name: str, value: Any) -> None:
    key = f"{CAMUNDA}{name.removeprefix('camunda:')}" if name.startswith("camunda:") else name
    if value is None:
        node.attrib.pop(key, None)
    else:
        node.set(key, str(value).lower() if isinstance(value, bool) else str(value))


def _property(node: etree._Element, one: Change) -> None:
    name, value = one["property"], one["to"]
    holder = node.find(f"{BPMN}extensionElements/{CAMUNDA}properties")
    held = None
    if holder is not None:
        held = next((each for each in holder if isinstance(each.tag, str) and each.get("name") == name), None)
    if value is None:
        if held is not None and holder is not None:
            holder.remove(held)
            _prune(node)
        return
    if holder is None:
        holder = etree.SubElement(_extensions(node), f"{CAMUNDA}properties")
    if held is None:
        held = etree.SubElement(holder, f"{CAMUNDA}property", {"name": name})
    held.set("value", value)


def _extensions(node: etree._Element) -> etree._Element:
    found = node.find(f"{BPMN}extensionElements")
    if found is None:
        found = etree.Element(f"{BPMN}extensionElements")
        node.insert(sum(tag_of(child) in _FIRST for child in node), found)
    return found


def _prune(node: etree._Element) -> None:
    """An empty list of properties, and extensions without any, are taken away."""
    for holder in node.findall(f"{BPMN}extensionElements"):
        for child in list(holder):
            if child.tag == f"{CAMUNDA}properties" and not len(child):
                holder.remove(child)
        if not len(holder):
            node.remove(holder)


def _timer(node: etree._Element, one: Change) -> None:
    definition = node.find(f"{BPMN}timerEventDefinition")
    if definition is None:
        raise LookupError(f"{one['element']}: timerEventDefinition")
    held = next((child for child in definition if tag_of(child) in _TIMES), None)
    kind = one.get("kind") or (_TIMES[0] if held is None else tag_of(held))
    if held is not None:
        definition.remove(held)
    _expression(etree.SubElement(definition, f"{BPMN}{kind}"), one["timer"])


def _expression(node: etree._Element, text: str) -> None:
    # By hand, so that a prefix that the file does not declare is not written into the value.
    prefix = next((name for name, uri in node.nsmap.items() if f"{{{uri}}}" == BPMN and name), None)
    if prefix:
        node.set(XSI_TYPE, f"{prefix}:tFormalExpression")
    node.text = text


def _condition(node: etree._Element, one: Change) -> None:
    for held in node.findall(f"{BPMN}conditionExpression"):
        node.remove(held)
    if one["condition"] is not None:
        made = etree.Element(f"{BPMN}conditionExpression")
        node.insert(sum(tag_of(child) in _BEFORE_CONDITION for child in node), made)
        _expression(made, one["condition"])


def _loop(node: etree._Element, one: Change) -> None:
    for loop in [child for child in node if tag_of(child) in _LOOPS]:
        name = one["loop"]
        if name is None:
            node.remove(loop)
        elif name in _LOOP_TEXTS:
            for held in loop.findall(f"{BPMN}{name}"):
                loop.remove(held)
            if one["to"] is not None:
                _expression(etree.SubElement(loop, f"{BPMN}{name}"), one["to"])
        else:
            _attribute(loop, name, one["to"])


def _retry(node: etree._Element, one: Change) -> None:
    tag = f"{CAMUNDA}failedJobRetryTimeCycle"
    held = node.find(f"{BPMN}extensionElements/{tag}")
    if held is None:
        held = etree.SubElement(_extensions(node), tag)
    held.text = one["retry"]


def _reference(node: etree._Element, one: Change) -> None:
    name, to = one["reference"], one["to"]
    kind = name.removesuffix("Ref")
    definition = node.find(f"{BPMN}{kind}EventDefinition")
    holder = node if definition is None else definition
    if to is None:
        holder.attrib.pop(name, None)
    else:
        holder.set(name, to)


def _remove(node: etree._Element, one: Change) -> None:
    what = _bare(one["remove"])
    for holder in holders_of(node):
        for name in list(holder.attrib):
            if etree.QName(name).localname == what:
                del holder.attrib[name]
        for extensions in holder.findall(f"{BPMN}extensionElements"):
            for child in list(extensions):
                if tag_of(child) == what:
                    extensions.remove(child)
            if not len(extensions):
                holder.remove(extensions)
        for child in list(holder):
            if tag_of(child) == what:
                holder.remove(child)


def _bare(name: str) -> str:
    """`taskDefinition` of `zeebe:taskDefinition` and of `acme.taskDefinition`."""
    return name.replace(":", ".").rpartition(".")[2]


_KINDS: dict[str, Callable[[etree._Element, Change], None]] = {
    "set": _set,
    "property": _property,
    "timer": _timer,
    "condition": _condition,
    "loop": _loop,
    "retry": _retry,
    "reference": _reference,
    "remove": _remove,
    "id": lambda node, one: rename(node, one["id"]),
    "delete": lambda node, _: delete(node),
}
