"""Drawings that each break a rule of the check: rule → (element that it names, what is drawn)."""

from drawings import (
    boundary,
    definitions,
    end,
    event,
    extension,
    flows,
    line,
    node,
    process,
    properties,
    start,
    task,
    timer,
)

SERVICE = 'camunda:type="external" camunda:topic="notify"'
LOOP = "<bpmn:multiInstanceLoopCharacteristics {}/>"
TWO_WAYS = start() + node("{0}", "way", attributes="{1}") + task("a") + task("b") + end() + end("also_closed")


def two_ways(kind: str, *conditions: str, default: str = "") -> str:
    attributes = f'default="way_to_{default}"' if default else ""
    return TWO_WAYS.format(kind, attributes) + flows(
        "received>way", f"way>a?{conditions[0]}", f"way>b?{conditions[1]}", "a>closed", "b>also_closed"
    )


def with_roots(roots: str) -> bytes:
    return definitions(process(line(task())), roots=roots)


def behind_gateway(first: str) -> str:
    """An event gateway that waits for `h` and for the message `m`."""
    drawn = (
        start()
        + node("eventBasedGateway", "waiting")
        + first
        + event("heard", '<bpmn:messageEventDefinition messageRef="m"/>')
        + end()
    )
    return drawn + flows("received>waiting", "waiting>h", "waiting>heard", "h>closed", "heard>closed")


# Two branches that choose for themselves, and joins that want them to have chosen alike.
MATCHING_CHOICES = (
    start() + node("parallelGateway", "both") + end() + end("also_closed")
    + node("exclusiveGateway", "here", attributes='default="here_to_also_joined"') + node("exclusiveGateway", "there", attributes='default="there_to_also_joined"')
    + node("parallelGateway", "joined") + node("parallelGateway", "also_joined")
    + flows(
        "received>both", "both>here", "both>there", "here>joined?amount = 1", "there>joined?amount = 1", "here>also_joined", "there>also_joined",
        "joined>closed", "also_joined>also_closed",
    )
)  # fmt: skip


