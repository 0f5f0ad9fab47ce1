"""What stands in a diagram and is not executed here: lint says so, so that nothing is left out in silence."""

from collections.abc import Iterator

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"

_WORK = frozenset({"serviceTask", "sendTask"})
# Attributes that are read, by the kind of element that carries them.
_ATTRIBUTES: dict[str, set[str]] = {
    "process": {"versionTag", "historyTimeToLive"},
    "startEvent": {"formRef", "formRefBinding"},
    "userTask": {
        *("assignee", "candidateUsers", "candidateGroups", "formRef", "formRefBinding", "dueDate"),
        *("followUpDate", "priority"),
    },
    "serviceTask": {"type", "topic"},
    "sendTask": {"type", "topic"},
    "businessRuleTask": {"decisionRef", "decisionRefBinding", "resultVariable", "mapDecisionResult"},
    "callActivity": {"calledElementBinding"},
    "multiInstanceLoopCharacteristics": {"collection", "elementVariable"},
}
_MAPPED = {"source", "sourceExpression", "target", "variables"}
# Notes of the modeler to itself.
_NOTES = {"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}
_DRAWING = ("http://bpmn.io/schema/bpmn/biocolor", "http://www.omg.org/spec/BPMN/non-normative/color")
_OTHER_ENGINES = ("zeebe", "flowable", "activiti", "jbpm", "drools", "bonita", "spiffworkflow")
# Children of an element by the standard that change how it runs, or (data) that the engine cannot resolve.
_CHILDREN = {
    *("dataInputAssociation", "dataOutputAssociation", "potentialOwner"),
    *(
        "humanPerformer",
        "performer",
        "resourceRole",
        "loopDataInputRef",
        "loopDataOutputRef",
        "inputDataItem",
    ),
    "outputDataItem",
}
_LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
_STANDARD_ATTRIBUTES = (
    ("isForCompensation", ("false",)),
    ("startQuantity", ("1",)),
    ("completionQuantity", ("1",)),
    ("instantiate", ("false",)),
    ("eventGatewayType", ("Exclusive",)),
    ("parallelMultiple", ("false",)),
)


def tag_of(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def unread(node: etree._Element) -> Iterator[str]:
    """Names of what is not executed, of one element with its event definitions and its multi-instance marker."""
    yield from _attributes(node, tag_of(node))
    yield from _extensions(node, tag_of(node))
    has_several = sum(tag_of(child).endswith("EventDefinition") for child in node) > 1
    for name, harmless in _STANDARD_ATTRIBUTES:
        if node.get(name, harmless[0]) not in harmless and not (name == "parallelMultiple" and has_several):
            yield name
    for child in node:
        tag = tag_of(child)
        if tag in _CHILDREN:
            yield tag
        elif tag.endswith("EventDefinition") or tag in _LOOPS:
            yield from _attributes(child, tag)
            yield from _extensions(child, tag)
            yield from (tag_of(one) for one in child if tag_of(one) in _CHILDREN)


def unread_of_flow(node: etree._Element) -> Iterator[str]:
    yield from _attributes(node, "sequenceFlow")
    yield from _extensions(node, "sequenceFlow")
    for condition in node.findall(f"{BPMN}conditionExpression"):
        yield from _attributes(condition, "conditionExpression")


def _attributes(node: etree._Element, kind: str) -> Iterator[str]:
    for name in node.attrib:
        key = etree.QName(name)
        namespace = key.namespace or ""
        if f"{{{namespace}}}" == CAMUNDA:
            if key.localname not in _ATTRIBUTES.get(kind, set()) | _NOTES:
                yield key.localname
        elif _is_foreign(namespace):
            yield _named(namespace, key.localname)


def _extensions(node: etree._Element, kind: str) -> Iterator[str]:
    read = {"properties"}
    if kind in _WORK:
        read |= {"inputOutput", "failedJobRetryTimeCycle"}
    if kind == "callActivity":
        read |= {"in", "out"}
    for holder in node.findall(f"{BPMN}extensionElements"):
        for child in holder:
            key = etree.QName(child) if isinstance(child.tag, str) else None
            if key is None:
                continue
            namespace = key.namespace or ""
            if f"{{{namespace}}}" != CAMUNDA:
                if _is_foreign(namespace):
                    yield _named(namespace, key.localname)
            elif key.localname not in read:
                yield key.localname
            elif key.localname in ("in", "out"):
                yield from (name for name in child.attrib if name not in _MAPPED)
            elif key.localname == "inputOutput":
                # A parameter that is a script, a list or a map would be read as an empty text.
                yield from (tag_of(part) for parameter in child for part in parameter if tag_of(part))


def _is_foreign(namespace: str) -> bool:
    return bool(namespace) and namespace not in _DRAWING and "www.w3.org" not in namespace


def _named(namespace: str, name: str) -> str:
    """`zeebe:taskDefinition` for other engines, whose words change what happens; else the bare name with its home."""
    for engine in _OTHER_ENGINES:
        if engine in namespace.lower():
            return f"{engine}:{name}"
    return f"{namespace.rstrip('/').rsplit('/', 1)[-1]}.{name}"
