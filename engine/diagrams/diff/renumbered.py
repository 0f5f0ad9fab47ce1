"""Finds elements that only got another id: a modeler gives new ones when something is copied, or drawn anew."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping

from engine.diagrams.model import Element, ProcessModel
from engine.diagrams.normalise import is_made

Signature = Callable[[ProcessModel, Element], Hashable | None]


def renumbered(old: ProcessModel, new: ProcessModel) -> dict[str, str]:
    """Old id → new id, for elements of one kind and name between the same neighbours. What is not certain stays out.

    First those whose neighbours are all the same, then those with a name that only one has, and a neighbour in common.
    """
    gone = {key for key in old.elements if key not in new.elements and not is_made(key)}
    come = {key for key in new.elements if key not in old.elements and not is_made(key)}
    found: dict[str, str] = {}
    for signature in (_with_all_neighbours, _by_name):
        before = _unique(old, gone - found.keys(), signature)
        after = _unique(new, come - set(found.values()), signature)
        for mark, key in before.items():
            other = after.get(mark)
            if other is not None and _share_a_neighbour(old, key, new, other):
                found[key] = other
    return found


def _unique(model: ProcessModel, keys: set[str], signature: Signature) -> Mapping[Hashable, str]:
    by_mark: dict[Hashable, list[str]] = defaultdict(list)
    for key in sorted(keys):
        mark = signature(model, model.elements[key])
        if mark is not None:
            by_mark[mark].append(key)
    return {mark: ones[0] for mark, ones in by_mark.items() if len(ones) == 1}


def _with_all_neighbours(model: ProcessModel, element: Element) -> Hashable:
    return (element.kind, element.name, _before(model, element), _behind(model, element))


def _by_name(_model: ProcessModel, element: Element) -> Hashable | None:
    return (element.kind, element.name) if element.name else None


def _before(model: ProcessModel, element: Element) -> frozenset[tuple[str, str]]:
    keys = [model.flows[key].source for key in element.incoming if key in model.flows]
    return _looks(model, [*keys, *([element.attached_to] if element.attached_to else [])])


def _behind(model: ProcessModel, element: Element) -> frozenset[tuple[str, str]]:
    return _looks(model, [model.flows[key].target for key in element.outgoing if key in model.flows])


def _looks(model: ProcessModel, keys: list[str]) -> frozenset[tuple[str, str]]:
    """Kind and name of neighbours: their ids may be new too."""
    return frozenset(
        (model.elements[key].kind, model.elements[key].name or "") for key in keys if key in model.elements
    )


def _share_a_neighbour(old: ProcessModel, key: str, new: ProcessModel, other: str) -> bool:
    one, two = old.elements[key], new.elements[other]
    before = _before(old, one) & _before(new, two)
    behind = _behind(old, one) & _behind(new, two)
    return bool(before or behind)
