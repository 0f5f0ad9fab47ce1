"""An attack in a diagram or a table is refused before it runs, with the element, the line and what was written."""

import pytest
from drawings import boundary, end, event, extension, flows, line, lint, node, properties, start, task, timer
from tables import dmn

from engine.decisions import DecisionError, read_decisions

ATTACKS = [
    "().__class__.__mro__[1].__subclasses__()",
    "__import__('os').system('id')",
    "[x for x in names]",
    "9 ** 9 ** 9",
    "open('/etc/passwd')",
    "level.__class__",
    "lambda: 1",
    "'a' * 1000000000",
]
SERVICE = 'camunda:type="external" camunda:topic="notify"'


def quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def loop(attack: str, part: str) -> str:
    if part == "collection":
        return f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="{quoted(attack)}" camunda:elementVariable="one"/>'
    inner = "".join(
        f"<bpmn:{tag}>{quoted(attack) if tag == part else 2}</bpmn:{tag}>"
        for tag in ("loopCardinality", "completionCondition")
    )
    return f"<bpmn:multiInstanceLoopCharacteristics>{inner}</bpmn:multiInstanceLoopCharacteristics>"


def parameters(attack: str, tag: str) -> str:
    return extension(
        f'<camunda:inputOutput><camunda:{tag} name="a">${{{quoted(attack)}}}</camunda:{tag}></camunda:inputOutput>'
    )


def gateway(attack: str) -> str:
    return (
        start() + node("exclusiveGateway", "way", attributes='default="way_to_b"') + task("a") + task("b") + end()
        + flows("received>way", f"way>a?{quoted(attack)}", "way>b", "a>closed", "b>closed")
    )  # fmt: skip


# where an expression may stand → (the element that is named, how it is drawn there)
PLACES = {
    "a condition": ("way_to_a", gateway),
    "a timer": ("wait", lambda attack: line(event("wait", timer(f"${{{quoted(attack)}}}")))),
    "a boundary timer": ("late", lambda attack: line(task()) + boundary("late", "reply_customer", timer(f"${{{quoted(attack)}}}")) + flows("late>closed")),
    "a script": ("set", lambda attack: line(node("scriptTask", "set", f"<bpmn:script>x = 1\ny = {quoted(attack)}</bpmn:script>"))),
    "an inputParameter": ("work", lambda attack: line(node("serviceTask", "work", parameters(attack, "inputParameter"), SERVICE))),
    "an outputParameter": ("work", lambda attack: line(node("serviceTask", "work", parameters(attack, "outputParameter"), SERVICE))),
    "a topic": ("work", lambda attack: line(node("serviceTask", "work", attributes=f'camunda:type="external" camunda:topic="${{{quoted(attack)}}}"'))),
    "candidateGroups": ("ask", lambda attack: line(node("userTask", "ask", attributes=f'camunda:formRef="reply" camunda:candidateGroups="${{{quoted(attack)}}}"'))),
    "candidateUsers": ("ask", lambda attack: line(node("userTask", "ask", attributes=f'camunda:formRef="reply" camunda:candidateUsers="${{{quoted(attack)}}}"'))),
    "an assignee": ("reply_customer", lambda attack: line(task(attributes=f'camunda:assignee="${{{quoted(attack)}}}"'))),
    "a due date": ("reply_customer", lambda attack: line(task(attributes=f'camunda:dueDate="${{{quoted(attack)}}}"'))),
    "a follow-up date": ("reply_customer", lambda attack: line(task(attributes=f'camunda:followUpDate="${{{quoted(attack)}}}"'))),
    "a priority": ("reply_customer", lambda attack: line(task(attributes=f'camunda:priority="${{{quoted(attack)}}}"'))),
    "a clock": ("reply_customer", lambda attack: line(task(inner=properties(sla=f"${{{quoted(attack)}}}")))),
    "a correlation": ("wait", lambda attack: line(node("receiveTask", "wait", properties(correlation=f"${{{quoted(attack)}}}"), 'messageRef="m"'))),
    "a collection": ("reply_customer", lambda attack: line(task(inner=loop(attack, "collection")))),
    "a cardinality": ("reply_customer", lambda attack: line(task(inner=loop(attack, "loopCardinality")))),
    "a completion condition": ("reply_customer", lambda attack: line(task(inner=loop(attack, "completionCondition")))),
    "a mapping into a call": ("call", lambda attack: line(node("callActivity", "call", extension(f'<camunda:in sourceExpression="{quoted(attack)}" target="x"/>'), 'calledElement="p"'))),
    "a mapping out of a call": ("call", lambda attack: line(node("callActivity", "call", extension(f'<camunda:out sourceExpression="{quoted(attack)}" target="x"/>'), 'calledElement="p"'))),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack[:20])
@pytest.mark.parametrize("place", PLACES)
def test_an_attack_in_a_diagram_is_refused_with_element_and_line(place, attack):
    element_id, draw = PLACES[place]
    drawn = draw(attack)

    found = [one for one in lint(drawn) if one.rule in ("bad-expression", "bad-script")]

    assert [one.element_id for one in found] == [element_id]
    assert found[0].severity == "error"
    assert found[0].file == "complaint.bpmn"
    assert found[0].line > 4
    assert found[0].says("en").startswith(f"complaint.bpmn:{found[0].line}: {element_id}")
    assert attack[:20] in found[0].reason["en"]
    assert attack[:20] in found[0].reason["zh"]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack[:20])
@pytest.mark.parametrize(
    ("rule", "place"), [("{} | 1", "rule 1, input 'level'"), ('"a" | {}', "rule 1, output 1")]
)
def test_an_attack_in_a_table_is_refused_with_rule_and_column(rule, place, attack):
    with pytest.raises(DecisionError) as refused:
        read_decisions(dmn(["level"], ["y"], [rule.format(attack)]), "level.dmn")

    assert refused.value.en.startswith(f"level.dmn:1: choose, {place}")


def test_the_name_of_an_input_is_no_expression():
    with pytest.raises(DecisionError, match="name of a variable"):
        read_decisions(dmn(["__import__('os')"], ["y"], ['"a" | 1']), "level.dmn")
