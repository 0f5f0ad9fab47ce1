"""Drawn ids that SpiffWorkflow keeps for tasks of its own: another name inside the spec, the drawn one everywhere else.

A task with the id `End` would never run, a start event `Start` would lead nowhere (docs/spiff.md).
"""

import copy
from typing import Any

from lxml import etree

from engine.spiff.events import DueTimer

_RESERVED = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_ENDINGS = (".BoundaryEventSplit", ".BoundaryEventJoin", ".BoundaryEventParent", ".EndJoin")
_DRAWN = ".drawn"
_REFERENCES = ("id", "sourceRef", "targetRef", "attachedToRef")
_SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")


def with_safe_ids(root: etree._Element) -> etree._Element:
    """The same tree, or a copy of it in which reserved ids of flow nodes have a name of their own."""
    scopes = [one for tag in _SCOPES for one in root.iter(f"{{*}}{tag}")]
    reserved = {node.get("id") for scope in scopes for node in scope if _is_reserved(node.get("id"))}
    if not reserved:
        return root
    renamed = copy.deepcopy(root)
    for node in renamed.iter("{*}*"):
        for name in _REFERENCES:
            if node.get(name) in reserved:
                node.set(name, node.get(name, "") + _DRAWN)
        if etree.QName(node).localname == "flowNodeRef" and (node.text or "").strip() in reserved:
            node.text = (node.text or "").strip() + _DRAWN
    return renamed


def give_back_ids(spec: Any) -> None:
    """Every task spec of a parsed process says again what it is called in the drawing."""
    for task_spec in spec.task_specs.values():
        task_spec.bpmn_id = _drawn(task_spec.bpmn_id)
        definition = getattr(task_spec, "event_definition", None)
        for one in (definition, *getattr(definition, "event_definitions", ())):
            if isinstance(one, DueTimer):
                one.name = _drawn(one.name)


def _is_reserved(element_id: str | None) -> bool:
    return element_id is not None and (element_id in _RESERVED or element_id.endswith(_ENDINGS))


def _drawn(element_id: str | None) -> str | None:
    bare = (element_id or "").removesuffix(_DRAWN)
    return bare if _is_reserved(bare) else element_id
