"""Draws hostile diagrams: one element a line, so that a test knows the line of each."""

import itertools
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

_NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def document(*processes: str, roots: str = "", doctype: str = "", more: str = "") -> bytes:
    """`roots`: messages, signals, errors. `more`: attributes of the root element."""
    inner = "\n".join((roots, *processes))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}\n'
        f'<definitions {_NAMESPACES} id="drawn" targetNamespace="urn:hostile"{more}>\n{inner}\n</definitions>\n'
    ).encode()


def process(*elements: str, key: str = "hostile") -> str:
    body = "\n".join(elements)
    return f'<process id="{key}" name="{key}" isExecutable="true">\n{body}\n</process>'


def element(kind: str, key: str, inside: str = "", **attributes: str) -> str:
    written = "".join(
        f" {name.replace('_', ':', 1) if name.startswith('camunda_') else name}={quoteattr(value)}"
        for name, value in attributes.items()
    )
    return f'<{kind} id="{key}" name="{key}"{written}>{inside}</{kind}>'


def start(key: str = "begun", inside: str = "") -> str:
    return element("startEvent", key, inside)


def end(key: str = "over", inside: str = "") -> str:
    return element("endEvent", key, inside)


def user(key: str, inside: str = "", **attributes: str) -> str:
    return element("userTask", key, inside, camunda_candidateGroups="first_receiver", **attributes)


def script(key: str, text: str, **attributes: str) -> str:
    return element("scriptTask", key, f"<script>{escape(text)}</script>", **attributes)


def flow(source: str, target: str, condition: str = "", key: str = "") -> str:
    inside = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    name = key or f"{source}_to_{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def path(*keys: str) -> str:
    return "\n".join(flow(one, other) for one, other in itertools.pairwise(keys))


def through(*elements: str, keys: Iterable[str]) -> bytes:
    """A diagram that goes from its start through `keys` to its end."""
    return document(process(start(), *elements, end(), path("begun", *keys, "over")))


def choosing(condition: str) -> bytes:
    """A gateway asks `condition`; the flow that carries it is `asked`."""
    return document(
        process(
            start(),
            element("exclusiveGateway", "choose", default="else"),
            end(),
            end("other"),
            flow("begun", "choose"),
            flow("choose", "over", key="else"),
            flow("choose", "other", condition, key="asked"),
        )
    )


def calculating(text: str, **attributes: str) -> bytes:
    return through(script("calculate", text, **attributes), keys=["calculate"])


def pausing(text: str, kind: str = "Duration") -> bytes:
    event = f"<timerEventDefinition><time{kind}>{escape(text)}</time{kind}></timerEventDefinition>"
    return through(element("intermediateCatchEvent", "pause", event), keys=["pause"])


def reminding(text: str, kind: str = "Cycle") -> bytes:
    event = f"<timerEventDefinition><time{kind}>{escape(text)}</time{kind}></timerEventDefinition>"
    return document(
        process(
            start(),
            user("work"),
            element("boundaryEvent", "remind", event, attachedToRef="work", cancelActivity="false"),
            end(),
            end("reminded"),
            path("begun", "work", "over"),
            flow("remind", "reminded"),
        )
    )


def repeating(
    cardinality: str = "", *, in_turn: bool = False, kind: str = "userTask", more: str = "", **loop: str
) -> bytes:
    count = f"<loopCardinality>{escape(cardinality)}</loopCardinality>" if cardinality else ""
    written = "".join(f" camunda:{name}={quoteattr(value)}" for name, value in loop.items())
    marker = (
        f'<multiInstanceLoopCharacteristics isSequential="{str(in_turn).lower()}"{written}>{count}{more}'
        "</multiInstanceLoopCharacteristics>"
    )
    drawn = user("work", marker) if kind == "userTask" else element(kind, "work", marker)
    return through(drawn, keys=["work"])
