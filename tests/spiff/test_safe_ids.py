"""Ids that the engine keeps for tasks of its own run like any other, and nobody sees what they are called inside."""

import pytest
from bpmn_stories import NOW, compiled, flows, process

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def test_a_case_runs_through_reserved_ids(tell):
    drawn = process(
        '<startEvent id="Start"/><userTask id="End"/><boundaryEvent id="Root" attachedToRef="End">' + TIMER
        + '</boundaryEvent><endEvent id="p.EndJoin"/><endEvent id="late"/>'
        + flows("Start>End", "End>p.EndJoin", "Root>late")
    )  # fmt: skip

    story = tell(compiled(drawn))
    assert story.places() == ["End"]
    assert story.places("timer") == ["Root"]

    story.complete("End")
    assert story.log == ["Start", "End", "p.EndJoin"]
    assert story.changes.ended.element_id == "p.EndJoin"


@pytest.mark.parametrize("host", ["End", "Root"])
def test_a_timer_on_one_fires(tell, host):
    drawn = process(
        f'<startEvent id="received"/><userTask id="{host}"/><boundaryEvent id="overdue" attachedToRef="{host}">{TIMER}'
        + '</boundaryEvent><endEvent id="closed"/><endEvent id="late"/>'
        + flows(f"received>{host}", f"{host}>closed", "overdue>late")
    )  # fmt: skip

    story = tell(compiled(drawn)).fire("overdue")

    assert story.changes.ended.element_id == "late"


def test_an_error_names_the_drawn_id(tell):
    drawn = process(
        '<startEvent id="received"/><subProcess id="End"><startEvent id="Start"/><userTask id="handle"/><endEvent id="done"/>'
        '<sequenceFlow id="a" sourceRef="Start" targetRef="handle"/><sequenceFlow id="b" sourceRef="handle" targetRef="done"/>'
        '</subProcess><endEvent id="closed"/>' + flows("received>End", "End>closed")
    )  # fmt: skip

    story = tell(compiled(drawn))
    assert [one.element_id for one in story.run.open_visits()] == ["End", "handle"]

    story.complete("handle")
    assert story.log == ["received", "Start", "handle", "done", "End", "closed"]
    assert story.run.last_entered_at("End") == NOW
