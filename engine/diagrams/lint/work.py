"""Can the work be done: people, forms, topics, decisions, messages."""

import re
from collections.abc import Iterator, Sequence

from engine.decisions import RESULT_MAPPINGS
from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.references import with_lost_reference
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram, Element, ProcessModel, StandardLoop
from engine.worktime import LimitError, parse_cycle, parse_iso_duration


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:
    for diagram in diagrams:
        lost = with_lost_reference(diagram)
        for process in diagram.processes:
            for element in process.elements.values():
                yield from _check_element(process, element, context)
                if element.id not in lost:
                    yield from _names(process, element)


def _check_element(process: ProcessModel, element: Element, context: LintContext) -> Iterator[Finding]:
    match element.kind:
        case "userTask":
            yield from _user_task(process, element, context)
        case "serviceTask" | "sendTask":
            yield from _service_task(process, element, context)
        case "businessRuleTask":
            if not element.decision_ref:
                yield found("no-decision", process, element)
            elif context.decisions is not None and element.decision_ref not in context.decisions:
                yield found(
                    "unknown-decision", process, element, zh=element.decision_ref, en=element.decision_ref
                )
            if not element.result_variable:
                yield found("no-result", process, element)
    yield from _mappings(process, element)
    if element.kind == "startEvent" and element.form_ref:
        yield from _form(process, element, context)
    loop = element.multi_instance
    if loop is not None and not loop.cardinality and not (loop.collection and loop.element_variable):
        yield found("multi-instance", process, element)
    if loop is not None and loop.cardinality and loop.collection:
        yield found(
            "multi-instance", process, element, zh="集合和次数只能写一个", en="a collection and a count"
        )
    if element.loop is not None and not _is_bounded(element.loop):
        yield found("bad-loop", process, element)
    if element.retry_cycle and not _is_retry(element.retry_cycle):
        yield found("bad-retry", process, element, zh=element.retry_cycle, en=element.retry_cycle)


def _mappings(process: ProcessModel, element: Element) -> Iterator[Finding]:
    for one in (*element.in_mappings, *element.out_mappings):
        is_whole = one.variables == "all" and not (one.source or one.source_expression or one.target)
        is_one = (
            one.variables is None and bool(one.target) and bool(one.source) != bool(one.source_expression)
        )
        if not (is_whole or is_one):
            said = one.target or one.source or str(one.variables)
            yield found("bad-mapping", process, element, zh=said, en=said)
    mapping = element.map_decision_result
    if mapping is not None and mapping not in RESULT_MAPPINGS:
        yield found("bad-mapping", process, element, zh=mapping, en=mapping)


def _user_task(process: ProcessModel, element: Element, context: LintContext) -> Iterator[Finding]:
    named = (element.assignee, element.candidate_users, element.candidate_groups)
    if not any((text or "").strip(" ,") for text in named):
        yield found("nobody", process, element)
    if element.form_ref:
        yield from _form(process, element, context)
    else:
        yield found("no-form", process, element)
    priority = element.priority
    if priority and "${" not in priority and not re.fullmatch(r"-?[0-9]{1,6}", priority):
        yield found("bad-priority", process, element, zh=priority, en=priority)
    if context.roles is not None and element.candidate_groups and "${" not in element.candidate_groups:
        for role in element.candidate_groups.split(","):
            if role.strip() not in context.roles:
                yield found("unknown-role", process, element, zh=role.strip(), en=role.strip())
    groups = element.candidate_groups or ""
    for name in re.findall(r"role\(\s*[\"']([^\"']+)[\"']\s*\)", groups):
        for profile_id, profile in context.profiles_of(process.id):
            if name not in profile.roles and context.roles is not None and name not in context.roles:
                yield found(
                    "unknown-role", process, element, zh=f"{profile_id}：{name}", en=f"{profile_id}: {name}"
                )


def _form(process: ProcessModel, element: Element, context: LintContext) -> Iterator[Finding]:
    if context.forms is not None and element.form_ref not in context.forms:
        yield found("unknown-form", process, element, zh=str(element.form_ref), en=str(element.form_ref))


def _service_task(process: ProcessModel, element: Element, context: LintContext) -> Iterator[Finding]:
    if element.kind == "sendTask" and element.message_name and not element.topic:
        return
    if element.implementation != "external" or not element.topic:
        yield found("no-topic", process, element)
    elif context.topics is not None and "${" not in element.topic and element.topic not in context.topics:
        yield found("unknown-topic", process, element, zh=element.topic, en=element.topic)


def _is_bounded(loop: StandardLoop) -> bool:
    if loop.maximum is None:
        return loop.condition is not None
    return re.fullmatch(r"[1-9][0-9]{0,5}", loop.maximum) is not None


def _is_retry(text: str) -> bool:
    try:
        if text.startswith("R"):
            parse_cycle(text)
        else:
            for part in text.split(","):
                parse_iso_duration(part.strip())
    except LimitError:
        return False
    return True


def _names(process: ProcessModel, element: Element) -> Iterator[Finding]:
    """Events and tasks that must say which message, error or escalation they mean."""
    is_message = element.kind == "receiveTask" or "messageEventDefinition" in element.events
    if is_message and not element.message_name:
        yield found("no-message", process, element)
    if "signalEventDefinition" in element.events and not element.signal_name:
        yield found("no-signal", process, element)
    if "conditionalEventDefinition" in element.events and not all(element.conditions):
        yield found("no-condition", process, element)
    if "errorEventDefinition" in element.events and element.kind == "endEvent" and not element.error_code:
        yield found("no-error-code", process, element)
    if (
        "escalationEventDefinition" in element.events
        and element.kind in ("endEvent", "intermediateThrowEvent")
        and not element.escalation_code
    ):
        yield found("no-escalation-code", process, element)
