"""Small diagrams for tests of reading and lint, and one sound diagram that uses everything that is executed."""

import itertools
from typing import Any

from engine.diagrams import Diagram, Finding, LintContext, ProfileNames, lint_diagrams, read_diagram

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
    '  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">\n'
)
ROOTS = (
    '<bpmn:message id="m" name="customer_replied"/><bpmn:error id="e" errorCode="unreachable"/>\n'
    '<bpmn:escalation id="x" escalationCode="late"/><bpmn:signal id="s" name="stop"/>\n'
)
CONTEXT = LintContext(
    forms={"reply"},
    decisions={"level"},
    roles={"first_receiver", "outlet_head"},
    topics={"notify"},
    profiles={
        "CMP-01": ProfileNames(
            limits={"handle", "reply"}, roles={"handler": "first_receiver"}, ladders={"steep"}
        )
    },
    register_ids={"CMP-01/T2"},
    variables={"amount", "level", "names", "satisfied"},
)


def definitions(*processes: str, roots: str = ROOTS) -> bytes:
    return f"{HEAD}{roots}{''.join(processes)}</bpmn:definitions>".encode()


def process(body: str, key: str = "answer_complaint", attributes: str = 'isExecutable="true"') -> str:
    return f'<bpmn:process id="{key}" name="答复投诉" {attributes}>\n{body}\n</bpmn:process>\n'


def node(kind: str, key: str, inner: str = "", attributes: str = "") -> str:
    return f'<bpmn:{kind} id="{key}" name="{key}" {attributes}>{inner}</bpmn:{kind}>\n'


def start(inner: str = "", attributes: str = "") -> str:
    return node("startEvent", "received", inner, attributes)


def end(key: str = "closed", inner: str = "") -> str:
    return node("endEvent", key, inner)


def task(key: str = "reply_customer", inner: str = "", attributes: str = "") -> str:
    """A user task that has everything; `attributes` come first and win nothing: give `kind`-less extras only."""
    return node(
        "userTask",
        key,
        inner,
        f'camunda:candidateGroups="first_receiver" camunda:formRef="reply" {attributes}',
    )


def event(key: str, definition: str, kind: str = "intermediateCatchEvent", attributes: str = "") -> str:
    return node(kind, key, definition, attributes)


