"""Will the promises be measured: timers, limits, clocks, ladders."""

import difflib
from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.diagrams.calendar_start import limit_asked_for
from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram, Element, ProcessModel, TimerText
from engine.expressions import ExpressionError, compile_template
from engine.worktime import (
    LimitError,
    parse_any_limit,
    parse_cycle,
    parse_iso_duration,
    parse_limit,
    parse_recurring,
)

KNOWN_PROPERTIES = (
    "source",
    "sla",
    "sla.start",
    "sla.warn",
    "sla.ladder",
    "sla.pausable",
    "correlation",
    "separate.from",
)


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:
    for diagram in diagrams:
        for process in diagram.processes:
            for element in (process.process, *process.elements.values()):
                if "timerEventDefinition" in element.events:
                    yield from _timer(process, element, context)
                for text in (element.due_date, element.follow_up_date):
                    if text and "${" not in text and not _is_time("date", text):
                        yield found("bad-date", process, element, zh=text, en=text)
                if element.sla:
                    yield from _clock(process, element, context)
                yield from _settings(process, element)


def _timer(process: ProcessModel, element: Element, context: LintContext) -> Iterator[Finding]:
    timer = element.timer
    if timer is None or not timer.text:
        yield found("no-timer", process, element)
        return
    if "${" in timer.text:
        yield from _named_limits(process, element, timer.text, context)
    elif not _is_time(timer.kind, timer.text):
        yield found("bad-timer", process, element, zh=timer.text, en=timer.text)
    if timer.kind == "cycle" and element.kind == "intermediateCatchEvent":
        yield found("bad-timer", process, element, zh="流程中途只能等一次", en="a token waits only once")
    if element.kind == "startEvent" and element.parent_id is None:
        yield from _begun_by_calendar(process, element, timer, context)


def _begun_by_calendar(
    process: ProcessModel, element: Element, timer: TimerText, context: LintContext
) -> Iterator[Finding]:
    """A start event may carry a recurring rule, or the limit of each profile that runs the process, and nothing else."""
    if len(element.events) > 1 or timer.kind != "cycle":
        yield found("timer-start", process, element, zh=timer.text, en=timer.text)
        return
    name = limit_asked_for(timer.text)
    if name is None:
        if "${" in timer.text or not _is_rule(timer.text):
            yield found("timer-start", process, element, zh=timer.text, en=timer.text)
        return
    for profile_id, profile in context.profiles_of(process.id):
        if name in profile.once:
            yield found(
                "timer-start", process, element, zh=f"{profile_id}：{name}", en=f"{profile_id}: {name}"
            )


def _clock(process: ProcessModel, element: Element, context: LintContext) -> Iterator[Finding]:
    if "${" in str(element.sla):
        yield from _named_limits(process, element, str(element.sla), context)
    else:
        for name in str(element.sla).split(","):
            yield from _known(process, element, name.strip(), context)
    if element.sla_start and element.sla_start != "case" and element.sla_start not in process.elements:
        yield found("unknown-start", process, element, zh=element.sla_start, en=element.sla_start)
    if element.sla_ladder:
        for profile_id, profile in context.profiles_of(process.id):
            if element.sla_ladder != "default" and element.sla_ladder not in profile.ladders:
                yield found("unknown-ladder", process, element, zh=profile_id, en=profile_id)


def _settings(process: ProcessModel, element: Element) -> Iterator[Finding]:
    """The properties around `sla`: unreadable ones would fail when the clock starts, misspelt ones do nothing."""
    for label in (element.sla_warn or "").split(",") if element.sla_warn is not None else ():
        if not _is_warning(label.strip()):
            yield found("bad-sla", process, element, zh=f"sla.warn = {label}", en=f"sla.warn = {label}")
    if element.sla_pausable not in (None, "yes", "no"):
        said = f"sla.pausable = {element.sla_pausable}"
        yield found("bad-sla", process, element, zh=said, en=said)
    for name in element.properties:
        is_lost = name.startswith("sla.") and not element.sla
        near = difflib.get_close_matches(name.lower(), KNOWN_PROPERTIES, 1, 0.8)
        if name not in KNOWN_PROPERTIES and (name.startswith("sla") or near):
            hint = f"{name} → {near[0]}" if near else name
            yield found("unknown-property", process, element, zh=hint, en=hint)
        elif is_lost:
            yield found(
                "unknown-property", process, element, zh=f"{name}，没有 sla", en=f"{name} without sla"
            )


def _is_warning(label: str) -> bool:
    share = label.removesuffix("%")
    if share != label:
        return share.isascii() and share.isdigit() and 0 < int(share) < 100
    try:
        parse_limit(label)
    except LimitError:
        return False
    return True


def _named_limits(
    process: ProcessModel, element: Element, text: str, context: LintContext
) -> Iterator[Finding]:
    try:
        template = compile_template(text)
    except ExpressionError:
        return  # values.py tells this one.
    for expression in template.expressions:
        for call in expression.calls:
            if call.name == "limit" and call.args and call.args[0] is not None:
                yield from _known(process, element, str(call.args[0]), context)


def _known(process: ProcessModel, element: Element, name: str, context: LintContext) -> Iterator[Finding]:
    for profile_id, profile in context.profiles_of(process.id):
        if name not in profile.limits:
            yield found(
                "unknown-limit", process, element, zh=f"{profile_id}：{name}", en=f"{profile_id}: {name}"
            )


def _is_rule(text: str) -> bool:
    try:
        parse_recurring(text)
    except LimitError:
        return False
    return True


def _is_time(kind: str, text: str) -> bool:
    for read in (
        (parse_cycle, parse_recurring)
        if kind == "cycle"
        else (parse_any_limit, parse_iso_duration, datetime.fromisoformat)
    ):
        try:
            read(text)
        except (LimitError, ValueError):
            continue
        return True
    return False
