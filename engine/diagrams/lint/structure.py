"""Is the drawing whole: starts, ends, connections, ids, calls."""

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import RULES, found
from engine.diagrams.model import Diagram, Element, Flow, ProcessModel
from engine.diagrams.normalise import is_made

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_KINDS = {
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "task"),
    *("userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
    *("callActivity", "subProcess", "transaction", "exclusiveGateway", "parallelGateway", "inclusiveGateway"),
    *("eventBasedGateway",),
}
_LEVELS = ("subProcess", "transaction")
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
    known: dict[str, ProcessModel] = {}
    for diagram in diagrams:
        if not diagram.processes:
            rule = RULES["no-process"]
            yield Finding(
                rule.severity, rule.code, diagram.file_name, None, None, None,
                {"zh": f"{rule.zh}。", "en": f"{rule.en}."}, {"zh": f"{rule.remedy_zh}。", "en": f"{rule.remedy_en}."},
            )  # fmt: skip
        for process in diagram.processes:
            if process.id in known and known[process.id].file != process.file:
                yield found("duplicate-id", process, zh=known[process.id].file, en=known[process.id].file)
            known.setdefault(process.id, process)
    calls = {
        key: {one.called_element for one in process.elements.values() if one.called_element}
        for key, process in known.items()
    }
    for diagram in diagrams:
        if not diagram.processes:
            continue  # That alone is told.
        processes = [one for one in diagram.processes if one.is_executable]
        for process in diagram.processes:
            if not processes:
                yield found("no-process", process)
            yield from _check_process(process, known, calls)

        for key, line in diagram.duplicate_ids:
            yield found("duplicate-id", diagram.processes[0], line=line, element_id=key)
        for lane, reference, line in diagram.lost_lane_refs:
            yield found(
                "unmatched-lane", diagram.processes[0], zh=reference, en=reference, element_id=lane, line=line
            )


def _check_process(
    process: ProcessModel, known: dict[str, ProcessModel], calls: Mapping[str, set[str]]
) -> Iterator[Finding]:
    yield from _ids(process)
    for parent in (None, *(one.id for one in process.elements.values() if one.kind in _LEVELS)):
        yield from _level(process, parent)
    for flow in process.flows.values():
        if flow.source not in process.elements or flow.target not in process.elements:
            yield found("dangling-flow", process, element_id=flow.id, line=flow.line)
        else:
            yield from _connection(process, flow)
    for element in process.elements.values():
        yield from _kind(process, element)
        if element.kind == "callActivity":
            if element.called_element not in known or not known[element.called_element].is_executable:
                yield found(
                    "unknown-call",
                    process,
                    element,
                    zh=str(element.called_element),
                    en=str(element.called_element),
                )
            elif _reaches(element.called_element, process.id, calls):
                yield found("recursive-call", process, element)
        if element.kind == "boundaryEvent":
            yield from _boundary(process, element)
        if (
            element.kind not in ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
            and not element.name
            and not is_made(element.id)
        ):
            yield found("unnamed", process, element)


def _connection(process: ProcessModel, flow: Flow) -> Iterator[Finding]:
    source, target = process.elements[flow.source], process.elements[flow.target]
    if (
        source.kind == "endEvent"
        or target.kind in ("startEvent", "boundaryEvent")
        or source.parent_id != target.parent_id
    ):
        yield found("wrong-connection", process, element_id=flow.id, line=flow.line)


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


def _ids(process: ProcessModel) -> Iterator[Finding]:
    for key in process.elements:
        if key.startswith("line_") and key.removeprefix("line_").isdigit():
            yield found("no-id", process, process.elements[key])
        elif not _SNAKE.fullmatch(key) and not is_made(key):
            yield found("odd-id", process, process.elements[key])


def _level(process: ProcessModel, parent: str | None) -> Iterator[Finding]:
    """One level of nesting: the process itself, or one embedded sub-process."""
    inside = [one for one in process.elements.values() if one.parent_id == parent]
    holder = process.elements[parent] if parent else None
    starts = [one for one in inside if one.kind == "startEvent"]
    if not starts:
        yield found("no-start", process, holder)
    elif len(starts) > 1:
        yield found("several-starts", process, starts[1])
    if not any(one.kind == "endEvent" for one in inside):
        yield found("no-end", process, holder)
    for one in inside:
        if one.kind != "endEvent" and not one.outgoing:
            yield found("dead-end", process, one)
    reached = _reached(process, [one.id for one in starts])
    for one in inside:
        if starts and one.id not in reached:
            yield found("unreachable", process, one)


def _reached(process: ProcessModel, first: list[str]) -> set[str]:
    boundaries: dict[str, list[str]] = {}
    for one in process.elements.values():
        if one.attached_to:
            boundaries.setdefault(one.attached_to, []).append(one.id)
    reached: set[str] = set()
    waiting = list(first)
    while waiting:
        key = waiting.pop()
        if key in reached or key not in process.elements:
            continue
        reached.add(key)
        waiting += [process.flows[flow].target for flow in process.elements[key].outgoing]
        waiting += boundaries.get(key, [])
    return reached


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


def _reaches(start: str | None, goal: str, calls: Mapping[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = [start or ""]
    while waiting:
        key = waiting.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            waiting += calls.get(key, ())
    return False
