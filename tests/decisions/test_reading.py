"""Reading DMN files: what dmn-js writes is read, and what would be executed differently is refused."""

import pytest
from tables import NAMESPACE, dmn, table

from engine.decisions import DecisionError, read_decisions

RULE = ['"a" | 1']


@pytest.mark.parametrize(
    "namespace",
    [
        NAMESPACE,
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    ],
)
def test_it_reads_each_version_that_dmn_js_writes(namespace):
    found = read_decisions(dmn(["x:string"], ["y:number"], RULE, namespace=namespace), "level.dmn")[0]

    assert (found.id, found.name, found.hit_policy) == ("choose", "定级", "UNIQUE")
    assert found.inputs[0].path == ("x",)
    assert found.outputs[0].name == "y"
    assert found.rules[0].number == 1
    assert found.rules[0].line == 1


def refused(content: bytes) -> DecisionError:
    with pytest.raises(DecisionError) as caught:
        read_decisions(content, "level.dmn")
    assert caught.value.en.startswith("level.dmn")
    assert caught.value.zh.startswith("level.dmn")
    return caught.value


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "well-formed"),
        (b"<definitions", "well-formed"),
        (b"<definitions/>", "DMN 1.1 to 1.5"),
        (b"not xml", "well-formed"),
        (b"\x00\x01", "well-formed"),
        (b'<!DOCTYPE d [<!ENTITY a "x">]>' + dmn(["x"], ["y"], RULE), "DOCTYPE"),
        (b'<!DOCTYPE d SYSTEM "file:///etc/passwd">' + dmn(["x"], ["y"], RULE), "DOCTYPE"),
        (b" " * 2_000_001, "2 MB"),
        (dmn(["x"], ["y"], RULE).replace(b'id="choose" name="\xe5\xae\x9a\xe7\xba\xa7"', b""), "id of its own"),
        (dmn(["x"], ["y"], RULE, policy="WHATEVER"), "hit policy"),
        (dmn(["x"], ["y"], RULE, policy="COLLECT", aggregation="AVG"), "hit policy"),
        (dmn(["x"], ["y"], RULE, policy="UNIQUE", aggregation="SUM"), "COLLECT with one output"),
        (dmn(["x"], ["y", "z"], ['"a" | 1 | 2'], policy="COLLECT", aggregation="SUM"), "COLLECT with one output"),
        (dmn(["x"], ["y"], ['"a" | "b"'], policy="COLLECT", aggregation="SUM"), "Expected a number for SUM"),
        (dmn(["x"], ["y"], ['"a" | '], policy="COLLECT", aggregation="MIN"), "Expected a number for MIN"),
        (dmn(["x"], ["y"], ['"a" | true'], policy="COLLECT", aggregation="MAX"), "Expected a number for MAX"),
        (dmn(["x"], ["y"], RULE, policy="PRIORITY"), "output values in order of priority"),
        (dmn(["x"], ["y"], RULE, policy="OUTPUT ORDER"), "output values in order of priority"),
        (dmn(["x"], ["y"], RULE, policy="PRIORITY", values="2,3"), "one of the output values"),
        (dmn(["x"], ["y"], RULE, values="a,b"), "output values"),
        (dmn(["x"], [], ['"a"']), "at least one output"),
        (dmn(["x"], ["y"], ['"a"']), "a cell for every column"),
        (dmn(["x"], ["y"], ['"a" | 1 | 2']), "a cell for every column"),
        (dmn(["amount > 5"], ["y"], RULE), "name of a variable"),
        (dmn([""], ["y"], RULE), "name of a variable"),
        (dmn(["x["], ["y"], RULE), "name of a variable"),
        (dmn(["x"], ["y"], RULE, extra='<informationRequirement><requiredDecision href="#other"/></informationRequirement>'), "required decision of this file"),
        (dmn(["x"], ["y"], RULE).replace(b"</output>", b"<defaultOutputEntry><text>amount</text></defaultOutputEntry></output>"), "default"),
        (dmn(["x"], ["y"], RULE).replace(b"<inputEntry", b'<inputEntry expressionLanguage="javascript"'), "written in javascript"),
        (dmn(["x"], ["y"], RULE).replace(b"<inputExpression", b'<inputExpression expressionLanguage="juel"'), "written in juel"),
        (dmn(["x"], ["y"], RULE).replace(b"decisionTable", b"literalExpression"), "Expected a decision table"),
    ],
    ids=lambda one: ascii(one)[:60],
)  # fmt: skip
def test_it_refuses(content, part):
    assert part in refused(content).en


def test_it_refuses_two_decisions_of_one_id():
    one = dmn(["x"], ["y"], RULE)
    begin, end = one.index(b"<decision "), one.index(b"</definitions>")

    assert "id of its own" in refused(one[:end] + one[begin:end] + one[end:]).en


def test_it_names_the_line():
    content = dmn(["x"], ["y"], ['"a" | 1', "oops | 2"]).replace(b"<rule", b"\n<rule")

    assert refused(content).en.startswith("level.dmn:3: choose, rule 2, input 'x'")


def test_an_entity_bomb_is_refused_at_once():
    entities = "".join(f'<!ENTITY e{number + 1} "{f"&e{number};" * 10}">' for number in range(12))
    bomb = f'<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><d>&e12;</d>'.encode()

    assert "level.dmn" in refused(bomb).en


def test_feel_may_be_named_as_the_language():
    content = dmn(["x"], ["y"], RULE).replace(
        b"<inputEntry", b'<inputEntry expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/"'
    )

    assert read_decisions(content, "level.dmn")[0].evaluate({"x": "a"}).outputs == [{"y": 1}]


def test_a_column_without_a_kind_takes_everything():
    assert table(["x"], ["y"], ["5 | 1", '"a" | 2']).evaluate({"x": "a"}).outputs == [{"y": 2}]
