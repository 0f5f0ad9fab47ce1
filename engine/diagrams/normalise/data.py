"""Data that is only drawn: objects, stores, and the dotted lines to tasks that carry no assignment.

Variables of a case are seen by all of its elements, so that such lines move nothing; the engine would look for what
they join and not come back. A line that assigns or transforms does move something: lint refuses it.
"""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, tag_of

RULE = "data"
_LINES = ("dataInputAssociation", "dataOutputAssociation")
_DRAWN = ("dataObject", "dataObjectReference", "dataStoreReference", "dataStore")
# Where a process itself says what it takes and gives, or an iteration what it repeats for, data is more than drawn.
_READERS = ("loopDataInputRef", "loopDataOutputRef")


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    holders = {line.getparent() for tag in _LINES for line in root.iter(f"{BPMN}{tag}")}
    named = {one.get("id"): one for one in root.iter(f"{BPMN}*")} if holders else {}
    for node in list(root.iter(f"{BPMN}*")):
        if node in holders and _is_only_drawn(node) and not _renames(node, named):
            _drop(node, (*_LINES, "ioSpecification", "dataInput", "dataOutput", "inputSet", "outputSet"))
            yield Rewrite(
                RULE, node.get("id"), node.sourceline,
                "数据连线只是示意：变量对全部图元可见。",
                "Its data lines are only drawn: every element sees the variables of the case.",
            )  # fmt: skip
    if not any(True for tag in _LINES for _ in root.iter(f"{BPMN}{tag}")):
        for node in [one for tag in _DRAWN for one in root.iter(f"{BPMN}{tag}")]:
            node.getparent().remove(node)


def _is_only_drawn(node: etree._Element) -> bool:
    lines = [child for child in node if tag_of(child) in _LINES]
    moves = any(tag_of(part) in ("assignment", "transformation") for line in lines for part in line)
    reads = any(True for tag in _READERS for _ in node.iter(f"{BPMN}{tag}"))
    return not moves and not reads


def _renames(node: etree._Element, named: dict[str | None, etree._Element]) -> bool:
    """A line that joins two different names would copy one variable to another."""
    for line in (child for child in node if tag_of(child) in _LINES):
        ends = [
            named.get((end.text or "").strip()) for end in line if tag_of(end) in ("sourceRef", "targetRef")
        ]
        inner = [
            one.get("name") for one in ends if one is not None and tag_of(one) in ("dataInput", "dataOutput")
        ]
        outer = {name for one in ends if one is not None for name in _names(one, named)}
        if outer and any(name and name not in outer for name in inner):
            return True
    return False


def _names(node: etree._Element, named: dict[str | None, etree._Element]) -> set[str]:
    if tag_of(node) not in ("dataObjectReference", "dataObject"):
        return set()
    drawn = (node, named.get(node.get("dataObjectRef")))
    return {name for one in drawn if one is not None for name in (one.get("id"), one.get("name")) if name}


def _drop(node: etree._Element, tags: tuple[str, ...]) -> None:
    for child in [one for one in node if tag_of(one) in tags]:
        node.remove(child)
    for child in node.findall(f"{BPMN}property"):
        if child.get("name") == "__targetRef_placeholder":
            node.remove(child)