FAILING: list[tuple[str, str | None, str | bytes]] = [
    # structure
    ("no-process", "answer_complaint", definitions(process(line(task()), attributes='isExecutable="false"'))),
    ("no-process", None, definitions()),
    ("duplicate-id", "reply_customer", line(task()) + task()),
    ("no-id", "line_", line(task()).replace('id="reply_customer"', "").replace("reply_customer", "line_6")),
    ("reserved-id", "reply.end.made", line(task("reply.end.made"))),
    ("no-start", "answer_complaint", task() + end() + flows("reply_customer>reply_customer")),
    ("no-start", "inner", line(node("subProcess", "inner", end("x")))),
    ("several-starts", "again", line(task()) + node("startEvent", "again") + flows("again>reply_customer")),
    ("no-end", "answer_complaint", start() + task() + flows("received>reply_customer", "reply_customer>reply_customer")),
    ("dead-end", "reply_overdue", line(task()) + boundary("reply_overdue", "reply_customer", timer())),
    ("unreachable", "lost", line(task()) + task("lost") + flows("lost>closed")),
    ("dangling-flow", "reply_customer_to_nowhere", line(task()) + flows("reply_customer>nowhere")),
    ("dangling-flow", "reply_overdue", line(task()) + boundary("reply_overdue", "nowhere", timer()) + flows("reply_overdue>closed")),
    ("dangling-flow", "reply_overdue", line(task()) + event("reply_overdue", timer(), "boundaryEvent") + flows("reply_overdue>closed")),
    ("wrong-connection", "closed_to_reply_customer", line(task()) + flows("closed>reply_customer")),
    ("wrong-connection", "reply_customer_to_received", line(task()) + flows("reply_customer>received")),
    ("wrong-connection", "reply_customer_to_late", line(task()) + boundary("late", "reply_customer", timer()) + flows("late>closed", "reply_customer>late")),
    ("wrong-connection", "received_to_inside", line(node("subProcess", "inner", node("startEvent", "in") + task("inside") + end("out") + flows("in>inside", "inside>out"))) + flows("received>inside")),
    ("boundary-host", "late", line(node("exclusiveGateway", "way")) + boundary("late", "way", timer()) + flows("late>closed")),
    ("boundary-host", "late", line(event("wait", timer())) + boundary("late", "wait", timer()) + flows("late>closed")),
    ("boundary-host", "failed", line(node("serviceTask", "work", attributes=SERVICE)) + boundary("failed", "work", '<bpmn:errorEventDefinition errorRef="e"/>', cancels=False) + flows("failed>closed")),
    ("unsupported-element", "way", line(node("complexGateway", "way"))),
    ("unsupported-element", "inner", line(node("adHocSubProcess", "inner", task("x")))),
    ("unsupported-element", "aside", line(task()) + node("subProcess", "aside", node("startEvent", "a") + end("b") + flows("a>b"), 'triggeredByEvent="true"')),
    ("unsupported-element", "gone", line(event("gone", '<bpmn:linkEventDefinition name="l"/>', "intermediateThrowEvent"))),
    ("unsupported-element", "come", line(event("come", '<bpmn:linkEventDefinition name="l"/>'))),
    ("no-signal", "closed", start() + end("closed", "<bpmn:signalEventDefinition/>") + flows("received>closed")),
    ("no-signal", "heard", line(event("heard", "<bpmn:signalEventDefinition/>"))),
    ("unsupported-element", "undone", line(event("undone", "<bpmn:compensateEventDefinition/>", "intermediateThrowEvent"))),
    ("unsupported-element", "closed", start() + end("closed", "<bpmn:compensateEventDefinition/>") + flows("received>closed")),
    ("lone-cancel", "closed", start() + end("closed", "<bpmn:cancelEventDefinition/>") + flows("received>closed")),
    ("lone-cancel", "off", line(node("transaction", "inner", node("startEvent", "a") + end("off", "<bpmn:cancelEventDefinition/>") + flows("a>off")))),
    ("lone-cancel", "back", line(task()) + boundary("back", "reply_customer", "<bpmn:cancelEventDefinition/>") + flows("back>closed")),
    ("no-condition", "changed", line(event("changed", "<bpmn:conditionalEventDefinition><bpmn:condition/></bpmn:conditionalEventDefinition>"))),
    ("bad-expression", "changed", line(event("changed", "<bpmn:conditionalEventDefinition><bpmn:condition>amount +</bpmn:condition></bpmn:conditionalEventDefinition>"))),
    ("unknown-variable", "changed", line(event("changed", "<bpmn:conditionalEventDefinition><bpmn:condition>amonut = 1</bpmn:condition></bpmn:conditionalEventDefinition>"))),
    ("unsupported-element", "undo", line(task()) + boundary("undo", "reply_customer", "<bpmn:compensateEventDefinition/>") + flows("undo>closed")),
    ("unsupported-element", "both", line(task()) + boundary("both", "reply_customer", timer() + '<bpmn:messageEventDefinition messageRef="m"/>', cancels=False) + flows("both>closed")),
    ("unsupported-element", "both", line(event("both", timer() + timer()))),
    ("unsupported-element", "closed", start() + end("closed", '<bpmn:terminateEventDefinition/><bpmn:messageEventDefinition messageRef="m"/>') + flows("received>closed")),
    ("unsupported-element", "empty", line(event("empty", ""))),
    ("unsupported-element", "late", line(task()) + boundary("late", "reply_customer", "") + flows("late>closed")),
    ("unsupported-element", "in", line(node("subProcess", "inner", event("in", timer(), "startEvent") + end("out") + flows("in>out")))),
    ("unsupported-element", "received", line(task()).replace('name="received" >', f'name="received" >{"<bpmn:errorEventDefinition/>"}')),
    *[("unsupported-element", "root", with_roots(f'<bpmn:{tag} id="root"/>')) for tag in ("choreography", "globalConversation")],
    ("unsupported-element", "talk", with_roots('<bpmn:collaboration id="c"><bpmn:conversation id="talk"/></bpmn:collaboration>')),
    ("unsupported-element", "dance", line(task()) + node("choreographyTask", "dance")),
    ("unsupported-element", "lost", line(task()) + node("complexGateway", "lost") + flows("lost>closed")),
    ("unnamed", "reply_customer", line(task()).replace('name="reply_customer"', "")),
    ("odd-id", "Activity_0x3f", line(task("Activity_0x3f"))),
    ("odd-id", "答复", line(task("答复"))),
    ("recursive-call", "again", definitions(process(line(node("callActivity", "again", attributes='calledElement="answer_complaint"'))))),
    ("recursive-call", "there", definitions(process(line(node("callActivity", "there", attributes='calledElement="other"'))), process(line(node("callActivity", "back", attributes='calledElement="answer_complaint"')), key="other"))),
    ("unknown-call", "call", line(node("callActivity", "call", attributes='calledElement="nowhere"'))),
    ("unknown-call", "call", line(node("callActivity", "call"))),
    ("unknown-call", "call", line(node("callActivity", "call", attributes='calledElement="${amount}"'))),
    ("unknown-call", "call", definitions(process(line(node("callActivity", "call", attributes='calledElement="drawn"'))), process(line(task()), key="drawn", attributes='isExecutable="false"'))),
    ("unmatched-lane", "staff", '<bpmn:laneSet><bpmn:lane id="staff" name="x"><bpmn:flowNodeRef>gone</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>' + line(task())),
    ("dangling-reference", "heard", line(event("heard", '<bpmn:messageEventDefinition messageRef="gone"/>'))),
    ("dangling-reference", "failed", line(task()) + boundary("failed", "reply_customer", '<bpmn:errorEventDefinition errorRef="gone"/>') + flows("failed>closed")),
    ("dangling-reference", "late", line(task()) + boundary("late", "reply_customer", '<bpmn:escalationEventDefinition escalationRef="gone"/>') + flows("late>closed")),
    ("dangling-reference", "heard", line(event("heard", '<bpmn:signalEventDefinition signalRef="gone"/>'))),
    ("dangling-reference", "heard", line(event("heard", "<bpmn:eventDefinitionRef>gone</bpmn:eventDefinitionRef>"))),
    ("dangling-reference", "pool", with_roots('<bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="gone"/></bpmn:collaboration>')),
    *[
        ("nameless-reference", "named", definitions(process(line(task()) + event("named", f'<bpmn:{kind}EventDefinition {kind}Ref="r"/>', "boundaryEvent", 'attachedToRef="reply_customer"') + flows("named>closed")), roots=f'<bpmn:{kind} id="r"/>'))
        for kind in ("message", "signal", "error", "escalation")
    ],
    ("lane-twice", "two", '<bpmn:laneSet id="lanes"><bpmn:lane id="one"><bpmn:flowNodeRef>reply_customer</bpmn:flowNodeRef></bpmn:lane><bpmn:lane id="two"><bpmn:flowNodeRef>reply_customer</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>' + line(task())),
    ("pool-twice", "other_pool", with_roots('<bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="answer_complaint"/><bpmn:participant id="other_pool" processRef="answer_complaint"/></bpmn:collaboration>')),
    # routing
    ("conditional-task-flow", "received_to_reply_customer", start() + task() + end() + flows("received>reply_customer?amount = 1", "reply_customer>closed")),
    ("condition-ignored", "way_to_a", two_ways("parallelGateway", "amount = 1", "")),
    ("condition-ignored", "way_to_b", two_ways("exclusiveGateway", "amount = 1", "amount = 2", default="b")),
    ("condition-ignored", "waiting_to_heard", start() + node("eventBasedGateway", "waiting") + event("heard", timer()) + end() + flows("received>waiting", "waiting>heard?amount = 1", "heard>closed")),
    ("no-default", "way", two_ways("exclusiveGateway", "amount = 1", "amount = 2")),
    ("no-default", "way", two_ways("inclusiveGateway", "amount = 1", "amount = 2")),
    ("no-default", "way", two_ways("exclusiveGateway", "amount = 1", "amount = 2", default="nowhere")),
    ("no-default", "way", start() + node("exclusiveGateway", "way") + end() + flows("received>way", "way>closed?amount = 1")),
    ("missing-condition", "way_to_a", two_ways("exclusiveGateway", "", "", default="b")),
    ("join-never", "again", start() + node("parallelGateway", "again") + task("a") + node("exclusiveGateway", "is_done", attributes='default="is_done_to_closed"') + end() + flows("received>again", "again>a", "a>is_done", "is_done>again?amount = 1", "is_done>closed")),
    ("join-never", "joined", start() + node("exclusiveGateway", "way", attributes='default="way_to_b"') + task("a") + task("b") + node("parallelGateway", "joined") + end() + flows("received>way", "way>a?amount = 1", "way>b", "a>joined", "b>joined", "joined>closed")),
    ("join-may-wait", "joined", MATCHING_CHOICES),
    ("tokens-doubled", "merged", start() + node("parallelGateway", "both") + task("a") + task("b") + node("exclusiveGateway", "merged") + task("c") + end() + flows("received>both", "both>a", "both>b", "a>merged", "b>merged", "merged>c", "c>closed")),
    ("never-ends", "answer_complaint", start() + node("exclusiveGateway", "merged") + node("parallelGateway", "both") + task() + end() + flows("received>merged", "merged>both", "both>reply_customer", "reply_customer>merged", "both>closed")),
    ("loop-without-exit", "a", start() + node("exclusiveGateway", "way") + task("a") + end() + flows("received>way", "way>a", "a>way")),
    ("event-gateway", "reply_customer", start() + node("eventBasedGateway", "waiting") + task() + end() + flows("received>waiting", "waiting>reply_customer", "reply_customer>closed")),
    ("event-gateway", "h", behind_gateway(node("receiveTask", "h", attributes='messageRef="m"') + boundary("late", "h", timer())) + flows("late>closed")),
    ("event-gateway", "h", behind_gateway(event("h", timer())) + task("before") + flows("before>h")),
    ("same-event", "heard", behind_gateway(node("receiveTask", "h", attributes='messageRef="m"'))),
    ("same-event", "again", line(node("serviceTask", "work", attributes=SERVICE)) + boundary("failed", "work", '<bpmn:errorEventDefinition errorRef="e"/>') + boundary("again", "work", '<bpmn:errorEventDefinition errorRef="e"/>') + flows("failed>closed", "again>closed")),
    ("one-event", "waiting", start() + node("eventBasedGateway", "waiting") + event("heard", timer()) + end() + flows("received>waiting", "waiting>heard", "heard>closed")),
    ("same-again", "again", start() + node("exclusiveGateway", "merged") + node("scriptTask", "set", "<bpmn:script>fee = amount</bpmn:script>") + node("exclusiveGateway", "again", attributes='default="again_to_closed"') + end() + flows("received>merged", "merged>set", "set>again", "again>merged?amount &gt; 1", "again>closed")),
    # catching: more of them in test_catching.py
    ("error-uncaught", "failed", line(node("subProcess", "inner", node("startEvent", "in") + end("failed", '<bpmn:errorEventDefinition errorRef="e"/>') + flows("in>failed")))),
    ("escalation-uncaught", "told_late", line(event("told_late", '<bpmn:escalationEventDefinition escalationRef="x"/>', "intermediateThrowEvent"))),
    ("boundary-never", "late", line(node("scriptTask", "set", "<bpmn:script>a = 1</bpmn:script>")) + boundary("late", "set", timer()) + flows("late>closed")),
    ("message-unheard", "tell", line(node("sendTask", "tell", attributes='messageRef="m"'))),
    # work
    ("nobody", "reply_customer", line(node("userTask", "reply_customer", attributes='camunda:formRef="reply"'))),
    ("nobody", "reply_customer", line(node("userTask", "reply_customer", attributes='camunda:formRef="reply" camunda:candidateGroups=" , "'))),
    ("no-form", "reply_customer", line(node("userTask", "reply_customer", attributes='camunda:candidateGroups="first_receiver"'))),
    ("unknown-form", "reply_customer", line(node("userTask", "reply_customer", attributes='camunda:assignee="li_na" camunda:formRef="other"'))),
    ("unknown-form", "received", start(attributes='camunda:formRef="${level}"') + end() + flows("received>closed")),
    ("unknown-role", "reply_customer", line(node("userTask", "reply_customer", attributes='camunda:candidateGroups="first_receiver, boss" camunda:formRef="reply"'))),
    ("unknown-role", "reply_customer", line(node("userTask", "reply_customer", attributes="camunda:candidateGroups=\"${role('boss')}\" camunda:formRef=\"reply\""))),
    ("no-topic", "work", line(node("serviceTask", "work"))),
    ("no-topic", "work", line(node("serviceTask", "work", attributes='camunda:topic="notify"'))),
    ("no-topic", "work", line(node("sendTask", "work"))),
    ("unknown-topic", "work", line(node("serviceTask", "work", attributes='camunda:type="external" camunda:topic="notfy"'))),
    ("no-decision", "choose", line(node("businessRuleTask", "choose", attributes='camunda:resultVariable="x"'))),
    ("unknown-decision", "choose", line(node("businessRuleTask", "choose", attributes='camunda:decisionRef="other" camunda:resultVariable="x"'))),
    ("no-result", "choose", line(node("businessRuleTask", "choose", attributes='camunda:decisionRef="level"'))),
    ("multi-instance", "reply_customer", line(task(inner=LOOP.format("")))),
    ("multi-instance", "reply_customer", line(task(inner=LOOP.format('camunda:collection="names" camunda:elementVariable="one"').replace("/>", "><bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>")))),
    ("multi-instance", "reply_customer", line(task(inner="<bpmn:standardLoopCharacteristics/>" + LOOP.format('camunda:collection="names" camunda:elementVariable="one"')))),
    ("multi-instance", "reply_customer", line(task(inner=LOOP.format('camunda:collection="names"')))),
    ("bad-loop", "reply_customer", line(task(inner="<bpmn:standardLoopCharacteristics/>"))),
    *[("bad-loop", "reply_customer", line(task(inner=f'<bpmn:standardLoopCharacteristics loopMaximum="{most}"/>'))) for most in ("0", "-1", "many")],
    ("no-message", "wait", line(node("receiveTask", "wait"))),
    ("no-message", "heard", line(event("heard", "<bpmn:messageEventDefinition/>"))),
    ("no-error-code", "failed", start() + end("failed", "<bpmn:errorEventDefinition/>") + flows("received>failed")),
    ("no-escalation-code", "late", line(event("late", "<bpmn:escalationEventDefinition/>", "intermediateThrowEvent"))),
    ("bad-mapping", "choose", line(node("businessRuleTask", "choose", attributes='camunda:decisionRef="level" camunda:resultVariable="x" camunda:mapDecisionResult="single"'))),
    *[
        ("bad-mapping", "call_back", definitions(process(line(node("callActivity", "call_back", extension(f"<camunda:in {given}/>"), 'calledElement="call"'))), process(line(task()), key="call")))
        for given in ("", 'source="level"', 'target="level"', 'variables="some"', 'variables="all" target="x"', 'source="a" sourceExpression="b" target="c"')
    ],
    ("bad-date", "reply_customer", line(task(attributes='camunda:dueDate="tomorrow"'))),
    ("bad-date", "reply_customer", line(task(attributes='camunda:followUpDate="3 days"'))),
    ("bad-priority", "reply_customer", line(task(attributes='camunda:priority="high"'))),
    *[
        ("bad-retry", "work", line(node("serviceTask", "work", extension(f"<camunda:failedJobRetryTimeCycle>{given}</camunda:failedJobRetryTimeCycle>"), SERVICE)))
        for given in ("3", "R3", "R0/PT1H", "PT10M,", "ten minutes")
    ],
    # timing
    ("no-timer", "wait", line(event("wait", "<bpmn:timerEventDefinition/>"))),
    ("no-timer", "wait", line(event("wait", timer("")))),
    *[
        ("bad-timer", "wait", line(event("wait", timer(text, tag))))
        for text, tag in (("48H", "timeDuration"), ("P1M", "timeDuration"), ("P", "timeDuration"), ("3 days", "timeDuration"), ("2026-02-30", "timeDate"), ("* * * * *", "timeCycle"), ("PT1H", "timeCycle"), ("R3", "timeCycle"), ("limit('handle')", "timeDuration"))
    ],
    ("timer-start", "received", start(timer("R/P1D", "timeCycle")) + task() + end() + flows("received>reply_customer", "reply_customer>closed")),
    *[
        ("too-often", "tick", line(task()) + boundary("tick", "reply_customer", timer(text, "timeCycle"), cancels=False) + flows("tick>closed"))
        for text in ("R999999999/PT0.001S", "R/PT59S", "R2000/PT1S", "R/PT0S")
    ],
    *[
        ("too-often", "work", line(node("serviceTask", "work", extension(f"<camunda:failedJobRetryTimeCycle>{given}</camunda:failedJobRetryTimeCycle>"), SERVICE)))
        for given in ("R1000000/PT0S", "R99999/PT1S")
    ],
    *[
        ("bad-count", "reply_customer", line(task(inner=LOOP.format("").replace("/>", f"><bpmn:loopCardinality>{count}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"))))
        for count in ("0", "${0}", "1 - 2", "1000000000", "2.5", '"three"', "true")
    ],
    ("unknown-limit", "wait", line(event("wait", timer('${limit("hanlde")}')))),
    ("unknown-limit", "wait", line(event("wait", timer("${limit(5)}")))),
    ("unknown-limit", "wait", line(event("wait", timer('${limit("handle") if amount = 1 else limit("other")}')))),
    ("unknown-limit", "reply_customer", line(task(inner=properties(sla="handle, other")))),
    ("unknown-limit", "reply_customer", line(task(inner=properties(sla="handle,")))),
    ("unknown-limit", "answer_complaint", properties(sla="other") + line(task())),
    ("unknown-ladder", "reply_customer", line(task(inner=properties(sla="handle", sla_ladder="flat")))),
    *[
        ("bad-sla", "reply_customer", line(task(inner=properties(**({"sla": "handle"} | given)))))
        for given in ({"sla_warn": "soon"}, {"sla_warn": "0%"}, {"sla_warn": "75%,"}, {"sla_warn": "150%"}, {"sla_warn": "1–3 WD"}, {"sla_pausable": "maybe"})
    ],
    ("unknown-property", "reply_customer", line(task(inner=properties(sla="handle", sla_wran="75%")))),
    ("unknown-property", "reply_customer", line(task(inner=properties(sla_warn="75%")))),
    ("unknown-property", "reply_customer", line(task(inner=properties(sources="CMP-01/T2")))),
    ("unknown-property", "reply_customer", line(task(inner=properties(SLA="handle")))),
    ("unknown-start", "reply_customer", line(task(inner=properties(sla="handle", sla_start="recieved")))),
    # values
    ("bad-expression", "way_to_a", two_ways("exclusiveGateway", "amount ** 2", "", default="b")),
    ("bad-expression", "reply_customer", line(task(attributes='camunda:assignee="${names"'))),
    ("unknown-variable", "way_to_a", two_ways("exclusiveGateway", "amuont = 1", "", default="b")),
    ("unknown-variable", "reply_customer", line(task(attributes='camunda:assignee="${nobody}"'))),
    ("unknown-variable", "set", line(node("scriptTask", "set", "<bpmn:script>fee = amuont * 2</bpmn:script>"))),
    ("bad-script", "set", line(node("scriptTask", "set", "<bpmn:script>import os</bpmn:script>"))),
    ("bad-script", "set", line(node("scriptTask", "set"))),
    ("script-language", "set", line(node("scriptTask", "set", "<bpmn:script>fee = 1</bpmn:script>", 'scriptFormat="javascript"'))),
    ("script-language", "way_to_a", two_ways("exclusiveGateway", "amount = 1", "", default="b").replace("<bpmn:conditionExpression>", '<bpmn:conditionExpression language="javascript">')),
    ("script-language", "wait", line(event("wait", timer().replace("<bpmn:timeDuration>", '<bpmn:timeDuration language="feel">')))),
    ("unknown-source", "reply_customer", line(task(inner=properties(source="CMP-01/T2, CMP-99/T1")))),
    # foreign
    *[
        ("not-executed", "work", line(node("serviceTask", "work", inner, f"{SERVICE} {attributes}")))
        for inner, attributes in (
            ("", 'camunda:class="org.Evil"'),
            ("", 'camunda:expression="${x.y()}"'),
            ("", 'camunda:delegateExpression="${x}"'),
            ("", 'camunda:resultVariable="x"'),
            (extension("<camunda:executionListener/>"), ""),
            (extension('<camunda:inputOutput><camunda:inputParameter name="a"><camunda:script scriptFormat="groovy">1</camunda:script></camunda:inputParameter></camunda:inputOutput>'), ""),
            (extension('<camunda:inputOutput><camunda:inputParameter name="a"><camunda:list/></camunda:inputParameter></camunda:inputOutput>'), ""),
            (extension('<camunda:inputOutput><camunda:outputParameter name="a"><camunda:map/></camunda:outputParameter></camunda:inputOutput>'), ""),
            ("<bpmn:dataInputAssociation><bpmn:sourceRef>x</bpmn:sourceRef><bpmn:assignment/></bpmn:dataInputAssociation>", ""),
            ("<bpmn:dataOutputAssociation><bpmn:targetRef>x</bpmn:targetRef><bpmn:assignment/></bpmn:dataOutputAssociation>", ""),
            ("<bpmn:potentialOwner/>", ""),
            ("", 'isForCompensation="true"'),
            ("", 'startQuantity="2"'),
            ("", 'completionQuantity="2"'),
            (extension('<z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" type="x"/>'), ""),
            ("", 'xmlns:f="http://flowable.org/bpmn" f:class="org.Evil"'),
        )
    ],
    *[
        ("not-executed", "reply_customer", line(task(inner=LOOP.format(f'camunda:collection="names" camunda:elementVariable="one" {given}'))))
        for given in ('behavior="None"', 'behavior="One"', 'behavior="Complex"', 'noneBehaviorEventRef="s"')
    ],
    ("not-executed", "reply_customer", line(task(inner='<bpmn:property id="p" name="x"/>'))),
    ("not-executed", "reply_customer", line(task(inner='<bpmn:ioSpecification><bpmn:dataInput id="i"/><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>'))),
    ("not-executed", "answer_complaint", '<bpmn:ioSpecification><bpmn:dataInput id="i"/><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>' + line(task())),
    ("not-executed", "sub", line(task()) + '<bpmn:correlationSubscription id="sub" correlationKeyRef="k"/>'),
    ("not-executed", "key", with_roots('<bpmn:collaboration id="c"><bpmn:correlationKey id="key"/></bpmn:collaboration>')),
    ("not-executed", "pool", with_roots('<bpmn:collaboration id="c"><bpmn:participant id="pool"><bpmn:participantMultiplicity maximum="3"/></bpmn:participant></bpmn:collaboration>')),
    ("not-executed", "heard", line(event("heard", timer(), attributes='parallelMultiple="true"'))),
    ("not-executed", "reply_customer", line(task(attributes='camunda:formKey="embedded:x.html"'))),
    ("not-executed", "reply_customer", line(task(inner=extension("<camunda:taskListener/>")))),
    ("not-executed", "reply_customer", line(task(inner=extension("<camunda:formData/>")))),
    ("not-executed", "reply_customer", line(task(inner=extension("<camunda:inputOutput/>")))),
    ("not-executed", "reply_customer", line(task(attributes='camunda:topic="notify"'))),
    ("not-executed", "reply_customer", line(task(inner="<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality><bpmn:loopDataInputRef>x</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>"))),
    ("not-executed", "set", line(node("scriptTask", "set", "<bpmn:script>a = 1</bpmn:script>", 'camunda:resultVariable="x"'))),
    ("not-executed", "set", line(node("scriptTask", "set", "<bpmn:script>a = 1</bpmn:script>", 'camunda:resource="x.js"'))),
    ("not-executed", "wait", line(node("receiveTask", "wait", attributes='messageRef="m" instantiate="true"'))),
    ("not-executed", "told", line(event("told", '<bpmn:messageEventDefinition messageRef="m" camunda:type="external" camunda:topic="mail"/>', "intermediateThrowEvent"))),
    ("not-executed", "way_to_a", two_ways("exclusiveGateway", "amount = 1", "", default="b").replace("<bpmn:conditionExpression>", '<bpmn:conditionExpression camunda:resource="x.js">')),
    ("not-executed", "received_to_reply_customer", line(task()).replace('targetRef="reply_customer">', f'targetRef="reply_customer">{extension("<camunda:executionListener/>")}')),
    ("not-executed", "choose", line(node("businessRuleTask", "choose", attributes='camunda:decisionRef="level" camunda:resultVariable="x" camunda:type="external" camunda:topic="t"'))),
    ("ignored", "reply_customer", line(task(attributes='camunda:asyncBefore="true"'))),
    ("not-executed", "call_back", definitions(process(line(node("callActivity", "call_back", attributes='calledElement="call" camunda:calledElementVersion="3"'))), process(line(task()), key="call"))),
    ("not-executed", "failed", line(node("serviceTask", "work", attributes=SERVICE)) + boundary("failed", "work", '<bpmn:errorEventDefinition errorRef="e" camunda:errorCodeVariable="why"/>') + flows("failed>closed")),
    *[
        ("ignored", "call_back", definitions(process(line(node("callActivity", "call_back", extension(f"<camunda:in {given}/>"), 'calledElement="call"'))), process(line(task()), key="call")))
        for given in ('businessKey="x"', 'source="level" target="level" local="true"')
    ],
    ("ignored", "answer_complaint", definitions(process(line(task()), attributes='isExecutable="true" camunda:isStartableInTasklist="false"'))),
    ("ignored", "d", with_roots('<bpmn:import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="other.bpmn" namespace="x"/>')),
    ("ignored", "received", start(attributes='camunda:initiator="who"') + end() + flows("received>closed")),
    ("ignored", "work", line(node("serviceTask", "work", attributes=f'{SERVICE} camunda:taskPriority="5"'))),
    ("ignored", "work", line(node("serviceTask", "work", attributes=f'{SERVICE} camunda:candidateGroups="x"'))),
    ("ignored", "reply_customer", line(task(attributes='xmlns:own="https://own.example/x" own:colour="red"'))),
    ("ignored", "answer_complaint", definitions(process(line(task()), attributes='isExecutable="true" camunda:candidateStarterGroups="x"'))),
    # schema: more of them in test_schema.py
    ("schema", "reply_customer", line(task(inner="<bpmn:taskk/>"))),
    ("schema-skipped", "d", definitions(process(line(task()) + "<bpmn:textAnnotation/>" * 12_000))),
    ("schema-loose", "reply_customer", line(task(attributes='assignee="li_na"'))),
]  # fmt: skip
