"""Ten changes are planted, one at a time: each is reported for the cases that it concerns, and nothing else is."""

from collections.abc import Collection

import pytest
from replayed_cases import KINDS, changed, replayed

from engine.commands.engine import Engine
from engine.rehearsal.replay import ReplayReport

SMALL, MIDDLE, LARGE, REFUSED, SLOW, SLOWEST = range(len(KINDS))
PROFILE, DIAGRAM, TABLE = "profiles/PARCEL.toml", "parcel.bpmn", "payment.dmn"


def found(report: ReplayReport) -> dict[int, set[tuple[str, str]]]:
    """Number of the case → (kind, element) of its differences. Every case was reproduced."""
    assert not report.not_reproduced, report.not_reproduced
    assert report.total == report.played == len(KINDS)
    return {
        int(case.business_key[-4:]) - 1: {(one.kind, one.element_id) for one in case.differences}
        for case in report.different
    }


def test_the_same_version_makes_no_difference(engine: Engine) -> None:
    assert found(replayed(engine, changed())) == {}


EVERY = frozenset(range(len(KINDS)))
Edits = tuple[tuple[str, str, str], ...]
Expected = dict[int, set[tuple[str, str]]]


def of(numbers: Collection[int], *differences: tuple[str, str]) -> Expected:
    return {number: set(differences) for number in numbers}


REMINDER = """    <boundaryEvent id="approve_late" name="迟未批准" attachedToRef="approve" cancelActivity="false">
      <timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT6H</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <userTask id="press" name="催办" camunda:candidateGroups="first_receiver" />
    <endEvent id="pressed" name="已催办" />
"""
REMINDER_FLOWS = """    <sequenceFlow id="to_press" sourceRef="approve_late" targetRef="press" />
    <sequenceFlow id="to_pressed" sourceRef="press" targetRef="pressed" />
"""
NEW_STEP: Edits = (
    (DIAGRAM, 'sourceRef="look" targetRef="judge" />',
     'sourceRef="look" targetRef="weigh" /><sequenceFlow id="to_judge_then" sourceRef="weigh" targetRef="judge" />'),
    (DIAGRAM, '<businessRuleTask',
     '<userTask id="weigh" name="称重" camunda:candidateGroups="first_receiver" /><businessRuleTask'),
)  # fmt: skip
SEPARATE = (
    '<userTask id="press" name="催办" camunda:candidateGroups="first_receiver"><extensionElements>'
    '<camunda:properties><camunda:property name="separate.from" value="look" /></camunda:properties>'
    "</extensionElements></userTask>"
)

PLANTED: dict[str, tuple[Edits, Expected]] = {
    "a shorter limit is broken, and people hear of it": (
        ((PROFILE, 'value = "1 WD"', 'value = "2 WH"'),),
        of(EVERY - {SLOW}, ("broken", "look"), ("told", "look")),
    ),
    "a longer limit is kept, and nobody hears": (
        ((PROFILE, 'value = "3 WD"', 'value = "20 WD"'),),
        of([SLOWEST], ("kept", "approve"), ("not_told", "approve")),
    ),
    "another condition of a branch": (
        ((DIAGRAM, "payment &gt; 50", "payment &gt; 100"),),
        {
            MIDDLE: {("way", "approve")},
            REFUSED: {("way", "join"), ("stuck", "pay")},
            SLOWEST: {("way", "approve"), ("kept", "approve"), ("not_told", "approve")},
        },
    ),
    "another row of a table": (
        ((TABLE, "[100..500]", "[100..400]"),),
        of([SLOWEST], ("decision", "judge")),
    ),
    "a step is removed": (
        ((DIAGRAM, REMINDER, ""), (DIAGRAM, REMINDER_FLOWS, "")),
        of([LARGE, SLOWEST], ("gone_step", "approve_late"), ("gone_step", "press"), ("gone_step", "pressed")),
    ),
    "a step is added, which nobody has ever answered": (NEW_STEP, of(EVERY, ("stuck", "weigh"))),
    "a step is for another role": (
        ((DIAGRAM, 'id="press" name="催办" camunda:candidateGroups="first_receiver"',
          'id="press" name="催办" camunda:candidateGroups="outlet_head"'),),
        of([LARGE, SLOWEST], ("barred", "press")),
    ),
    "a step is for another role too": (
        ((DIAGRAM, 'id="press" name="催办" camunda:candidateGroups="first_receiver"',
          'id="press" name="催办" camunda:candidateGroups="first_receiver,outlet_head"'),),
        of([LARGE, SLOWEST], ("people", "press")),
    ),
    "another ladder": (
        ((PROFILE, 'warn = ["75%"]', 'warn = []'),),
        {SLOW: {("not_told", "look")}, SLOWEST: {("not_told", "look"), ("not_told", "approve")}},
    ),
    "a guard: a step must be done by somebody else": (
        ((DIAGRAM, '<userTask id="press" name="催办" camunda:candidateGroups="first_receiver" />', SEPARATE),),
        of([LARGE, SLOWEST], ("barred", "press")),
    ),
    "a condition that cannot be answered": (
        ((DIAGRAM, "payment &gt; 50", "payment &gt; shelf.room"),),
        of(EVERY, ("stopped", "much")),
    ),
    "a later timer": (
        ((DIAGRAM, "PT6H", "PT40H"),),
        of([LARGE], ("way", "approve_late")),
    ),
    "an earlier timer opens what nobody answered then": (
        ((DIAGRAM, "PT6H", "PT1H"),),
        of([MIDDLE, REFUSED], ("way", "approve_late"), ("stuck", "press")),
    ),
    "another end": (
        ((DIAGRAM, '<endEvent id="refused" name="不予补偿" />', '<endEvent id="denied" name="不予补偿" />'),
         (DIAGRAM, 'targetRef="refused"', 'targetRef="denied"')),
        of([REFUSED], ("end", "denied")),
    ),
    "a form asks for more": (
        (
            ("forms/look.json", '"required": ["worth"]', '"required": ["worth", "shelf"]'),
            ("forms/look.json", '"worth": 30', '"worth": 30, "shelf": "A"'),
        ),
        of(EVERY, ("refused", "look")),
    ),
    "a start form asks for more": (
        (
            ("forms/ask.json", '"required": ["subject"]', '"required": ["subject", "phone"]'),
            ("forms/ask.json", '"subject": "包裹没有到"', '"subject": "包裹没有到", "phone": "1"'),
        ),
        of(EVERY, ("refused", "asked")),
    ),
    "another message, which never came": (
        ((DIAGRAM, 'name="parcel_back"', 'name="parcel_home"'),),
        of(EVERY - {REFUSED}, ("stuck", "back")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_difference_is_reported_and_no_other(engine: Engine, name: str) -> None:
    edits, expected = PLANTED[name]
    assert found(replayed(engine, changed(*edits))) == expected


def test_a_new_step_may_be_filled_with_its_example(engine: Engine) -> None:
    report = replayed(engine, changed(*NEW_STEP), is_filling=True)
    assert found(report) == of(EVERY, ("new_step", "weigh"))
