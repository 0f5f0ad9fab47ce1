"""Does every token find its way: splits, joins, loops, conditions."""

from collections.abc import Iterator, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram, Element, ProcessModel

_SPLITS = ("exclusiveGateway", "inclusiveGateway")


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        for process in diagram.processes:
            yield from _splits(process)
            yield from _on_one_host(process)
            yield from _loops(process)


def _splits(process: ProcessModel) -> Iterator[Finding]:
    for element in process.elements.values():
        outgoing = [process.flows[key] for key in element.outgoing]
        if element.kind.endswith("Gateway"):
            yield from _ignored_conditions(process, element)
        if element.kind in _SPLITS and (len(outgoing) > 1 or any(flow.condition for flow in outgoing)):
            if element.default_flow is None or element.default_flow not in element.outgoing:
                yield found("no-default", process, element)
            for flow in outgoing:
                if not flow.condition and flow.id != element.default_flow:
                    yield found("missing-condition", process, element_id=flow.id, line=flow.line)
        elif element.kind == "eventBasedGateway":
            yield from _behind_event_gateway(process, element)
        elif not element.kind.endswith("Gateway"):
            for flow in outgoing:
                if flow.condition:
                    yield found("conditional-task-flow", process, element_id=flow.id, line=flow.line)


def _behind_event_gateway(process: ProcessModel, gateway: Element) -> Iterator[Finding]:
    """The gateway itself waits for the events behind it: nothing else may lead to them or hang on them."""
    if len(gateway.outgoing) == 1:
        yield found("one-event", process, gateway)
    awaited: set[tuple[str, str]] = set()
    for key in gateway.outgoing:
        target = process.elements.get(process.flows[key].target)
        if target is None:
            continue
        is_event = target.kind in ("intermediateCatchEvent", "receiveTask") and len(target.events) <= 1
        is_host = any(one.attached_to == target.id for one in process.elements.values())
        if not is_event or len(target.incoming) > 1 or is_host:
            yield found("event-gateway", process, target)
        for name in _names_of(target):
            if name in awaited:
                yield found("same-event", process, target, zh=name[1], en=name[1])
            awaited.add(name)


def _on_one_host(process: ProcessModel) -> Iterator[Finding]:
    """Boundary events on one element that the same error, escalation, message or signal would call."""
    awaited: set[tuple[str | None, str, str]] = set()
    for element in process.elements.values():
        for kind, name in _names_of(element) if element.kind == "boundaryEvent" else ():
            if (element.attached_to, kind, name) in awaited:
                yield found("same-event", process, element, zh=name, en=name)
            awaited.add((element.attached_to, kind, name))


def _names_of(element: Element) -> Iterator[tuple[str, str]]:
    if element.kind == "receiveTask" or "messageEventDefinition" in element.events:
        yield "message", element.message_name or ""
    for kind, name in (
        ("signalEventDefinition", element.signal_name),
        ("errorEventDefinition", element.error_code),
        ("escalationEventDefinition", element.escalation_code),
    ):
        if kind in element.events:
            yield kind, name or ""


def _ignored_conditions(process: ProcessModel, element: Element) -> Iterator[Finding]:
    """Conditions behind a gateway that takes its flows without asking, and on the default flow."""
    for key in element.outgoing:
        flow = process.flows[key]
        if flow.condition and (element.kind not in _SPLITS or key == element.default_flow):
            yield found("condition-ignored", process, element_id=flow.id, line=flow.line)


def _loops(process: ProcessModel) -> Iterator[Finding]:
    forward = _successors(process)
    for circle in _circles(forward):
        leaves = any(target not in circle for key in circle for target in forward.get(key, ()))
        if not leaves:
            key = sorted(circle)[0]
            yield found("loop-without-exit", process, process.elements[key])


def circles_of(process: ProcessModel) -> list[set[str]]:
    """The loops of a process: ids of elements that lead to each other in a circle."""
    return _circles(_successors(process))


def _successors(process: ProcessModel) -> dict[str, set[str]]:
    forward: dict[str, set[str]] = {key: set() for key in process.elements}
    for flow in process.flows.values():
        if flow.source in forward and flow.target in forward:
            forward[flow.source].add(flow.target)
    for element in process.elements.values():
        if element.attached_to in forward:
            forward[element.attached_to].add(element.id)
    return forward


def _circles(forward: dict[str, set[str]]) -> list[set[str]]:
    """Strongly connected parts with more than one element, or one that leads to itself (Tarjan, without recursion)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    held: list[str] = []
    is_held: set[str] = set()
    circles: list[set[str]] = []
    for start in forward:
        if start in number:
            continue
        path = [(start, iter(sorted(forward[start])))]
        number[start] = lowest[start] = len(number)
        held.append(start)
        is_held.add(start)
        while path:
            key, ahead = path[-1]
            following = next(ahead, None)
            if following is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[key])
                if lowest[key] == number[key]:
                    circle = _taken_off(held, is_held, key)
                    if len(circle) > 1 or key in forward[key]:
                        circles.append(circle)
            elif following not in number:
                number[following] = lowest[following] = len(number)
                held.append(following)
                is_held.add(following)
                path.append((following, iter(sorted(forward[following]))))
            elif following in is_held:
                lowest[key] = min(lowest[key], number[following])
    return circles


def _taken_off(held: list[str], is_held: set[str], key: str) -> set[str]:
    taken: set[str] = set()
    while key not in taken:
        taken.add(held.pop())
    is_held -= taken
    return taken
