"""What a deployment says of tables: refused where they would be executed wrongly, with table, rule, column and line."""

from pathlib import Path

import orjson
import pytest
from tables import dmn

from engine.commands.releases.check_family import check_family
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.releases.policy_register import PolicyRegister

TASK = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">
  <process id="rating" name="定级" isExecutable="true" camunda:historyTimeToLive="P1D">
    <startEvent id="begun" name="开始" camunda:formRef="ask"/>
    <businessRuleTask id="rate" name="定级" camunda:decisionRef="choose" camunda:resultVariable="level" camunda:mapDecisionResult="MAPPING"/>
    <endEvent id="rated" name="已定级"/>
    <sequenceFlow id="a" sourceRef="begun" targetRef="rate"/>
    <sequenceFlow id="b" sourceRef="rate" targetRef="rated"/>
  </process>
</definitions>"""
FORM = orjson.dumps({"$id": "ask", "type": "object", "properties": {"amount": {"type": "number"}}})
SOUND = (["amount:number"], ["y"], ["< 10 | 1", ">= 10 | 2"])


def said(files: dict[str, bytes], mapping: str = "singleEntry") -> list[tuple]:
    family = {"rating.bpmn": TASK.replace("MAPPING", mapping).encode(), "forms/ask.json": FORM} | files
    found = check_family(FamilyFiles("rating", family), PolicyRegister(Path("nowhere")), frozenset())
    return [
        (one.severity, one.rule, one.file, one.element_id, one.line, one.reason["en"])
        for one in found.findings
        if one.rule.startswith("table-") or one.file.endswith(".dmn")
    ]


def one_of(found: list[tuple], rule: str) -> tuple:
    return next(one for one in found if one[1] == rule)


def test_a_sound_table_is_not_spoken_of():
    assert said({"level.dmn": dmn(*SOUND)}) == []


@pytest.mark.parametrize(
    ("table", "part"),
    [
        (
            (["amount:number"], ["y"], ["< 10 | 1", "ten | 2"]),
            "choose, rule 2, input 'amount': Expected a test",
        ),
        (
            (["amount:number"], ["y"], ["< 10 | 1", "> 10 | twice"]),
            "choose, rule 2, output 1 'y': Expected a text in quotes",
        ),
        ((["amount:money"], ["y"], ["- | 1"]), "choose, input 'amount': Expected one of the types"),
    ],
)
def test_a_cell_that_is_not_understood_is_an_error_with_its_place(table, part):
    content = dmn(*table).replace(b"<rule", b"\n<rule")
    severity, rule, file, _, line, reason = one_of(said({"level.dmn": content}), "unreadable")

    assert (severity, rule, file) == ("error", "unreadable", "level.dmn")
    assert part in reason
    assert line == (1 if "types" in part else 3)


def test_findings_name_rules_example_and_line():
    rows = ["< 10 | 1", "< 5 | 2"]
    content = dmn(["amount:number"], ["y"], rows).replace(b"<rule", b"\n<rule")

    assert said({"level.dmn": content}) == [
        ("error", "table-overlap", "level.dmn", "choose", 3, "Rules 1, 2 hit together (amount = 4)."),
        ("warning", "table-gap", "level.dmn", "choose", None, "No rule covers amount = 10."),
    ]
    first = dmn(["amount:number"], ["y"], [*rows, "- | 3"], policy="FIRST").replace(b"<rule", b"\n<rule")
    assert [one[:5] for one in said({"level.dmn": first})] == [
        ("warning", "table-masked", "level.dmn", "choose", 3)
    ]


def test_two_files_may_not_give_one_decision():
    found = said({"level.dmn": dmn(*SOUND), "more.dmn": dmn(*SOUND)})

    assert found == [
        (
            "error",
            "table-same-id",
            "more.dmn",
            "choose",
            None,
            "A decision of this id stands in level.dmn too: rename one.",
        )
    ]


@pytest.mark.parametrize(
    ("outputs", "policy", "mapping", "severity"),
    [
        (["y"], "COLLECT", "singleEntry", "warning"),
        (["y", "z"], "UNIQUE", "singleEntry", "error"),
        (["y", "z"], "COLLECT", "collectEntries", "error"),
        (["y", "z"], "RULE ORDER", "singleResult", "warning"),
        (["y", "z"], "UNIQUE", "singleResult", None),
        (["y", "z"], "COLLECT", "resultList", None),
    ],
)
def test_a_mapping_that_would_drop_a_part_of_the_answer_is_told_before_any_case_meets_it(
    outputs, policy, mapping, severity
):
    rows = [f"{cell} | {' | '.join('1' for _ in outputs)}" for cell in ("< 10", ">= 10")]
    found = said({"level.dmn": dmn(["amount:number"], outputs, rows, policy=policy)}, mapping)

    assert [one[:5] for one in found] == (
        [] if severity is None else [(severity, "table-mapping", "rating.bpmn", "rate", 5)]
    )


def test_an_input_that_nobody_gives_is_an_error_at_the_task():
    found = said({"level.dmn": dmn(["amuont:number"], ["y"], ["- | 1"])})

    assert found == [
        ("error", "table-input", "rating.bpmn", "rate", 5, "Decision choose asks for the variable 'amuont', but no form, script or mapping gives it.")
    ]  # fmt: skip
