"""A token that waits on its way for a repeating timer passes once, after the first round."""

import pytest
from bpmn_stories import flows, process
from rewritten import notes, told


def waiting(cycle: str) -> str:
    return process(
        '<startEvent id="received"/><intermediateCatchEvent id="wait"><timerEventDefinition>'
        f"<timeCycle>{cycle}</timeCycle></timerEventDefinition></intermediateCatchEvent>"
        '<endEvent id="closed"/>' + flows("received>wait", "wait>closed")
    )


@pytest.mark.parametrize("cycle", ["R3/PT1H", "R/PT1H", " R12/PT1H "])
def test_it_waits_for_the_first_round(cycle):
    story = told(waiting(cycle))

    assert [(one.kind, one.text) for one in story.run.waiting.values()] == [("timer", "PT1H")]
    assert story.fire("wait").changes.ended.element_id == "closed"
    assert notes(waiting(cycle)) == [("first-round", "wait")]


@pytest.mark.parametrize("cycle", ["R0/PT1H", "R3/2026-02-13T08:00:00Z/PT1H", "0 0 9 * * ?", "every month 1"])
def test_what_says_more_is_left_to_lint(cycle):
    assert notes(waiting(cycle)) == []
