"""Draws the models of the conformance tests: what `families` draws, and the constructs that only these tests know.

An id of a flow that is drawn nowhere is a start event when nothing leads to it, else an end event (families.py).
"""

import re
from html import escape

import families

_CODES = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}


def task(key: str, inside: str = "", attributes: str = "", kind: str = "scriptTask") -> str:
    """A task that needs nobody. (A plain `task` is work for a person here.)"""
    script = "<script>ran = true</script>" if kind == "scriptTask" else ""
    return f"<{kind} id='{key}' name='{key}' {attributes}>{inside}{script}</{kind}>"


def start(key: str, event: str = "", *, interrupts: bool = True) -> str:
    return (
        f"<startEvent id='{key}' name='{key}' isInterrupting='{str(interrupts).lower()}'>{event}</startEvent>"
    )


def body(key: str, flow: str, *elements: str, kind: str = "subProcess", attributes: str = "") -> str:
    """A sub-process of any kind: transaction, adHocSubProcess. Without a flow its elements stand side by side."""
    inside = families.sub_process(key, flow, *elements) if flow else f"<_>{''.join(elements)}</subProcess>"
    inside = inside.partition(">")[2].removesuffix("</subProcess>")
    return f"<{kind} id='{key}' name='{key}' {attributes}>{inside}</{kind}>"


def event_body(key: str, flow: str, *elements: str) -> str:
    return body(key, flow, *elements, attributes="triggeredByEvent='true'")


def many(cardinality: str = "3", *, in_turn: bool = False, inside: str = "", behavior: str = "") -> str:
    more = f" behavior='{behavior}'" if behavior else ""
    return (
        f"<multiInstanceLoopCharacteristics isSequential='{str(in_turn).lower()}'{more}>"
        f"<loopCardinality>{cardinality}</loopCardinality>{inside}</multiInstanceLoopCharacteristics>"
    )


def repeat(condition: str = "", *, before: bool = False, most: str = "") -> str:
    maximum = f" loopMaximum='{most}'" if most else ""
    inside = f"<loopCondition>{escape(condition)}</loopCondition>" if condition else ""
    return f"<standardLoopCharacteristics testBefore='{str(before).lower()}'{maximum}>{inside}</standardLoopCharacteristics>"


def conditional(condition: str) -> str:
    return (
        f"<conditionalEventDefinition><condition>{escape(condition)}</condition></conditionalEventDefinition>"
    )


def link(name: str) -> str:
    return f"<linkEventDefinition name='{name}'/>"


def plain(kind: str) -> str:
    """`terminate`, `cancel`, `compensate`: definitions that name nothing."""
    return f"<{kind}EventDefinition/>"


def several(key: str, kind: str, *events: str, all_of_them: bool = False, attributes: str = "") -> str:
    parallel = "parallelMultiple='true'" if all_of_them else ""
    return f"<{kind} id='{key}' name='{key}' {parallel} {attributes}>{''.join(events)}</{kind}>"


def flow(key: str, source: str, target: str, condition: str = "") -> str:
    inside = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    return f"<sequenceFlow id='{key}' sourceRef='{source}' targetRef='{target}'>{inside}</sequenceFlow>"


def process(key: str, drawn_flow: str, *elements: str) -> str:
    return families.process(key, drawn_flow, *elements)


def model(*processes: str, roots: str = "", prefix: str = "") -> bytes:
    """`prefix` stands before each name of a message and a signal, so that models do not hear each other."""
    drawn = "".join(processes)
    found = {
        (kind, name)
        for kind in _CODES
        for name in re.findall(rf'{kind}Ref=["\']{kind}_(\w+)["\']', drawn + roots)
    }
    named = "".join(
        f"<{kind} id='{kind}_{name}' name='{prefix}{name}'"
        f"{f' {_CODES[kind]}={chr(39)}{name}{chr(39)}' if _CODES[kind] != 'name' else ''}/>\n"
        for kind, name in sorted(found)
    )
    return f"{families.HEAD}{named}{roots}{drawn}</definitions>".encode()
