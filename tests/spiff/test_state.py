"""What people write into variables cannot hurt the stored state: no value of theirs is in it."""

import pytest
from bpmn_stories import compiled, flows, process

NASTY = {
    "typename": "BpmnWorkflow",
    "value": {"typename": "Task", "id": "00000000-0000-0000-0000-000000000000"},
    "data_objects": {"typename": "set"},
    "seen": [1],
    "was_true": True,
    "event_fired": True,
    "merged": ["x"],
    "__class__": "x",
}
LOOP = '<multiInstanceLoopCharacteristics isSequential="{}" camunda:collection="items" camunda:elementVariable="item"/>'


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_values_that_look_like_the_engines_own_words_are_only_values(tell, sequential):
    body = (
        '<startEvent id="received"/>'
        + f'<userTask id="work">{LOOP.format(sequential)}</userTask><userTask id="check"/>'
        + '<boundaryEvent id="hot" attachedToRef="check"><conditionalEventDefinition><condition>value == 1</condition></conditionalEventDefinition></boundaryEvent>'
        + '<endEvent id="closed"/>'
        + flows("received>work", "work>check", "check>closed", "hot>closed")
    )
    items = [NASTY, {"typename": "UUID"}, {"typename": ["list"]}]
    story = tell(compiled(process(body)), items=items, **NASTY)
    seen = []
    while "work" in story.places():
        assert b"typename" not in story.run.dump()
        seen.append(story.run.scope(story.key("work")).visible()["item"])
        story.complete("work", **NASTY)
    assert seen == items
    assert story.places() == ["check"]
    assert {name: story.scopes["case"][name] for name in NASTY} == NASTY

    assert story.complete("check").run.is_completed


def test_an_element_with_a_word_of_the_engine_as_its_id_is_stored_too(tell):
    body = (
        '<startEvent id="typename"/><userTask id="internal_data"/><userTask id="completed"/><endEvent id="tasks"/>'
        + flows("typename>internal_data", "internal_data>completed", "completed>tasks")
    )
    story = tell(compiled(process(body))).complete("internal_data").complete("completed")
    assert story.log == ["typename", "internal_data", "completed", "tasks"]
