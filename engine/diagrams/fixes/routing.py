"""Which way is taken: default flows, conditions that are not looked at."""

from collections.abc import Callable, Iterator, Mapping

from engine.diagrams.fixes.fix import Change, Fix, change
from engine.diagrams.fixes.place import Place
from engine.diagrams.model import Flow


def _default(place: Place) -> Iterator[Fix]:
    """Each way may be the one that is taken otherwise; the one without a condition was meant."""
    element, process = place.element, place.process
    if element is None or process is None:
        return
    flows = [process.flows[key] for key in element.outgoing]
    bare = [one for one in flows if not one.condition]
    for flow in bare or flows:
        changes: list[Change] = [change(place.key, set="default", to=flow.id)]
        if flow.condition:
            changes.append(change(flow.id, condition=None))
        name = _named(place, flow)
        yield Fix(f"以“{name}”为默认出口", f"Take “{name}” when nothing else holds", tuple(changes))


def _made_default(place: Place) -> Iterator[Fix]:
    """A flow without condition becomes the default where its gateway has none."""
    flow, process = place.flow, place.process
    gateway = process.elements.get(flow.source) if flow and process else None
    if flow is None or gateway is None or gateway.default_flow in gateway.outgoing:
        return
    yield Fix(
        "设为默认出口",
        "Take it when nothing else holds",
        (change(gateway.id, set="default", to=flow.id),),
    )


def _no_condition(place: Place) -> Iterator[Fix]:
    if place.flow is not None:
        yield Fix("删除条件", "Remove the condition", (change(place.key, condition=None),))


def _only_way(place: Place) -> Iterator[Fix]:
    """Behind an event the only flow is taken in any case."""
    flow, process = place.flow, place.process
    source = process.elements.get(flow.source) if flow and process else None
    if source is not None and len(source.outgoing) == 1:
        yield from _no_condition(place)


def _named(place: Place, flow: Flow) -> str:
    if flow.name:
        return flow.name
    target = place.process.elements.get(flow.target) if place.process else None
    return (target.name if target is not None else None) or flow.target


REMEDIES: Mapping[str, Callable[[Place], Iterator[Fix]]] = {
    "no-default": _default,
    "missing-condition": _made_default,
    "condition-ignored": _no_condition,
    "conditional-task-flow": _only_way,
}
