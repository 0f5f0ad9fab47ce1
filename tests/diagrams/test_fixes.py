"""Buttons beside findings: each takes its finding away, adds no error, and leaves all else as it was drawn."""

from collections import Counter
from dataclasses import replace

import pytest
from drawings import (
    CONTEXT,
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
from failing_drawings import FAILING, two_ways

from engine.diagrams import Finding, LintContext, lint_diagrams, read_diagram
from engine.diagrams.fixes import Fix, apply_fix, fixes_for

# Drawings of a thousand elements, for the rules about sizes, are checked too slowly to be mended one by one.
LARGE = 50_000


def whole(drawn: str | bytes) -> bytes:
    return drawn if isinstance(drawn, bytes) else definitions(process(drawn))


def findings(content: bytes, context: LintContext = CONTEXT) -> list[Finding]:
    return lint_diagrams([read_diagram(content, "complaint.bpmn")], context)


def offered(
    drawn: str | bytes, rule: str, context: LintContext = CONTEXT
) -> tuple[bytes, Finding, tuple[Fix, ...]]:
    content = whole(drawn)
    found = next(one for one in findings(content, context) if one.rule == rule)
    return content, found, fixes_for(found, [read_diagram(content, "complaint.bpmn")], context)


def counted(found: list[Finding], severity: str | None = None) -> Counter:
    return Counter(
        (one.rule, one.element_id, one.reason["en"]) for one in found if severity in (None, one.severity)
    )


# What an owner writes → what the first button makes of it.
MENDED: list[tuple[str, str, str]] = [
    ("no-default", two_ways("exclusiveGateway", "amount = 1", ""), 'default="way_to_b"'),
    ("missing-condition", two_ways("exclusiveGateway", "amount = 1", ""), 'default="way_to_b"'),
    ("nobody", start() + task("reply_customer") + node("userTask", "check", attributes='camunda:formRef="reply"') + end() + flows("received>reply_customer", "reply_customer>check", "check>closed"), 'name="check" camunda:formRef="reply" camunda:candidateGroups="first_receiver"'),
    ("unknown-role", line(node("userTask", "a", attributes='camunda:candidateGroups="first_reciever, outlet_head" camunda:formRef="reply"')), '"first_receiver,outlet_head"'),
    ("unknown-role", line(node("userTask", "a", attributes="camunda:candidateGroups='${role(\"hanlder\")}' camunda:formRef=\"reply\"")), "${role(&quot;handler&quot;)}"),
    ("unknown-form", line(node("userTask", "a", attributes='camunda:candidateGroups="outlet_head" camunda:formRef="replly"')), 'camunda:formRef="reply"'),
    ("no-form", line(node("userTask", "reply", attributes='camunda:candidateGroups="outlet_head"')), 'camunda:formRef="reply"'),
    ("unknown-decision", line(node("businessRuleTask", "a", attributes='camunda:decisionRef="levels" camunda:resultVariable="x"')), 'camunda:decisionRef="level"'),
    ("no-result", line(node("businessRuleTask", "a", attributes='camunda:decisionRef="level"')), 'camunda:resultVariable="level"'),
    ("unknown-topic", line(node("serviceTask", "a", attributes='camunda:type="external" camunda:topic="notifiy"')), 'camunda:topic="notify"'),
    ("no-topic", line(node("serviceTask", "a", attributes='camunda:topic="notify"')), 'camunda:type="external"'),
    ("unknown-limit", line(task(inner=properties(sla="handel, reply"))), 'value="handle, reply"'),
    ("unknown-limit", line(event("a", timer('${limit("handel")}'))), '${limit("handle")}'),
    ("bad-timer", line(event("a", timer("2个工作日"))), ">2 WD<"),
    ("bad-timer", line(event("a", timer("48小时"))), ">48 H<"),
    ("bad-timer", line(event("a", timer("limit(“handle”)"))), '${limit("handle")}'),
    ("bad-timer", line(event("a", timer("handle"))), '${limit("handle")}'),
    ("timer-start", start(timer("every week by friday")) + task() + end() + flows("received>reply_customer", "reply_customer>closed"), "timeCycle"),
    ("no-timer", line(task(inner=properties(sla="handle"))) + boundary("late", "reply_customer", "<bpmn:timerEventDefinition/>", cancels=False) + flows("late>closed"), '${limit("handle")}'),
    ("unknown-ladder", line(task(inner=properties(sla="handle", sla_ladder="stepe"))), 'value="steep"'),
    ("bad-sla", line(task(inner=properties(sla="handle", sla_warn="75，90％"))), 'value="75%, 90%"'),
    ("bad-sla", line(task(inner=properties(sla="handle", sla_pausable="是"))), 'value="yes"'),
    ("unknown-start", line(task(inner=properties(sla="handle", sla_start="recieved"))), 'name="sla.start" value="received"'),
    ("bad-date", line(task(attributes='camunda:dueDate="3天"')), 'camunda:dueDate="3 CD"'),
    ("bad-retry", line(node("serviceTask", "a", extension("<camunda:failedJobRetryTimeCycle>three</camunda:failedJobRetryTimeCycle>"), 'camunda:type="external" camunda:topic="notify"')), "R3/PT10M"),
    ("unknown-source", line(task(inner=properties(source="CMP-1/T2"))), 'value="CMP-01/T2"'),
    ("unknown-property", line(task(inner=properties(sla="handle", sla_wran="75%"))), 'name="sla.warn" value="75%"'),
    ("bad-expression", two_ways("exclusiveGateway", "amount ＞ 1 and level == “outlet”", "", default="b"), 'amount &gt; 1 and level == "outlet"'),
    ("unknown-variable", two_ways("exclusiveGateway", "amonut > 1".replace(">", "&gt;"), "", default="b"), "amount &gt; 1"),
    ("odd-id", line(task("ReplyCustomer")) + boundary("late", "ReplyCustomer", timer(), cancels=False) + flows("late>closed"), 'attachedToRef="reply_customer"'),
    ("odd-id", line(task("答复")), 'id="user_task"'),
    ("unnamed", line(task()).replace('name="received"', ""), 'id="received" name="开始"'),
    ("dangling-reference", definitions(process(line(event("a", '<bpmn:messageEventDefinition messageRef="reply_hear"/>'))), roots='<bpmn:message id="reply_heard" name="x"/>'), 'messageRef="reply_heard"'),
    ("dangling-reference", line(task("first"), task("second", properties(separate_from="frist"))), 'name="separate.from" value="first"'),
    ("no-process", definitions(process(line(task()), attributes="")), 'isExecutable="true"'),
    ("boundary-host", line(task()) + boundary("late", "reply_customer", '<bpmn:errorEventDefinition errorRef="e"/>', cancels=False) + flows("late>closed"), 'cancelActivity="true"'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "drawn", "mended"), MENDED)
def test_the_first_button_writes_what_was_meant(rule, drawn, mended):
    content, found, fixes = offered(drawn, rule)

    written = apply_fix(content, fixes[0])

    assert mended in written.decode()
    assert rule not in {
        one.rule
        for one in findings(written)
        if (one.element_id, one.reason) == (found.element_id, found.reason)
    }


def test_each_button_takes_its_finding_away_and_adds_no_error():
    """For every finding of every model that fails a rule, and of the models above."""
    buttons = 0
    drawings = {whole(one) for one in (*(row[2] for row in FAILING), *(row[1] for row in MENDED))}
    for content in sorted(one for one in drawings if len(one) < LARGE):
        diagram = read_diagram(content, "complaint.bpmn")
        before = findings(content)
        for found in before:
            for fix in fixes_for(found, [diagram], CONTEXT):
                buttons += 1
                after = findings(apply_fix(content, fix))
                key = (found.rule, found.element_id, found.reason["en"])
                assert counted(after)[key] < counted(before)[key], (found.says("en"), fix)
                added = {
                    one: count
                    for one, count in (counted(after, "error") - counted(before, "error")).items()
                    # An element under a new id is told again by what else is wrong with it.
                    if not any("id" in change for change in fix.changes)
                }
                assert not added, (found.says("en"), fix, added)
    assert buttons > 150


def test_a_new_id_is_taken_over_by_whatever_names_the_old_one():
    drawn = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="staff" name="经办"><bpmn:flowNodeRef>ReplyCustomer</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
        + line(
            task("ReplyCustomer"),
            task("check", properties(sla="handle", sla_start="ReplyCustomer", separate_from="ReplyCustomer")),
        )
    )
    content, _, (fix, *_) = offered(drawn, "odd-id")

    written = apply_fix(content, fix)

    assert findings(written) == []
    assert b'"ReplyCustomer"' not in written.replace(b'name="ReplyCustomer"', b"")


