"""Two versions of one process, or of all processes of a family, element by element."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from engine.diagrams.diff.change import Change
from engine.diagrams.diff.flows import compare_flows
from engine.diagrams.diff.renumbered import renumbered
from engine.diagrams.diff.value_text import differences_of
from engine.diagrams.diff.words import titled
from engine.diagrams.model import Element, ProcessModel
from engine.diagrams.normalise import drawn_of, is_made

# Where an element stands in its file, what flows say themselves, and what nobody executes.
_NO_CHANGE = frozenset({"id", "line", "incoming", "outgoing", "foreign", "lane", "parent_id"})
_ATTRIBUTES = tuple(one.name for one in fields(Element) if one.name not in _NO_CHANGE)


def compare_processes(old: Mapping[str, ProcessModel], new: Mapping[str, ProcessModel]) -> list[Change]:
    """By process key. What rewrites have added is left out: nobody drew it."""
    found: list[Change] = []
    for key, model in old.items():
        if key not in new:
            touches = tuple((key, one) for one in model.elements)
            found.append(Change("removed", "process", key, key, _process_title(model), touches=touches))
        else:
            found += _compare(model, new[key])
    found += [
        Change("added", "process", key, key, _process_title(model))
        for key, model in new.items()
        if key not in old
    ]
    return found


def _compare(old: ProcessModel, new: ProcessModel) -> Iterator[Change]:
    yield from _process_itself(old, new)
    yield from _lanes(old, new)
    new_ids = renumbered(old, new)
    for key, element in old.elements.items():
        if is_made(key):
            continue
        here, title = ((old.id, key),), titled(element.kind, key, element.name)
        other = new.elements.get(new_ids.get(key, key))
        if other is None:
            yield Change("removed", "element", old.id, key, title, touches=here)
            continue
        if key in new_ids:
            yield Change("renumbered", "element", old.id, key, title, new_id=new_ids[key], touches=here)
        moves = differences_of(_place(old, element, new_ids), _place(new, other, {}))
        moves = tuple(
            one for one in moves if one.attribute != "lane" or not _same_lane(old, element, new, other)
        )
        if moves:
            yield Change("moved", "element", old.id, key, title, moves, touches=here)
        found = differences_of(_facts(old, element, new_ids), _facts(new, other, {}))
        if found:
            yield Change("changed", "element", old.id, key, title, found, touches=here)
    for key, element in new.elements.items():
        if key not in old.elements and key not in new_ids.values() and not is_made(key):
            yield Change("added", "element", old.id, key, titled(element.kind, key, element.name))
    yield from compare_flows(old, new, new_ids)


def _process_itself(old: ProcessModel, new: ProcessModel) -> Iterator[Change]:
    """Its name, and what it promises for the whole case."""
    found = differences_of(_process_facts(old), _process_facts(new))
    if found:
        yield Change("changed", "process", old.id, old.id, _process_title(old), found)


def _process_facts(model: ProcessModel) -> dict[str, Any]:
    carried = {
        key: value for key, value in _facts(model, model.process, {}).items() if key not in ("name", "kind")
    }
    return {"name": model.name, "is_executable": model.is_executable} | carried


def _lanes(old: ProcessModel, new: ProcessModel) -> Iterator[Change]:
    for key, name in old.lanes.items():
        if key in new.lanes and new.lanes[key] != name:
            title = {"zh": f"泳道“{name or key}”", "en": f"lane “{name or key}”"}
            yield Change(
                "changed",
                "lane",
                old.id,
                key,
                title,
                differences_of({"name": name}, {"name": new.lanes[key]}),
            )


def _place(model: ProcessModel, element: Element, new_ids: Mapping[str, str]) -> dict[str, Any]:
    parent = drawn_scope(model, element)
    return {"lane": _lane_name(model, element), "parent_id": new_ids.get(parent, parent)}


def drawn_scope(model: ProcessModel, element: Element) -> str:
    """The sub-process around an element that somebody drew; empty for none."""
    parent = element.parent_id
    while parent and is_made(parent):
        around = model.elements.get(parent)
        parent = around.parent_id if around else None
    return parent or ""


def _same_lane(old: ProcessModel, element: Element, new: ProcessModel, other: Element) -> bool:
    """The same id, or the same name: a lane that was renamed, or drawn anew, moves nobody."""
    return element.lane == other.lane or _lane_name(old, element) == _lane_name(new, other)


def _lane_name(model: ProcessModel, element: Element) -> str:
    return (model.lanes.get(element.lane) or element.lane) if element.lane else ""


def _facts(model: ProcessModel, element: Element, new_ids: Mapping[str, str]) -> dict[str, Any]:
    found = {name: getattr(element, name) for name in _ATTRIBUTES}
    # What is written as a property and read as an attribute is told once.
    found["properties"] = {
        key: value
        for key, value in element.properties.items()
        if key != "source" and not key.startswith("sla")
    }
    if element.attached_to:
        host = drawn_of(element.attached_to)
        found["attached_to"] = new_ids.get(host, host)
    flow = model.flows.get(element.default_flow or "")
    if flow is not None:
        target = drawn_of(flow.target)
        found["default_flow"] = new_ids.get(target, target)
    return found


def _process_title(model: ProcessModel) -> Mapping[str, str]:
    if not model.name or model.name == model.id:
        return {"zh": f"流程“{model.id}”", "en": f"process “{model.id}”"}
    return {"zh": f"流程“{model.name}”（{model.id}）", "en": f"process “{model.name}” ({model.id})"}
