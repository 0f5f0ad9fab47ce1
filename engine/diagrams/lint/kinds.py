"""Does each element and each event run at the place where it stands: kinds, event definitions, edges of tasks."""

from collections.abc import Iterator, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram, Element, ProcessModel

_KINDS = {
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "task"),
    *("userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
    *("callActivity", "subProcess", "transaction", "exclusiveGateway", "parallelGateway", "inclusiveGateway"),
    *("eventBasedGateway",),
}
_HOSTS = {
    kind for kind in _KINDS if kind.endswith(("Task", "task", "subProcess", "transaction", "callActivity"))
}
_THROWN = {"messageEventDefinition", "signalEventDefinition", "escalationEventDefinition"}
_CAUGHT = {
    *("timerEventDefinition", "messageEventDefinition", "signalEventDefinition"),
    "conditionalEventDefinition",
}
# Event definitions that each kind of event may carry, and that run as drawn.
_EVENTS: dict[str, set[str]] = {
    # Cases are begun by commands: no timer, message or signal begins one.
    "startEvent": set(),
    "endEvent": {"terminateEventDefinition", "errorEventDefinition", "cancelEventDefinition", *_THROWN},
    "intermediateCatchEvent": _CAUGHT,
    "intermediateThrowEvent": _THROWN,
    "boundaryEvent": {"errorEventDefinition", "escalationEventDefinition", "cancelEventDefinition", *_CAUGHT},
}
_SEVERAL = {"intermediateCatchEvent": _CAUGHT, "boundaryEvent": _CAUGHT, "intermediateThrowEvent": _THROWN, "endEvent": _THROWN}  # fmt: skip


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        for process in diagram.processes:
            for element in process.elements.values():
                yield from _kind(process, element)
                if element.kind == "boundaryEvent":
                    yield from _boundary(process, element)


def _kind(process: ProcessModel, element: Element) -> Iterator[Finding]:
    if element.kind not in _KINDS or element.triggered_by_event:
        kind = "event sub-process" if element.triggered_by_event else element.kind
        yield found("unsupported-element", process, element, zh=kind, en=kind)
    allowed = _EVENTS.get(element.kind)
    for event in element.events:
        is_told_by_timing = event == "timerEventDefinition" and element.parent_id is None
        if element.kind == "startEvent" and is_told_by_timing:
            continue
        if allowed is not None and event not in allowed:
            yield found("unsupported-element", process, element, zh=event, en=event)
    if element.kind == "boundaryEvent" and not element.events:
        yield found("unsupported-element", process, element, zh="没有事件类型", en="no event kind")
    if len(element.events) > 1:
        yield from _several_events(process, element)
    if element.kind == "endEvent" and "cancelEventDefinition" in element.events:
        yield from _cancel_end(process, element)
    if element.kind == "startEvent" and element.parent_id and element.events:
        yield found(
            "unsupported-element", process, element, zh="子流程的开始事件", en="start event of a sub-process"
        )
    if element.kind == "intermediateCatchEvent" and not element.events:
        yield found("unsupported-element", process, element, zh="没有事件类型", en="no event kind")


def _boundary(process: ProcessModel, element: Element) -> Iterator[Finding]:
    host = process.elements.get(element.attached_to or "")
    if host is None:
        yield found("dangling-flow", process, element)
    elif host.kind not in _HOSTS or host.parent_id != element.parent_id:
        yield found("boundary-host", process, element, zh=host.id, en=host.id)
    elif "errorEventDefinition" in element.events and not element.cancels:
        yield found("boundary-host", process, element, zh="错误事件必须中断", en="an error interrupts")
    elif "cancelEventDefinition" in element.events and not (
        host.kind == "transaction" and element.cancels and not host.multi_instance and not host.loop
    ):
        yield found("lone-cancel", process, element, zh=host.id, en=host.id)


def _cancel_end(process: ProcessModel, element: Element) -> Iterator[Finding]:
    around = process.elements.get(element.parent_id or "")
    if around is None or not any(
        one.attached_to == around.id and "cancelEventDefinition" in one.events
        for one in process.elements.values()
    ):
        yield found("lone-cancel", process, element)


def _several_events(process: ProcessModel, element: Element) -> Iterator[Finding]:
    """Several in one run when each can be told apart and none is used up while the others go on waiting."""
    times = [one for one in element.events if one == "timerEventDefinition"]
    is_reused = element.kind == "boundaryEvent" and not element.cancels
    if (
        not set(element.events) <= _SEVERAL.get(element.kind, set())
        or element.events.count("messageEventDefinition") > 1
        or len(times) > 1
        or (times and (is_reused or (element.timer is not None and element.timer.kind == "cycle")))
    ):
        yield found("unsupported-element", process, element, zh="多个事件", en="several events")
