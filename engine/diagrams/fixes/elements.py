"""Ids, names, and elements that only stand in the way."""

import re
from collections.abc import Callable, Iterator, Mapping

from engine.diagrams.fixes.fix import Change, Fix, change
from engine.diagrams.fixes.place import Place
from engine.diagrams.lint.structure import is_business_word
from engine.diagrams.unread import BPMN, tag_of

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _executable(place: Place) -> Iterator[Fix]:
    yield Fix("设为可执行", "Make it executable", (change(place.key, set="isExecutable", to=True),))


def _odd_id(place: Place) -> Iterator[Fix]:
    """In small letters with `_` between; what holds no Latin letters is called by its kind."""
    stem = re.sub(r"[^a-z0-9]+", "_", _HUMP.sub("_", place.key).lower()).strip("_")
    if not is_business_word(stem):
        stem = _HUMP.sub("_", tag_of(place.node)).lower()
    taken = {node.get("id") for node in place.node.getroottree().iter() if isinstance(node.tag, str)}
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    yield Fix(f"编号改为 {key}", f"Call it {key}", (change(place.key, id=key), *_followers(place, key)))


def _followers(place: Place, key: str) -> Iterator[Change]:
    """Settings of other elements that name this one by a text."""
    process = place.process
    for one in (process.process, *process.elements.values()) if process else ():
        if one.id == place.key:
            continue
        if one.sla_start == place.key:
            yield change(one.id, property="sla.start", to=key)
        if place.key in one.separate_from:
            mended = ", ".join(key if name == place.key else name for name in one.separate_from)
            yield change(one.id, property="separate.from", to=mended)


def _name(place: Place) -> Iterator[Fix]:
    """A start and an end may be called what they are; all else needs the owner's word."""
    names = {"startEvent": ("开始", "Begin"), "endEvent": ("结束", "End")}
    found = names.get(tag_of(place.node))
    if found:
        yield Fix(
            f"命名为“{found[0]}”", f"Call it “{found[0]}”", (change(place.key, set="name", to=found[0]),)
        )


def _lone(place: Place) -> Iterator[Fix]:
    """What nothing leads to and what leads nowhere may go; what has flows is a part of the drawing."""
    element, process = place.element, place.process
    if element is None or process is None or element.attached_to:
        return
    # The drawing is asked: what is executed leads even a lone task to an end.
    flows = place.node.getroottree().iter(f"{BPMN}sequenceFlow")
    if any(place.key in (one.get("sourceRef"), one.get("targetRef")) for one in flows):
        return
    holds = any(element.id in (one.parent_id, one.attached_to) for one in process.elements.values())
    starts = [one for one in process.elements.values() if one.kind == element.kind]
    if not holds and (element.kind not in ("startEvent", "endEvent") or len(starts) > 1):
        yield _deleted(place)


def _flow(place: Place) -> Iterator[Fix]:
    """A flow into nothing may go where it is not the only one; else a step would lead nowhere."""
    flow, process = place.flow, place.process
    if flow is None or process is None:
        return
    source, target = process.elements.get(flow.source), process.elements.get(flow.target)
    if (source is None or len(source.outgoing) > 1) and (target is None or len(target.incoming) > 1):
        yield _deleted(place)


def _deleted(place: Place) -> Fix:
    return Fix("删除它", "Delete it", (change(place.key, delete=True),))


def _interrupting(place: Place) -> Iterator[Fix]:
    element, process = place.element, place.process
    if element is None or process is None or "errorEventDefinition" not in element.events or element.cancels:
        return
    yield Fix("改为中断", "Let it interrupt", (change(place.key, set="cancelActivity", to=True),))


REMEDIES: Mapping[str, Callable[[Place], Iterator[Fix]]] = {
    "no-process": _executable,
    "odd-id": _odd_id,
    "unnamed": _name,
    "unreachable": _lone,
    "dangling-flow": _flow,
    "boundary-host": _interrupting,
}
