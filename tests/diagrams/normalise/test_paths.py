"""Paths that were drawn in short: no end, several flows out of a task, no start, links, flows without a name."""

import pytest
from bpmn_stories import flows, process
from rewritten import found, note, notes, rewritten, shape, told

START, END = '<startEvent id="received"/>', '<endEvent id="closed"/>'


def task(name: str, inner: str = "", attributes: str = "") -> str:
    return f'<userTask id="{name}" {attributes}>{inner}</userTask>'


def test_a_path_without_an_end_ends_where_it_stops():
    drawn = process(START + task("handle") + flows("received>handle"))

    assert shape(rewritten(drawn).root) == ["received>handle", "handle>handle.end.made"]
    story = told(drawn).complete("handle")
    assert story.run.is_completed
    assert story.log == ["received", "handle"]


def test_the_note_names_element_and_line():
    one = note(process(START + "\n" + task("handle") + flows("received>handle")))

    assert (one.rule, one.element_id, one.line) == ("end", "handle", 4)
    assert one.zh
    assert one.en


def test_what_is_drawn_in_full_stays_as_it_is():
    drawn = process(START + task("handle") + END + flows("received>handle", "handle>closed"))

    assert notes(drawn) == []
    assert shape(rewritten(drawn).root) == ["received>handle", "handle>closed"]


def test_a_gateway_or_an_event_that_leads_nowhere_is_no_end():
    drawn = process(START + '<exclusiveGateway id="choice"/>' + flows("received>choice"))

    assert notes(drawn) == []


def test_several_flows_out_of_a_task_are_all_taken():
    drawn = process(
        START + task("handle") + task("a") + task("b") + flows("received>handle", "handle>a", "handle>b")
    )

    story = told(drawn).complete("handle")

    assert story.places() == ["a", "b"]
    assert story.complete("b").complete("a").run.is_completed
    assert ("split", "handle") in notes(drawn)
    assert story.log == ["received", "handle", "b", "a"]


@pytest.mark.parametrize(
    ("amount", "reached"), [(1, ["always"]), (20, ["always", "large"]), (300, ["always", "huge", "large"])]
)
def test_conditions_out_of_a_task_add_to_what_is_always_taken(amount, reached):
    drawn = process(
        START + task("handle") + task("large") + task("huge") + task("always")
        + flows("received>handle", "handle>large?amount > 10", "handle>huge?amount > 100", "handle>always")
    )  # fmt: skip

    story = told(drawn, amount=amount).complete("handle")

    assert story.places() == reached
    for one in reached:
        story.complete(one)
    assert story.run.is_completed


@pytest.mark.parametrize(("amount", "reached"), [(1, ["always", "small"]), (20, ["always", "large"])])
def test_the_default_is_taken_when_no_condition_holds_whatever_else_is_taken(amount, reached):
    body = flows("received>handle", "handle>large?amount > 10", "handle>small", "handle>always")
    drawn = process(
        START + task("handle", attributes='default="f2_handle"') + task("large") + task("small") + task("always") + body
    )  # fmt: skip

    assert told(drawn, amount=amount).complete("handle").places() == reached


def test_one_condition_against_a_default_is_an_exclusive_choice():
    body = flows("received>handle", "handle>large?amount > 10", "handle>small")
    drawn = process(
        START + task("handle", attributes='default="f2_handle"') + task("large") + task("small") + body
    )

    root = rewritten(drawn).root

    assert found(root, "handle.choice.made").tag.endswith("exclusiveGateway")
    assert found(root, "handle.choice.made").get("default") == "f2_handle"
    assert found(root, "handle").get("default") is None
    assert told(drawn, amount=1).complete("handle").places() == ["small"]


def test_an_event_with_several_flows_takes_all():
    drawn = process(START + task("a") + task("b") + flows("received>a", "received>b"))

    assert told(drawn).places() == ["a", "b"]


def test_a_condition_behind_an_event_is_left_to_lint():
    drawn = process(
        START + task("a") + task("b") + END + flows("received>a?x", "received>b", "a>closed", "b>closed")
    )

    assert notes(drawn) == []


