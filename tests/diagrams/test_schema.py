"""What the schema of the standard says of a file, in plain words; false alarms are left out."""

import time

import pytest
from drawings import (
    SOUND,
    boundary,
    definitions,
    end,
    event,
    flows,
    line,
    lint,
    node,
    process,
    start,
    task,
    timer,
)

from engine.diagrams import Finding

VENDOR = "<bpmn:extensionElements/>"


def of_the_schema(drawn: str | bytes) -> list[Finding]:
    return [one for one in lint(drawn) if one.rule.startswith("schema")]


# what is drawn → rule, element, words of the finding
SLIPS = {
    "an element that the standard does not know": (line(task(inner="<bpmn:taskk/>")), "schema", "reply_customer", "`taskk` may not stand here"),
    "a flow node that the standard does not know": (line(task()) + node("robotTask", "robot"), "schema", "robot", "`robotTask` may not stand here"),
    "two loop markers": (line(task(inner="<bpmn:standardLoopCharacteristics/><bpmn:multiInstanceLoopCharacteristics/>")), "schema", "reply_customer", "`multiInstanceLoopCharacteristics` may not stand here"),
    "a flow from nowhere": (line(task()).replace('sourceRef="received"', ""), "schema", "received_to_reply_customer", "the attribute `sourceRef` is missing"),
    "a boundary event on nothing": (line(task()) + event("late", timer(), "boundaryEvent") + flows("late>closed"), "schema", "late", "the attribute `attachedToRef` is missing"),
    "a yes that is none": (line(task()) + boundary("late", "reply_customer", timer()).replace('"true"', '"yes"') + flows("late>closed"), "schema", "late", "the attribute `cancelActivity` cannot be `yes`"),
    "two conditions": (line(task()).replace('targetRef="closed">', 'targetRef="closed"><bpmn:conditionExpression/><bpmn:conditionExpression/>'), "schema", "reply_customer_to_closed", "`conditionExpression` may not stand here"),
    "a setting without a namespace": (line(task(attributes='assignee="li_na"')), "schema-loose", "reply_customer", "no attribute `assignee`"),
    "notes in front of tasks": ('<bpmn:textAnnotation id="note"/>' + line(task()), "schema-loose", "received", "`startEvent` may not stand here"),
    "documentation behind the rest": (line(task(inner=f"{VENDOR}<bpmn:documentation/>")), "schema-loose", "reply_customer", "`documentation` may not stand here"),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "rule", "element", "said"), SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_named_with_its_element_and_line(drawn, rule, element, said):
    (found,) = of_the_schema(drawn)

    assert (found.rule, found.element_id) == (rule, element)
    assert said in found.reason["en"]
    assert found.line
    assert found.reason["zh"]


FALSE_ALARMS = {
    "all that is executed": definitions(SOUND),
    "a call that an expression names": line(node("callActivity", "call", attributes='calledElement="${names[0]}"')),
    "no target namespace": definitions(process(line(task()))).replace(b'targetNamespace="t"', b""),
    "ids of other letters": line(task("1st reply")),
    "an id that is used twice, which has a rule of its own": line(task()) + task(),
    "a default that names nothing, too": start() + node("exclusiveGateway", "way", attributes='default="no where"') + end() + flows("received>way", "way>closed"),
    "a vendor's own attributes": line(task(attributes='xmlns:own="https://own.example/x" own:colour="red"')),
}  # fmt: skip


@pytest.mark.parametrize("drawn", FALSE_ALARMS.values(), ids=FALSE_ALARMS.keys())
def test_it_gives_no_false_alarm(drawn):
    assert [one.says("en") for one in of_the_schema(drawn)] == []


def test_a_file_of_slips_names_the_first_ones_only():
    drawn = line(*(task(f"t{number}", inner="<bpmn:taskk/>") for number in range(100)))

    assert len(of_the_schema(drawn)) == 20


def test_the_schema_is_built_once():
    lint(line(task()))
    began = time.process_time()

    for _ in range(20):
        lint(line(task()))

    assert (
        time.process_time() - began < 2
    )  # building it each time would not be seen here, but a slow one would