def test_a_limit_is_proposed_only_when_every_profile_has_it():
    other = replace(CONTEXT.profiles["CMP-01"], limits={"reply"})
    context = replace(CONTEXT, profiles={**CONTEXT.profiles, "CMP-03": other})

    assert offered(line(event("a", timer('${limit("handel")}'))), "unknown-limit", context)[2] == ()
    assert offered(line(event("a", timer('${limit("replly")}'))), "unknown-limit", context)[2][0].en == (
        "Use the limit reply"
    )


def test_an_element_that_nothing_leads_to_goes_with_its_part_of_the_picture():
    picture = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="di">'
        '<bpmndi:BPMNPlane id="plane" bpmnElement="answer_complaint"><bpmndi:BPMNShape id="lost_di" bpmnElement="lost"/>'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    content = whole(line(task()) + node("manualTask", "lost")).replace(
        b"</bpmn:definitions>", f"{picture}</bpmn:definitions>".encode()
    )
    found = next(one for one in findings(content) if one.rule == "unreachable")

    (fix,) = fixes_for(found, [read_diagram(content, "complaint.bpmn")], CONTEXT)

    assert b'"lost"' not in apply_fix(content, fix)


def test_nothing_is_proposed_where_only_the_owner_knows():
    for rule in ("join-never", "no-end", "recursive-call", "bad-script", "duplicate-id"):
        drawn = next(one for name, _, one in FAILING if name == rule)
        assert offered(drawn, rule)[2] == (), rule


def test_a_fix_says_in_both_languages_what_its_button_does():
    for rule, drawn, _ in MENDED:
        for fix in offered(drawn, rule)[2]:
            assert fix.zh
            assert fix.en
            assert fix.to_data()["says"] == {"zh": fix.zh, "en": fix.en}
            assert all("element" in one for one in fix.to_data()["changes"])
