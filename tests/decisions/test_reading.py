"""Reading DMN files: what dmn-js writes is read, and what would be executed differently is refused."""

import re

import pytest
from tables import NAMESPACE, dmn, table

from engine.decisions import DecisionError, DecisionFailed, analyse, read_decisions

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


CONTENT = dmn(["x:string"], ["y:number"], RULE)


def with_beside(xml: str) -> bytes:
    """The file with something beside its decision."""
    return CONTENT.replace(b"<decision ", f"{xml}<decision ".encode(), 1)


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_it_reads_what_other_makers_and_later_versions_call_the_same(namespace):
    found = read_decisions(dmn(["x"], ["y"], RULE, namespace=namespace), "level.dmn")[0]

    assert found.evaluate({"x": "a"}).outputs == [{"y": 1}]


def test_a_file_with_a_prefix_is_read():
    content = (
        CONTENT.replace(b"</", b"<~")
        .replace(b"<", b"<dmn:")
        .replace(b"<dmn:~", b"</dmn:")
        .replace(b"xmlns=", b"xmlns:dmn=")
    )

    assert read_decisions(content, "level.dmn")[0].evaluate({"x": "a"}).outputs == [{"y": 1}]


def test_ids_are_optional_and_a_decision_is_then_called_by_its_name():
    content = re.sub(rb" id=(\"[^\"]*\"|'[^']*')", b"", CONTENT)
    found = read_decisions(content, "level.dmn")[0]

    assert (found.id, [rule.id for rule in found.rules]) == ("定级", ["rule_1"])
    assert found.evaluate({"x": "a"}).matched == ("rule_1",)


def test_what_only_explains_is_passed_over():
    explains = (
        '<inputData id="in" name="x"/><knowledgeSource id="law" name="§ 19"/><textAnnotation id="n"><text>why</text></textAnnotation>'
        '<association id="s"/><description>all</description><extensionElements/>'
    )
    content = with_beside(explains).replace(
        b"<decisionTable",
        b"<question>which?</question><variable name='y'/><informationRequirement><requiredInput href='#in'/></informationRequirement>"
        b"<authorityRequirement><requiredAuthority href='#law'/></authorityRequirement><decisionTable",
    ).replace(b"<inputEntry", b"<description>row</description><inputEntry").replace(b"</rule>", b"<annotationEntry><text>n</text></annotationEntry></rule>")  # fmt: skip

    assert read_decisions(content, "level.dmn")[0].evaluate({"x": "a"}).outputs == [{"y": 1}]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (with_beside('<businessKnowledgeModel id="b" name="b"/>'), "The element businessKnowledgeModel is not executed"),
        (with_beside('<decisionService id="b" name="b"/>'), "The element decisionService is not executed"),
        (with_beside('<import namespace="n" importType="t"/>'), "The element import is not executed"),
        (CONTENT.replace(b"<decisionTable", b"<knowledgeRequirement/><decisionTable"), "business knowledge model is not called"),
        (with_beside('<decision id="fee" name="fee"><literalExpression><text>1 + 1</text></literalExpression></decision>'), "fee: Expected a decision table, but it is a literalExpression"),
        (with_beside('<decision id="fee" name="fee"><context/></decision>'), "fee: Expected a decision table, but it is a context"),
        (with_beside('<decision id="fee" name="fee"/>'), "fee: Expected a decision table, but the decision is empty"),
        (CONTENT.replace(b"</decision>", b"<decisionTable><output name='y'/></decisionTable></decision>"), "one table in a decision"),
        (CONTENT.replace(b'id="d"', b'id="d" expressionLanguage="http://www.java.com/java"'), "written in http://www.java.com/java"),
        (CONTENT.replace(b"<decisionTable", b'<decisionTable expressionLanguage="groovy"'), "written in groovy"),
        (CONTENT.replace(b"<decisionTable", b'<decisionTable hitpolicy="FIRST"'), "attribute 'hitpolicy' of decisionTable is not known"),
        (CONTENT.replace(b"<inputEntry", b"<importedValues/><inputEntry"), "choose, rule 1: An element importedValues is not read here"),
        (CONTENT.replace(b"<text>1</text>", b"<text>1<b>2</b></text>"), "choose, rule 1: An element b is not read here"),
        (CONTENT.replace(b"<text>1</text>", b"<text>1<b xmlns='other'>2</b></text>"), "rule 1, output 1 'y': Expected one plain text"),
        (CONTENT.replace(b"<text>1</text>", b"<text>1</text><text>2</text>"), "rule 1, output 1 'y': Expected one plain text"),
        (dmn(["x"], ["y"], RULE * 2).replace(b'id="r2"', b'id="r1"'), "Expected an id of its own for each rule"),
        (dmn([f"x{n}" for n in range(100)], ["y"], []), "at most 100 columns"),
        (CONTENT.replace(b">x<", b">customer level<"), "name of a variable"),
        (CONTENT.replace(b">x<", b">null<"), "name of a variable"),
        (with_beside('<itemDefinition name="string"><typeRef>number</typeRef></itemDefinition>'), "Expected a name of its own for the item definition"),
    ],
    ids=lambda one: ascii(one)[-60:],
)  # fmt: skip
def test_it_refuses_what_another_engine_would_execute(content, part):
    assert part in refused(content).en


def test_a_kind_that_the_file_names_itself_is_checked_with_its_values():
    content = with_beside(
        '<itemDefinition id="i" name="tLevel"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
    ).replace(b'typeRef="string"', b'typeRef="tLevel"')
    found = read_decisions(content, "level.dmn")[0]

    assert found.inputs[0].kind == "string"
    with pytest.raises(DecisionFailed, match='expected one of "a","b"'):
        found.evaluate({"x": "c"})
    assert (
        'one of the input values "a","b"'
        in refused(content.replace(b'>"a"</text></inputEntry>', b'>"c"</text></inputEntry>')).en
    )


@pytest.mark.parametrize(
    "definition",
    ['<itemDefinition name="tLevel"><itemComponent name="a"/></itemDefinition>', '<itemDefinition name="tLevel" isCollection="true"><typeRef>string</typeRef></itemDefinition>', ""],
)  # fmt: skip
def test_a_kind_that_is_not_checked_is_refused_where_a_column_uses_it(definition):
    content = with_beside(definition).replace(b'typeRef="string"', b'typeRef="tLevel"')

    assert "input 'x': Expected one of the types" in refused(content).en


def test_attributes_of_other_makers_are_harmless_or_told():
    names = (
        b'<decision xmlns:camunda="http://camunda.org/schema/1.0/dmn" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" '
        b'xmlns:acme="http://acme.example" camunda:historyTimeToLive="P30D" camunda:versionTag="v1" '
    )
    content = CONTENT.replace(b"<decision ", names).replace(
        b'<input id="i0"', b'<input id="i0" biodi:width="300" camunda:inputVariable="cell"'
    ).replace(b"<rule ", b'<rule acme:weight="3" ')  # fmt: skip

    assert [
        (one.severity, one.en)
        for one in analyse(read_decisions(content, "level.dmn")[0])
        if one.rule == "unread"
    ] == [("advice", "Nothing reads the attribute weight (rule).")]