def test_everything_that_nothing_leads_to_starts_at_once():
    drawn = process(task("a") + task("b") + task("then") + flows("a>then"))

    story = told(drawn)

    assert story.places() == ["a", "b"]
    assert ("start", "p") in notes(drawn)
    assert story.complete("a").places() == ["b", "then"]


def test_a_sub_process_may_lack_both_start_and_end():
    drawn = process(
        START + f'<subProcess id="stage">{task("a") + task("b") + flows("a>b")}</subProcess>' + END
        + flows("received>stage", "stage>closed")
    )  # fmt: skip

    story = told(drawn).complete("a").complete("b")

    assert story.log == ["received", "a", "b", "stage", "closed"]
    assert story.changes.ended.element_id == "closed"


def test_flows_without_a_name_get_one():
    drawn = process(
        START + task("handle") + END
        + '<sequenceFlow sourceRef="received" targetRef="handle"/><sequenceFlow sourceRef="handle" targetRef="closed"/>'
    )  # fmt: skip

    root = rewritten(drawn).root

    assert [one.get("id") for one in root.iter("{*}sequenceFlow")] == [
        "received.to_handle.made",
        "handle.to_closed.made",
    ]
    assert notes(drawn) == [("flow-id", "received"), ("flow-id", "handle")]
    assert told(drawn).complete("handle").changes.ended.element_id == "closed"


def test_a_flow_outside_of_its_sub_process_is_moved_in():
    inside = '<startEvent id="begun"/>' + task("a") + '<endEvent id="done"/>'
    drawn = process(
        START + f'<subProcess id="stage">{inside}</subProcess>' + END
        + flows("received>stage", "stage>closed", "begun>a", "a>done")
    )  # fmt: skip

    assert [one[0] for one in notes(drawn)] == ["flow-home", "flow-home"]
    assert told(drawn).complete("a").changes.ended.element_id == "closed"


def test_a_flow_that_holds_what_it_joins_is_left_to_lint():
    drawn = process(
        '<sequenceFlow id="odd" sourceRef="begun" targetRef="done">'
        '<subProcess id="stage"><startEvent id="begun"/><endEvent id="done"/></subProcess></sequenceFlow>'
    )

    assert ("flow-home", "odd") not in notes(drawn)


LINK = '<linkEventDefinition name="over there"/>'


def test_a_pair_of_links_is_a_flow():
    drawn = process(
        START + f'<intermediateThrowEvent id="go">{LINK}</intermediateThrowEvent>'
        + f'<intermediateCatchEvent id="come">{LINK}</intermediateCatchEvent>' + task("a") + END
        + flows("received>go", "come>a", "a>closed")
    )  # fmt: skip

    assert "go>come" in shape(rewritten(drawn).root)
    assert notes(drawn) == [("link", "go")]
    assert told(drawn).complete("a").log == ["received", "go", "come", "a", "closed"]


def test_several_links_may_lead_to_one_place():
    drawn = process(
        START + f'<intermediateThrowEvent id="go">{LINK}</intermediateThrowEvent>' + task("b")
        + f'<intermediateThrowEvent id="go_too">{LINK}</intermediateThrowEvent>'
        + f'<intermediateCatchEvent id="come">{LINK}</intermediateCatchEvent>' + task("a")
        + flows("received>go", "received>b", "b>go_too", "come>a")
    )  # fmt: skip

    story = told(drawn).complete("b")

    assert story.places() == ["a", "a"]


def test_a_link_without_another_end_is_left_to_lint():
    drawn = process(
        START + f'<intermediateThrowEvent id="go">{LINK}</intermediateThrowEvent>' + flows("received>go")
    )

    assert notes(drawn) == []
    assert found(rewritten(drawn).root, "go").find("{*}linkEventDefinition") is not None


def test_a_receive_task_may_start_its_process():
    drawn = process(
        '<receiveTask id="ordered" messageRef="m" instantiate="true"/>' + task("a") + flows("ordered>a")
    )
    extra = '<message id="m" name="order"/>'

    root = rewritten(drawn, extra=extra).root

    assert found(root, "ordered.start.made").find("{*}messageEventDefinition").get("messageRef") == "m"
    assert found(root, "ordered").tag.endswith("}task")
    assert notes(drawn, extra=extra)[0] == ("receive-start", "ordered")
