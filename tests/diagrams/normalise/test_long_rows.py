"""Very long rows of steps run, or are refused with the place; none ends in the middle."""

import itertools

import pytest
from bpmn_stories import flows, process
from rewritten import notes, rewritten, told

from engine.spiff import DiagramNotRunnable, Guards, compile_process


def deadline(key: str) -> str:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    return (
        f'<boundaryEvent id="late_{key}" attachedToRef="{key}">{timer}</boundaryEvent>'
        f'<sequenceFlow id="out_{key}" sourceRef="late_{key}" targetRef="closed"/>'
    )


def row(count: int, late: bool = False) -> str:
    keys = [f"step_{number}" for number in range(count)]
    drawn = "".join(f'<scriptTask id="{key}"><script>n = n + 1</script></scriptTask>' for key in keys)
    drawn += "".join(deadline(key) for key in keys) if late else ""
    path = ["received", *keys, "closed"]
    ends = '<startEvent id="received"/><endEvent id="closed"/>'
    return process(ends + drawn + flows(*(f"{a}>{b}" for a, b in itertools.pairwise(path))))


def test_a_thousand_steps_in_a_row_run_one_after_the_other():
    drawn = row(1_000)

    story = told(drawn, n=0, restarting=False, guards=Guards(max_steps=5_000))

    assert story.scopes["case"]["n"] == 1_000
    assert story.log == ["received", *(f"step_{number}" for number in range(1_000)), "closed"]
    assert story.changes.ended.element_id == "closed"


def test_one_note_is_made_for_the_whole_row():
    assert notes(row(400)) == [("stretch", "step_0")]


def test_an_ordinary_row_stays_as_it_is():
    assert notes(row(150)) == []


def test_what_cannot_be_cut_is_refused_with_the_place():
    drawn = row(350, late=True)

    with pytest.raises(DiagramNotRunnable) as refused:
        compile_process("p", {"p.bpmn": rewritten(drawn).root})

    assert "sub-processes" in refused.value.reason
    assert refused.value.element_id.startswith("step_")
