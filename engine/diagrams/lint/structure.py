"""Is the drawing whole: starts, ends, connections, ids, calls."""

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import RULES, found
from engine.diagrams.model import Diagram, Flow, ProcessModel
from engine.diagrams.normalise import is_made

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LEVELS = ("subProcess", "transaction")


def is_business_word(key: str) -> bool:
    return _SNAKE.fullmatch(key) is not None


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


def _ids(process: ProcessModel) -> Iterator[Finding]:
    for key in process.elements:
        if key.startswith("line_") and key.removeprefix("line_").isdigit():
            yield found("no-id", process, process.elements[key])
        elif not is_business_word(key) and not is_made(key):
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
