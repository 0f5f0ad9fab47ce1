"""Does every reference lead somewhere: messages, errors, escalations, signals, pools, lanes."""

from collections.abc import Iterator, Sequence

from lxml import etree

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found, found_in
from engine.diagrams.model import Diagram
from engine.diagrams.unread import BPMN, tag_of

# Attribute → what it must name.
_NAMED = {
    "messageRef": "message",
    "errorRef": "error",
    "escalationRef": "escalation",
    "signalRef": "signal",
    "processRef": "process",
    "activityRef": None,  # any element of the process
}
# What an event means by its reference: the attribute by which it is thrown, caught and delivered.
_TOLD_APART_BY = {
    "messageRef": ("message", "name"),
    "signalRef": ("signal", "name"),
    "errorRef": ("error", "errorCode"),
    "escalationRef": ("escalation", "escalationCode"),
}


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        if diagram.executed is None:
            continue
        for node, said in _lost(diagram.executed):
            yield found_in(diagram, node, "dangling-reference", zh=said, en=said)
        for node, said in _nameless(diagram.executed):
            yield found_in(diagram, node, "nameless-reference", zh=said, en=said)
        yield from _lanes(diagram, diagram.executed)
    yield from _separations(diagrams)


def _separations(diagrams: Sequence[Diagram]) -> Iterator[Finding]:
    """Who must be somebody else (`separate.from`): a task that does not exist would shut out nobody."""
    processes = [process for diagram in diagrams for process in diagram.processes]
    tasks = {one.id for process in processes for one in process.elements.values() if one.kind == "userTask"}
    for process in processes:
        for element in process.elements.values():
            for name in element.separate_from:
                if name not in tasks:
                    said = f"separate.from={name}"
                    yield found("dangling-reference", process, element, zh=said, en=said)


def with_lost_reference(diagram: Diagram) -> set[str]:
    """Ids of elements that refer to something that does not exist: what they name is missing for that reason."""
    holders = set()
    for node, _ in _lost(diagram.executed) if diagram.executed is not None else ():
        owner = node if node.get("messageRef") else node.getparent()
        holders |= {one.get("id") for one in (node, owner) if one is not None and one.get("id")}
    return holders


def _lost(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    known: dict[str | None, set[str]] = {None: set()}
    for node in root.iter(f"{BPMN}*"):
        key = node.get("id")
        if key:
            known.setdefault(tag_of(node), set()).add(key)
            known[None].add(key)
    for node in root.iter(f"{BPMN}*"):
        for name, kind in _NAMED.items():
            reference = node.get(name)
            if reference is not None and reference not in known.get(kind, ()):
                yield node, f"{name}={reference}"
        if tag_of(node) == "eventDefinitionRef":
            yield node, f"eventDefinitionRef={(node.text or '').strip()}"


def _nameless(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """References to a message, an error and so on that only has an id: nobody can throw or catch it by name."""
    for name, (kind, attribute) in _TOLD_APART_BY.items():
        without = {one.get("id") for one in root.findall(f"{BPMN}{kind}") if not one.get(attribute)}
        for node in root.iter(f"{BPMN}*"):
            if without and node.get(name) in without:
                yield node, f"{node.get(name)}: {attribute}"


def _lanes(diagram: Diagram, root: etree._Element) -> Iterator[Finding]:
    """An element belongs to one lane and to the lanes around it, not to two side by side."""
    holders: dict[str, etree._Element] = {}
    for reference in root.iter(f"{BPMN}flowNodeRef"):
        key, lane = (reference.text or "").strip(), reference.getparent()
        other = holders.setdefault(key, lane)
        if lane is not other and other not in list(lane.iterancestors()):
            said = f"{key}: {other.get('id')}, {lane.get('id')}"
            yield found_in(diagram, lane, "lane-twice", zh=said, en=said)
