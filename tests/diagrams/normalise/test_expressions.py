"""Expressions of Java engines become ours where they mean the same; everything else stays as it was written."""

import time

import pytest
from bpmn_stories import flows, process
from rewritten import found, notes, rewritten, told

from engine.diagrams.normalise import expressions
from engine.expressions import compile_expression

START, END = '<startEvent id="received"/>', '<endEvent id="closed"/>'


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def read_as(condition: str) -> str:
    drawn = process(
        START + '<exclusiveGateway id="choice" default="f2_choice"/>' + END
        + flows("received>choice", f"choice>closed?{escaped(condition)}", "choice>closed")
    )  # fmt: skip
    return str(found(rewritten(drawn).root, "f1_choice").find("{*}conditionExpression").text)


@pytest.mark.parametrize(
    ("written", "values", "result"),
    [
        ('${"outlet".equals(level)}', {"level": "outlet"}, True),
        ("${level.equals('outlet')}", {"level": "shop"}, False),
        ('${!level.equals("outlet")}', {"level": "shop"}, True),
        ("${customer.level.equals(wanted)}", {"customer": {"level": 1}, "wanted": 1}, True),
        ("${empty names}", {"names": []}, True),
        ("${not empty names && amount gt 3}", {"names": ["a"], "amount": 4}, True),
        ("${!empty customer.city || amount eq 1}", {"customer": {"city": ""}, "amount": 2}, False),
        ("#{amount > 3 and level == 'a'}", {"amount": 4, "level": "a"}, True),
        ("${amount > 3 ? true : false}", {"amount": 4}, True),
        ("${execution.getVariable('amount') >= 4}", {"amount": 4}, True),
        ("${names.size() == 2}", {"names": ["a", "b"]}, True),
        ("${names.isEmpty()}", {"names": ["a"]}, False),
        ("amount div 2 == 2", {"amount": 4}, True),
        ('${text == "empty x.equals(y)"}', {"text": "empty x.equals(y)"}, True),
    ],
)
def test_it_means_the_same_in_our_words(written, values, result):
    assert compile_expression(read_as(written)).evaluate(values) is result


@pytest.mark.parametrize(
    "written",
    [
        "amount > 1000 and level = 'outlet'",
        '${limit("reply_complex") if complexity = "complex" else limit("reply")}',
        "empty(names) and not empty (level)",
        "empty and level",
        "满意度 in [1, 2]",
        "${bean.method(amount)}",
        "${a ? b : c ? d : e}",
        "${execution.getVariable('not a name')}",
        "${not empty bean.method(amount)}",
        "${empty method(amount)}",
    ],
)
def test_what_is_ours_or_has_no_match_stays_as_it_is(written):
    assert read_as(written) == written


@pytest.mark.parametrize("written", ['"PT1H"', "'PT1H'", ' "PT1H" '])
def test_a_time_in_quotes_is_a_time(written):
    drawn = process(
        START + f'<intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>{written}</timeDuration>'
        + "</timerEventDefinition></intermediateCatchEvent>" + END + flows("received>pause", "pause>closed")
    )  # fmt: skip

    assert told(drawn).run.waiting.popitem()[1].text == "PT1H"
    assert notes(drawn) == [("expression", "pause")]


def test_attributes_of_the_vendor_are_read_too():
    drawn = process(
        START + '<userTask id="handle" xmlns:c="http://camunda.org/schema/1.0/bpmn" c:assignee="#{person}" name="#{person}"/>'
        + END + flows("received>handle", "handle>closed")
    )  # fmt: skip

    handle = found(rewritten(drawn).root, "handle")

    assert handle.get("{http://camunda.org/schema/1.0/bpmn}assignee") == "${person}"
    assert handle.get("name") == "#{person}"


@pytest.mark.parametrize(
    "hostile", ["a" * 1_900, '\\"' * 900, "a.a" * 600, "a[b]" * 400, "empty " * 300, "'\\'" * 600]
)
def test_no_text_is_slow_to_read(hostile):
    began = time.process_time()

    for number in range(200):
        expressions._translated(f"{number} {hostile}.equals(")

    assert time.process_time() - began < 2