def timer(text: str = "PT48H", tag: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{tag}>{text}</bpmn:{tag}></bpmn:timerEventDefinition>"


def boundary(key: str, host: str, definition: str, cancels: bool = True) -> str:
    return node(
        "boundaryEvent", key, definition, f'attachedToRef="{host}" cancelActivity="{str(cancels).lower()}"'
    )


def extension(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def properties(**named: str) -> str:
    """`sla_warn` is written as `sla.warn`."""
    rows = "".join(
        f'<camunda:property name="{name.replace("_", ".")}" value="{value}"/>'
        for name, value in named.items()
    )
    return extension(f"<camunda:properties>{rows}</camunda:properties>")


def flows(*pairs: str) -> str:
    """`a>b` or `a>b?condition`; ids are `a_to_b`."""
    drawn = []
    for pair in pairs:
        path, _, condition = pair.partition("?")
        source, target = path.split(">")
        inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
        drawn.append(
            f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>\n'
        )
    return "".join(drawn)


def line(*middle: str) -> str:
    """received → each of the given elements, by their ids → closed."""
    keys = [one.partition('id="')[2].partition('"')[0] for one in middle]
    path = ["received", *keys, "closed"]
    return start() + "".join(middle) + end() + flows(*(f"{a}>{b}" for a, b in itertools.pairwise(path)))


def read(*bodies: str | bytes, **options: Any) -> Diagram:
    content = (
        bodies[0]
        if isinstance(bodies[0], bytes)
        else definitions(*(process(one) for one in bodies), **options)
    )
    return read_diagram(content, "complaint.bpmn")


def lint(*drawn: str | bytes, context: LintContext = CONTEXT) -> list[Finding]:
    return lint_diagrams([read(*drawn)], context)


SOUND = process(
    '<bpmn:laneSet id="lanes"><bpmn:lane id="staff" name="经办"><bpmn:flowNodeRef>reply_customer</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>\n'
    + start(attributes='camunda:formRef="reply"')
    + node("scriptTask", "set_fee", "<bpmn:script>fee = round(amount * 0.015, 2)</bpmn:script>")
    + node(
        "businessRuleTask", "find_level",
        attributes='camunda:decisionRef="level" camunda:resultVariable="level" camunda:mapDecisionResult="singleEntry"',
    )
    + node("exclusiveGateway", "is_large", attributes='default="is_large_to_both"')
    + node(
        "subProcess", "handle_large",
        node("startEvent", "large_received")
        + event("told_late", '<bpmn:escalationEventDefinition escalationRef="x"/>', "intermediateThrowEvent")
        + task("handle") + node("endEvent", "large_done", '<bpmn:errorEventDefinition errorRef="e"/>')
        + flows("large_received>told_late", "told_late>handle", "handle>large_done"),
    )
    + boundary("heard_late", "handle_large", '<bpmn:escalationEventDefinition escalationRef="x"/>', cancels=False)
    + boundary("customer_unreachable", "handle_large", '<bpmn:errorEventDefinition errorRef="e"/>')
    + node("parallelGateway", "both") + node("parallelGateway", "both_done")
    + task(
        inner=properties(source="CMP-01/T2", sla="handle", sla_warn="75%, 1 WD", sla_ladder="steep", sla_pausable="no"),
        attributes='camunda:assignee="${names[0]}" camunda:dueDate="2 WD" camunda:followUpDate="PT4H" camunda:priority="70"',
    )
    + boundary("reply_overdue", "reply_customer", timer('${limit("handle")}'), cancels=False)
    + node("serviceTask", "notify_head", extension(
        '<camunda:inputOutput><camunda:inputParameter name="fee">${fee}</camunda:inputParameter>'
        '<camunda:outputParameter name="sent">${done}</camunda:outputParameter></camunda:inputOutput>'
        "<camunda:failedJobRetryTimeCycle>R3/PT10M</camunda:failedJobRetryTimeCycle>"
    ), 'camunda:type="external" camunda:topic="notify"')
    + node("sendTask", "tell_customer", attributes='messageRef="m"')
    + node(
        "userTask", "approve",
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false" camunda:collection="names" camunda:elementVariable="approver">'
        "<bpmn:completionCondition>${nrOfCompletedInstances &gt;= 2}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>",
        'camunda:candidateUsers="${approver}" camunda:formRef="reply"',
    )
    + node("callActivity", "call_back", extension(
        '<camunda:in source="level" target="level"/><camunda:in sourceExpression="${amount}" target="amount"/>'
        '<camunda:out variables="all"/>'
    ), 'calledElement="call_customer"')
    + node("eventBasedGateway", "waiting")
    + event("customer_replied", '<bpmn:messageEventDefinition messageRef="m"/>')
    + event("waited_long", timer("${limit('reply')}"))
    + node("exclusiveGateway", "go_on")
    + node("inclusiveGateway", "any", attributes='default="any_to_any_done"') + node("manualTask", "file_paper") + node("inclusiveGateway", "any_done")
    + end("closed") + end("stopped", "<bpmn:terminateEventDefinition/>") + end("told", '<bpmn:messageEventDefinition messageRef="m"/>')
    + end("escalated") + end("noted")
    + flows(
        "received>set_fee", "set_fee>find_level", "find_level>is_large", "is_large>handle_large?amount &gt; 1000", "is_large>both",
        "handle_large>told", "customer_unreachable>stopped", "both>reply_customer", "both>notify_head", "reply_customer>both_done",
        "notify_head>both_done", "reply_overdue>escalated", "both_done>tell_customer", "tell_customer>approve", "approve>call_back",
        "call_back>waiting", "waiting>customer_replied", "waiting>waited_long", "customer_replied>go_on", "waited_long>go_on", "go_on>any",
        "heard_late>noted", "any>file_paper?satisfied = true", "any>any_done", "file_paper>any_done", "any_done>closed",
    ),
    attributes='isExecutable="true" camunda:versionTag="1" camunda:historyTimeToLive="P5Y"',
) + process(
    node("startEvent", "call_wanted") + task("call") + end("called") + flows("call_wanted>call", "call>called"), key="call_customer"
)  # fmt: skip
