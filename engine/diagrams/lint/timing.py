"""Will the promises be measured: timers, limits, clocks, ladders."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext, ProfileNames
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram, Element, ProcessModel
from engine.expressions import ExpressionError, compile_template
from engine.worktime import LimitError, parse_cycle, parse_iso_duration, parse_limit


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:
    for diagram in diagrams:
        for process in diagram.processes:
            for element in (process.process, *process.elements.values()):
                if "timerEventDefinition" in element.events:
                    yield from _timer(process, element, context)
                if element.sla:
                    yield from _clock(process, element, context)


def _timer(process: ProcessModel, element: Element, context: LintContext) -> Iterator[Finding]:
    timer = element.timer
    if timer is None or not timer.text:
        yield found("no-timer", process, element)
        return
    if "${" in timer.text:
        yield from _named_limits(process, element, timer.text, context)
    elif not _is_time(timer.kind, timer.text):
        yield found("bad-timer", process, element, zh=timer.text, en=timer.text)
    if timer.kind == "cycle" and element.kind != "startEvent":
        for reached in _branch(process, element):
            if process.elements[reached].kind in ("userTask", "manualTask", "callActivity", "receiveTask"):
                yield found("cycle-opens-tasks", process, element)
                break


def _branch(process: ProcessModel, start: Element) -> set[str]:
    reached: set[str] = set()
    waiting = [process.flows[key].target for key in start.outgoing]
    while waiting:
        key = waiting.pop()
        if key not in reached and key in process.elements:
            reached.add(key)
            waiting += [process.flows[flow].target for flow in process.elements[key].outgoing]
    return reached


def _clock(process: ProcessModel, element: Element, context: LintContext) -> Iterator[Finding]:
    if "${" in str(element.sla):
        yield from _named_limits(process, element, str(element.sla), context)
    else:
        for name in str(element.sla).split(","):
            yield from _known(process, element, name.strip(), context)
    if element.sla_start and element.sla_start != "case" and element.sla_start not in process.elements:
        yield found("unknown-start", process, element, zh=element.sla_start, en=element.sla_start)
    if element.sla_ladder:
        for profile_id, profile in _profiles(context):
            if element.sla_ladder != "default" and element.sla_ladder not in profile.ladders:
                yield found("unknown-ladder", process, element, zh=profile_id, en=profile_id)


def _named_limits(
    process: ProcessModel, element: Element, text: str, context: LintContext
) -> Iterator[Finding]:
    try:
        template = compile_template(text)
    except ExpressionError:
        return  # values.py tells this one.
    for expression in template.expressions:
        for call in expression.calls:
            if call.name == "limit" and call.args and isinstance(call.args[0], str):
                yield from _known(process, element, call.args[0], context)


def _known(process: ProcessModel, element: Element, name: str, context: LintContext) -> Iterator[Finding]:
    for profile_id, profile in _profiles(context):
        if name not in profile.limits:
            yield found(
                "unknown-limit", process, element, zh=f"{profile_id}：{name}", en=f"{profile_id}: {name}"
            )


def _profiles(context: LintContext) -> Iterator[tuple[str, ProfileNames]]:
    yield from (context.profiles or {}).items()


def _is_time(kind: str, text: str) -> bool:
    for read in (
        (parse_cycle,) if kind == "cycle" else (parse_limit, parse_iso_duration, datetime.fromisoformat)
    ):
        try:
            read(text)
        except (LimitError, ValueError):
            continue
        return True
    return False
