"""Every lint rule has at least one failing model here, named with its element and line; a sound model has no findings."""

from dataclasses import replace

import pytest
from drawings import (
    CONTEXT,
    SOUND,
    boundary,
    definitions,
    end,
    event,
    extension,
    flows,
    line,
    lint,
    node,
    process,
    properties,
    read,
    task,
    timer,
)
from failing_drawings import FAILING, LOOP, SERVICE, two_ways

from engine.diagrams.lint.rules import RULES


def test_the_sound_diagram_has_no_findings():
    assert [one.says("en") for one in lint(definitions(SOUND))] == []


def test_a_line_of_one_task_has_no_findings():
    assert lint(line(task())) == []


@pytest.mark.parametrize(
    ("rule", "element_id", "drawn"),
    FAILING,
    ids=[f"{rule}:{number}" for number, (rule, _, _) in enumerate(FAILING)],
)
def test_a_rule_names_the_element_and_the_line(rule, element_id, drawn):
    found = [one for one in lint(drawn) if one.rule == rule]

    named = [
        one
        for one in found
        if one.element_id == element_id or (element_id == "line_" and str(one.element_id).startswith("line_"))
    ]
    assert named, [one.says("en") for one in lint(drawn)]
    one = named[0]
    assert one.severity == RULES[rule].severity
    assert one.file == "complaint.bpmn"
    assert one.line or element_id is None
    for locale in ("zh", "en"):
        assert one.reason[locale]
        assert one.remedy[locale] or rule in ("bad-expression", "bad-script")
        assert "complaint.bpmn" in one.says(locale)


def test_a_file_without_a_process_is_told_so_even_with_an_id_used_twice():
    assert "no-process" in [
        one.rule for one in lint(definitions(roots='<bpmn:message id="m"/><bpmn:message id="m"/>'))
    ]


def test_every_rule_has_a_failing_model():
    assert {rule for rule, _, _ in FAILING} == set(RULES)


def test_every_rule_says_what_is_wrong_and_what_to_do_in_both_languages():
    for rule in RULES.values():
        assert rule.severity in ("error", "warning", "advice")
        assert rule.zh != rule.en
        assert bool(rule.remedy_zh) == bool(rule.remedy_en)
        assert rule.zh.isascii() is False
        assert rule.en.isascii()


def test_errors_stand_before_warnings_and_these_before_advice():
    findings = lint(line(node("userTask", "Odd")).replace('name="Odd"', ""))

    order = ["error", "warning", "advice"]
    assert [order.index(one.severity) for one in findings] == sorted(
        order.index(one.severity) for one in findings
    )


def test_what_it_does_not_know_it_does_not_judge():
    drawn = line(
        node(
            "userTask",
            "reply_customer",
            properties(sla="other", source="X-1/T1"),
            'camunda:candidateGroups="boss" camunda:formRef="other"',
        ),
        node("serviceTask", "work", attributes='camunda:type="external" camunda:topic="other"'),
        node(
            "businessRuleTask", "choose", attributes='camunda:decisionRef="other" camunda:resultVariable="x"'
        ),
        node("scriptTask", "set", "<bpmn:script>a = whatever</bpmn:script>"),
    )

    assert lint(drawn, context=type(CONTEXT)()) == []


def test_a_limit_is_looked_for_in_every_profile():
    profiles = {**CONTEXT.profiles, "CMP-03": replace(CONTEXT.profiles["CMP-01"], limits={"reply"})}

    found = lint(
        line(event("wait", timer('${limit("handle")}'))), context=replace(CONTEXT, profiles=profiles)
    )

    assert ["CMP-03: handle" in one.reason["en"] for one in found] == [True]


def test_a_flow_is_named_by_its_own_name():
    drawn = two_ways("exclusiveGateway", "", "", default="b").replace(
        'id="way_to_a"', 'id="way_to_a" name="同意"'
    )

    assert [one.element_name for one in lint(drawn) if one.rule == "missing-condition"] == ["同意"]
    assert [one.element_name for one in lint(line(task()) + flows("reply_customer>nowhere"))] == [None]


def test_two_files_may_not_hold_one_process():

    from engine.diagrams import lint_diagrams, read_diagram

    other = read_diagram(definitions(process(line(task()))), "again.bpmn")

    found = lint_diagrams([read(line(task())), other], CONTEXT)

    assert [(one.rule, one.file, one.element_id) for one in found] == [
        ("duplicate-id", "again.bpmn", "answer_complaint")
    ]


@pytest.mark.parametrize(
    "text", ["2 WD", "8 WH", "same day", "PT48H", "P2D", "2026-12-24T12:00:00+08:00", "every month by 10"]
)
def test_a_timer_may_be_written_so(text):
    assert lint(line(event("wait", timer(text)))) == []


def test_a_repeating_timer_that_only_tells_is_fine():
    drawn = line(task()) + boundary("tick", "reply_customer", timer("R3/PT1H", "timeCycle"), cancels=False)
    drawn += node("serviceTask", "tell", attributes=SERVICE) + end("told") + flows("tick>tell", "tell>told")

    assert lint(drawn) == []


def test_variables_come_from_scripts_decisions_loops_outputs_and_mappings():
    drawn = line(
        node("scriptTask", "set", "<bpmn:script>fee = amount\ntotal = fee + amount</bpmn:script>"),
        node(
            "businessRuleTask",
            "choose",
            attributes='camunda:decisionRef="level" camunda:resultVariable="stage"',
        ),
        node(
            "serviceTask",
            "work",
            extension(
                '<camunda:inputOutput><camunda:inputParameter name="a">${stage} ${fee}</camunda:inputParameter><camunda:outputParameter name="sent">${anything}</camunda:outputParameter></camunda:inputOutput>'
            ),
            SERVICE,
        ),
        node("scriptTask", "use", "<bpmn:script>x = sent\ny = total</bpmn:script>"),
        task(
            "each",
            LOOP.format('camunda:collection="names" camunda:elementVariable="one"'),
            'camunda:priority="${loopCounter}"',
        ).replace('"first_receiver"', '"${one}"'),
    )

    assert lint(drawn) == []
