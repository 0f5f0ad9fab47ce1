"""Kinds of elements by the names that the Camunda 7 REST API has for them: a boundary timer is a `boundaryTimer`."""

from collections.abc import Mapping

from engine.diagrams import Element

# kind of element → kind of event ("" for none) → name
_EVENTS: Mapping[str, Mapping[str, str]] = {
    "startEvent": {
        "": "startEvent",
        "timer": "startTimerEvent",
        "message": "messageStartEvent",
        "signal": "signalStartEvent",
        "error": "errorStartEvent",
        "escalation": "escalationStartEvent",
        "conditional": "conditionalStartEvent",
    },
    "endEvent": {
        "": "noneEndEvent",
        "message": "messageEndEvent",
        "signal": "signalEndEvent",
        "error": "errorEndEvent",
        "escalation": "escalationEndEvent",
        "terminate": "terminateEndEvent",
        "cancel": "cancelEndEvent",
        "compensate": "compensationEndEvent",
    },
    "boundaryEvent": {
        "timer": "boundaryTimer",
        "message": "boundaryMessage",
        "signal": "boundarySignal",
        "error": "boundaryError",
        "escalation": "boundaryEscalation",
        "conditional": "boundaryConditional",
        "cancel": "cancelBoundaryCatch",
        "compensate": "compensationBoundaryCatch",
    },
    "intermediateCatchEvent": {
        "timer": "intermediateTimer",
        "message": "intermediateMessageCatch",
        "signal": "intermediateSignalCatch",
        "conditional": "intermediateConditional",
        "link": "intermediateLinkCatch",
    },
    "intermediateThrowEvent": {
        "": "intermediateNoneThrowEvent",
        "message": "intermediateMessageThrowEvent",
        "signal": "intermediateSignalThrow",
        "escalation": "intermediateEscalationThrowEvent",
        "compensate": "intermediateCompensationThrowEvent",
    },
}


def activity_type(element: Element | None, kind: str) -> str:
    """`kind` is the BPMN tag, for an element that its release no longer knows."""
    if element is None:
        return kind
    event = element.events[0].removesuffix("EventDefinition") if element.events else ""
    return _EVENTS.get(element.kind, {}).get(event, element.kind)
