"""Stories of what is done several times: standard loops, multi-instance, joins inside loops."""

import pytest
from bpmn_stories import compiled, flows, process

from engine.model import InvalidInput
from engine.spiff import DiagramNotRunnable, ElementFailed, Guards, GuardTripped

START, END = '<startEvent id="received"/>', '<endEvent id="closed"/>'
LINE = flows("received>work", "work>closed")


def task(name: str) -> str:
    return f'<userTask id="{name}"/>'


def loop(body: str = "", **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    condition = f"<loopCondition>{body}</loopCondition>" if body else ""
    return f"<standardLoopCharacteristics{written}>{condition}</standardLoopCharacteristics>"


def counting(characteristics: str) -> str:
    body = f'<scriptTask id="work">{characteristics}<script>n = n + 1</script></scriptTask>'
    return process(START + body + END + LINE)


@pytest.mark.parametrize(
    ("characteristics", "start", "rounds"),
    [
        (loop("n &lt; 3"), 0, 3),
        (loop("n &lt; 3"), 3, 1),
        (loop("n &lt; 3", testBefore="true"), 3, 0),
        (loop("n &lt; 3", testBefore="true"), 0, 3),
        (loop(loopMaximum="4"), 0, 4),
        (loop("n &lt; 9", loopMaximum="2"), 0, 2),
        (loop("False"), 0, 1),
        (loop("False", testBefore="true"), 0, 0),
        (loop("loopCounter &lt; 5"), 0, 5),
    ],
)
def test_a_loop_goes_on_while_its_condition_holds(tell, characteristics, start, rounds):
    story = tell(compiled(counting(characteristics)), n=start)
    assert story.run.is_completed
    assert story.scopes["case"]["n"] == start + rounds


def test_a_loop_below_one_round_or_without_any_bound_is_refused():
    for characteristics in (loop(loopMaximum="-1"), loop(loopMaximum="0"), loop(), loop(loopMaximum="many")):
        with pytest.raises(DiagramNotRunnable):
            compiled(counting(characteristics))


def test_a_loop_of_user_tasks_keeps_the_state_small(tell):
    body = f'<userTask id="work">{loop("not is_enough")}</userTask>'
    story = tell(compiled(process(START + body + END + LINE)), is_enough=False)
    story.complete("work").complete("work")
    first = len(story.run.dump())
    for _ in range(100):
        story.complete("work")
    assert len(story.run.dump()) <= first * 1.1
    assert story.complete("work", is_enough=True).run.is_completed
    assert story.log.count("work") == 103


def test_an_endless_loop_trips_the_guard(tell):
    with pytest.raises(GuardTripped):
        tell(compiled(counting(loop("True"))), n=0)


def test_a_sub_process_in_a_loop_starts_anew_each_time(tell):
    body = (
        START
        + f'<subProcess id="work">{loop("n &lt; 2")}<startEvent id="begins"/>'
        + task("check")
        + '<scriptTask id="count"><script>n = n + 1</script></scriptTask><endEvent id="done"/>'
        + flows("begins>check", "check>count", "count>done")
        + "</subProcess>"
        + END
        + LINE
    )
    story = tell(compiled(process(body)), n=0).complete("check")
    assert story.places() == ["check"]
    assert story.complete("check").run.is_completed


def test_a_boundary_event_sits_on_all_rounds_together(tell):
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    body = (
        START
        + f'<userTask id="work">{loop("True")}</userTask>'
        + f'<boundaryEvent id="late" attachedToRef="work">{timer}</boundaryEvent>'
        + END
        + LINE
        + '<sequenceFlow id="over" sourceRef="late" targetRef="closed"/>'
    )
    story = tell(compiled(process(body)))
    story.complete("work").complete("work").fire("late")
    assert story.run.is_completed


def each(kind: str, attributes: str, inside: str = "") -> str:
    return f'<{kind} id="work"><multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>'


ITEMS = 'camunda:collection="items" camunda:elementVariable="item"'
SEQUENTIAL = f'isSequential="true" {ITEMS}'


def repeated(attributes: str, inside: str = "") -> str:
    return process(START + each("userTask", attributes, inside) + "</userTask>" + END + LINE)


@pytest.mark.parametrize("attributes", [ITEMS, SEQUENTIAL])
def test_nothing_to_repeat_lets_the_token_pass(tell, attributes):
    assert tell(compiled(repeated(attributes)), items=[]).run.is_completed


def test_an_empty_item_is_an_item_too(tell):
    story = tell(compiled(repeated(SEQUENTIAL)), items=[None, 0, ""])
    for _ in range(3):
        assert not story.run.is_completed
        story.complete("work")
    assert story.run.is_completed


def test_a_changed_collection_does_not_change_what_was_begun(tell):
    story = tell(compiled(repeated(SEQUENTIAL)), items=["a", "b", "c"])
    seen = []
    while not story.run.is_completed:
        seen.append(story.run.scope(story.key("work")).visible()["item"])
        story.complete("work", items=["x"])
    assert seen == ["a", "b", "c"]
    assert list(story.scopes) == ["case"]


@pytest.mark.parametrize("sequential", ["true", "false"])
@pytest.mark.parametrize("number", ["-1", "2.5", "'3'", "True"])
def test_a_number_of_rounds_that_is_no_number_is_refused(tell, sequential, number):
    drawn = repeated(f'isSequential="{sequential}"', f"<loopCardinality>{number}</loopCardinality>")
    with pytest.raises(ElementFailed) as failed:
        tell(compiled(drawn))
    assert isinstance(failed.value.cause, InvalidInput)
    assert failed.value.element_id == "work"


def test_a_million_rounds_at_once_trip_the_guard_before_any_is_made(tell):
    drawn = repeated("", "<loopCardinality>1000000000</loopCardinality>")
    with pytest.raises(GuardTripped):
        tell(compiled(drawn), Guards(max_tokens=50))


def test_rounds_one_after_the_other_are_counted_to_the_end(tell):
    inside = (
        "<loopCardinality>1000000</loopCardinality>"
        "<completionCondition>nrOfCompletedInstances == 2 and nrOfInstances == 1000000</completionCondition>"
    )
    story = tell(compiled(repeated('isSequential="true"', inside)))
    assert story.complete("work").places() == ["work"]
    assert story.complete("work").run.is_completed


def test_the_first_answer_of_many_ends_the_others_inside_sub_processes_too(tell):
    inside = "<completionCondition>nrOfCompletedInstances == 1</completionCondition>"
    body = (
        START
        + each("subProcess", ITEMS, inside)
        + '<startEvent id="begins"/>'
        + task("ask")
        + '<endEvent id="done"/>'
        + flows("begins>ask", "ask>done")
        + "</subProcess>"
        + END
        + LINE
    )
    story = tell(compiled(process(body)), items=[1, 2, 3])
    assert story.places() == ["ask", "ask", "ask"]
    assert story.complete("ask").run.is_completed
    outcomes = [(outcome, visit.element_id) for outcome, visit in story.changes.log]
    assert outcomes.count(("cancelled", "ask")) == 2
    assert list(story.scopes) == ["case"]


def test_each_call_of_many_gives_back_its_own_results(tell):
    called = process(
        '<startEvent id="begins"/>' + task("ask") + '<endEvent id="done"/>' + flows("begins>ask", "ask>done"),
        key="called",
    )
    body = (
        START + each("callActivity", ITEMS).replace(" id=", ' calledElement="called" id=') + "</callActivity>"
    )
    story = tell(compiled(process(body + END + LINE), called), items=["a", "b"], answers=[])
    for _ in range(2):
        key = story.key("ask")
        known = story.run.scope(key).visible()
        story.complete("ask", answers=[*story.scopes["case"]["answers"], known["item"]])
    assert story.run.is_completed
    assert sorted(story.scopes["case"]["answers"]) == ["a", "b"]


@pytest.mark.parametrize(
    "repeated_how",
    [
        f"<multiInstanceLoopCharacteristics {ITEMS}/>",
        f"<multiInstanceLoopCharacteristics {SEQUENTIAL}/>",
        loop("True"),
    ],
)
def test_what_is_interrupted_takes_no_further_step_in_any_round(tell, repeated_how):
    escalates = '<escalationEventDefinition escalationRef="x1"/>'
    hot = "<conditionalEventDefinition><condition>passed &gt; 5</condition></conditionalEventDefinition>"
    body = (
        START
        + f'<subProcess id="work">{repeated_how}<startEvent id="begins"/>'
        + f'<parallelGateway id="fork"/><intermediateCatchEvent id="waits">{hot}</intermediateCatchEvent>'
        + f'<intermediateThrowEvent id="thrown">{escalates}</intermediateThrowEvent>'
        + '<scriptTask id="step"><script>passed = passed + 1</script></scriptTask><endEvent id="done"/>'
        + flows("begins>fork", "fork>waits", "fork>thrown", "waits>done", "thrown>step", "step>done")
        + "</subProcess>"
        + f'<boundaryEvent id="caught" attachedToRef="work" cancelActivity="true">{escalates}</boundaryEvent>'
        + task("handle")
        + END
        + LINE
        + flows("caught>handle", "handle>closed").replace('id="f', 'id="g')
    )
    story = tell(
        compiled(process(body), extra='<escalation id="x1" escalationCode="late"/>'),
        items=[1, 2, 3],
        passed=0,
    )
    assert story.places() == ["handle"]
    assert story.places("condition") == []
    assert story.scopes == {"case": {"items": [1, 2, 3], "passed": 0}}
    assert story.complete("handle", passed=9).run.is_completed
    assert "waits" not in story.log


def looping_join(kind: str, middle: str) -> str:
    conditions = ("?True", "?True") if kind == "inclusiveGateway" else ("", "")
    default = ' default="never"' if kind == "inclusiveGateway" else ""
    spare = (
        '<sequenceFlow id="never" sourceRef="fork" targetRef="joined"/>' if kind == "inclusiveGateway" else ""
    )
    return process(
        START
        + '<exclusiveGateway id="again"/>'
        + f'<{kind} id="fork"{default}/><{kind} id="joined"/>'
        + middle
        + '<scriptTask id="count"><script>n = n + 1</script></scriptTask>'
        + '<exclusiveGateway id="enough" default="f_yes"/>'
        + END
        + flows("received>again", "again>fork", f"fork>a{conditions[0]}", f"fork>b{conditions[1]}")
        + flows("a>joined", "b>joined", "joined>count", "count>enough", "enough>again?n &lt; 5").replace(
            'id="f', 'id="g'
        )
        + spare
        + '<sequenceFlow id="f_yes" sourceRef="enough" targetRef="closed"/>'
    )


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_a_join_in_a_loop_of_automatic_steps_waits_for_both_each_time(tell, kind):
    middle = "".join(
        f'<scriptTask id="{name}"><script>{name}_done = {name}_done + 1</script></scriptTask>'
        for name in ("a", "b")
    )
    story = tell(compiled(looping_join(kind, middle)), n=0, a_done=0, b_done=0)
    assert story.run.is_completed
    assert story.log.count("a") == story.log.count("b") == story.log.count("count") == 5


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_join_in_a_loop_of_tasks_waits_for_both_each_time(tell, kind, order):
    story = tell(compiled(looping_join(kind, task("a") + task("b"))), n=0)
    for number in range(5):
        assert story.places() == ["a", "b"]
        story.complete(order[0])
        assert story.places() == [order[1]]
        assert story.scopes["case"]["n"] == number
        story.complete(order[1])
    assert story.run.is_completed
