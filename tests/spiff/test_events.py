"""Stories of events in one case: who hears, who goes first, what an interrupting one takes away."""

import pytest
from bpmn_stories import NOW, compiled, flows, process

from engine.spiff import ElementFailed

START, END = '<startEvent id="received"/>', '<endEvent id="closed"/>'
SIGNAL = '<signal id="s1" name="recalled"/>'
HEARS = '<signalEventDefinition signalRef="s1"/>'
ERROR = '<error id="e1" errorCode="failed"/>'
ESCALATION = '<escalation id="x1" escalationCode="late"/>'
ESCALATES = '<escalationEventDefinition escalationRef="x1"/>'
CANCEL = "<cancelEventDefinition/>"
EVERY_HOUR = "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>"


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"


def task(name: str) -> str:
    return f'<userTask id="{name}"/>'


def script(name: str, text: str) -> str:
    return f'<scriptTask id="{name}"><script>{text}</script></scriptTask>'


def throw(name: str, event: str) -> str:
    return f'<intermediateThrowEvent id="{name}">{event}</intermediateThrowEvent>'


def catch(name: str, event: str) -> str:
    return f'<intermediateCatchEvent id="{name}">{event}</intermediateCatchEvent>'


def end(name: str, event: str = "") -> str:
    return f'<endEvent id="{name}">{event}</endEvent>'


def boundary(name: str, host: str, event: str, cancel: bool = False) -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(cancel).lower()}">{event}</boundaryEvent>'


def inner(name: str, *body: str, tag: str = "subProcess") -> str:
    return f'<{tag} id="{name}"><startEvent id="{name}_begins"/>{"".join(body)}</{tag}>'


def guarded(event: str, *, cancel: bool, throwing: str) -> str:
    """A sub-process that throws and then takes another step, with a boundary event around it."""
    return process(
        START
        + inner(
            "stage",
            throw("thrown", throwing),
            script("next_step", "passed = True"),
            end("stage_done"),
            flows("stage_begins>thrown", "thrown>next_step", "next_step>stage_done"),
        )
        + boundary("caught", "stage", event, cancel)
        + task("handle")
        + end("handled")
        + END
        + flows("received>stage", "stage>closed", "caught>handle", "handle>handled")
    )


@pytest.mark.parametrize(("event", "extra"), [(HEARS, SIGNAL), (ESCALATES, ESCALATION)])
def test_an_interrupting_event_from_inside_stops_the_rest_of_its_sub_process(tell, event, extra):
    story = tell(compiled(guarded(event, cancel=True, throwing=event), extra=extra), passed=False)
    assert story.scopes["case"]["passed"] is False
    assert story.places() == ["handle"]
    assert story.complete("handle").changes.ended.element_id == "handled"


@pytest.mark.parametrize(("event", "extra"), [(HEARS, SIGNAL), (ESCALATES, ESCALATION)])
def test_a_non_interrupting_event_from_inside_lets_it_go_on(tell, event, extra):
    story = tell(compiled(guarded(event, cancel=False, throwing=event), extra=extra), passed=False)
    assert story.scopes["case"]["passed"] is True
    assert story.places() == ["handle"]
    assert story.complete("handle").run.is_completed


def test_the_outermost_of_two_boundary_events_goes_first(tell):
    body = (
        START
        + inner(
            "outer",
            inner(
                "core",
                throw("thrown", HEARS),
                end("core_done"),
                flows("core_begins>thrown", "thrown>core_done"),
            ),
            boundary("caught_inside", "core", HEARS, cancel=True),
            script("inside", "inside = True"),
            end("outer_done"),
            flows("outer_begins>core", "core>outer_done", "caught_inside>inside", "inside>outer_done"),
        )
        + boundary("caught_outside", "outer", HEARS, cancel=True)
        + task("handle")
        + END
        + flows("received>outer", "outer>closed", "caught_outside>handle", "handle>closed")
    )
    story = tell(compiled(process(body), extra=SIGNAL), inside=False)
    assert story.places() == ["handle"]
    assert story.scopes["case"]["inside"] is False


def test_a_condition_set_by_one_step_stops_the_next(tell):
    body = (
        START
        + inner(
            "stage",
            script("check", "is_fraud = True"),
            script("pay", "paid = True"),
            end("stage_done"),
            flows("stage_begins>check", "check>pay", "pay>stage_done"),
        )
        + boundary("fraud", "stage", condition("is_fraud"), cancel=True)
        + task("investigate")
        + END
        + flows("received>stage", "stage>closed", "fraud>investigate", "investigate>closed")
    )
    story = tell(compiled(process(body)), is_fraud=False, paid=False)
    assert story.places() == ["investigate"]
    assert story.scopes["case"]["paid"] is False


def waiting_for(event: str) -> str:
    return process(
        START
        + '<parallelGateway id="both"/>'
        + catch("waits", event)
        + task("work")
        + end("worked")
        + END
        + flows("received>both", "both>waits", "both>work", "waits>closed", "work>worked")
    )


def test_a_condition_is_seen_whichever_branch_makes_it_true(tell):
    story = tell(compiled(waiting_for(condition("amount &gt; 10"))), amount=1)
    assert story.places("condition") == ["waits"]

    story.complete("work", amount=11)

    assert story.run.is_completed
    assert "waits" in story.log


def test_a_condition_that_is_true_already_lets_the_token_pass_at_once(tell):
    story = tell(compiled(waiting_for(condition("amount &gt; 10"))), amount=11)
    assert story.places("condition") == []
    assert "waits" in story.log


def test_a_condition_is_seen_when_variables_are_changed_from_outside(tell):
    story = tell(compiled(waiting_for(condition("amount &gt; 10"))), amount=1)
    story.scopes["case"]["amount"] = 20

    story._note(story.run.look(NOW))

    assert "waits" in story.log


def test_a_condition_fires_once_each_time_that_it_becomes_true(tell):
    body = (
        START
        + task("handle")
        + boundary("hot", "handle", condition("level &gt; 5"))
        + script("count", "seen = seen + 1")
        + end("noted")
        + END
        + flows("received>handle", "handle>closed", "hot>count", "count>noted")
    )
    story = tell(compiled(process(body)), level=0, seen=0)

    def set_level(level: int) -> int:
        story.scopes["case"]["level"] = level
        story._note(story.run.look(NOW))
        return story.scopes["case"]["seen"]

    assert [set_level(level) for level in (6, 7, 9, 1, 6, 6, 0, 8)] == [1, 1, 1, 1, 2, 2, 2, 3]
    assert story.complete("handle").run.is_completed


def test_a_condition_over_an_iteration_sees_its_own_item(tell):
    body = (
        START
        + inner(
            "each",
            '<multiInstanceLoopCharacteristics camunda:collection="items" camunda:elementVariable="item"/>',
            catch("waits", condition("item &lt;= limit")),
            end("each_done"),
            flows("each_begins>waits", "waits>each_done"),
        )
        + END
        + flows("received>each", "each>closed")
    )
    story = tell(compiled(process(body)), items=[1, 2, 3], limit=0)
    left = []
    for limit in (1, 2, 3):
        story.scopes["case"]["limit"] = limit
        story._note(story.run.look(NOW))
        left.append(len(story.places("condition")))
    assert left == [2, 1, 0]
    assert story.run.is_completed


def test_all_that_wait_for_a_signal_hear_it_at_once(tell):
    body = (
        START
        + '<parallelGateway id="all"/>'
        + catch("first", HEARS)
        + task("work")
        + boundary("told", "work", HEARS)
        + task("answer")
        + end("answered")
        + inner(
            "stage",
            catch("second", HEARS),
            end("stage_done"),
            flows("stage_begins>second", "second>stage_done"),
        )
        + task("ask")
        + throw("thrown", HEARS)
        + end("asked")
        + "".join(end(f"end_{n}") for n in (1, 2, 3))
        + flows("received>all", "all>first", "all>work", "all>stage", "all>ask", "first>end_1", "work>end_2")
        + flows("told>answer", "answer>answered", "stage>end_3", "ask>thrown", "thrown>asked").replace(
            'id="f', 'id="g'
        )
    )
    story = tell(compiled(process(body), extra=SIGNAL))
    assert story.places("signal") == ["first", "second", "told"]

    story.complete("ask")

    assert story.places() == ["answer", "work"]
    assert story.places("signal") == ["told"]
    assert [one.name for one in story.changes.signals] == ["recalled"]


def test_a_signal_from_elsewhere_is_heard_again_and_again_by_what_goes_on_waiting(tell):
    body = (
        START
        + task("work")
        + boundary("told", "work", HEARS)
        + task("answer")
        + end("answered")
        + END
        + flows("received>work", "work>closed", "told>answer", "answer>answered")
    )
    story = tell(compiled(process(body), extra=SIGNAL))
    for _ in range(3):
        story._note(story.run.hear("recalled", set(story.run.waiting), NOW))
    assert story.places() == ["answer", "answer", "answer", "work"]
    assert story.changes.signals == []

    story.complete("answer").complete("work")

    assert story.places() == ["answer", "answer"]
    assert story.complete("answer").complete("answer").run.is_completed


def test_a_signal_that_nobody_waits_for_is_lost_but_leaves_the_case(tell):
    body = START + end("shouted", HEARS) + flows("received>shouted")
    story = tell(compiled(process(body), extra=SIGNAL))
    assert story.changes.ended.element_id == "shouted"
    assert [(one.name, one.element_id) for one in story.changes.signals] == [("recalled", "shouted")]


def test_a_signal_end_of_a_sub_process_is_heard_by_the_event_on_it(tell):
    body = (
        START
        + inner("stage", end("shouted", HEARS), flows("stage_begins>shouted"))
        + boundary("heard", "stage", HEARS, cancel=True)
        + task("handle")
        + END
        + flows("received>stage", "stage>closed", "heard>handle", "handle>closed")
    )
    assert tell(compiled(process(body), extra=SIGNAL)).places() == ["handle"]


def test_work_that_a_repeating_timer_opens_outlives_its_host(tell):
    body = (
        START
        + task("handle")
        + boundary("hourly", "handle", EVERY_HOUR)
        + task("remind")
        + end("reminded")
        + END
        + flows("received>handle", "handle>closed", "hourly>remind", "remind>reminded")
    )
    story = tell(compiled(process(body)))
    key = story.key("hourly")
    story.spawn("hourly").spawn("hourly")
    assert story.key("hourly") == key
    assert story.places() == ["handle", "remind", "remind"]

    story.complete("handle")

    assert story.places() == ["remind", "remind"]
    assert story.complete("remind").complete("remind").run.is_completed


def test_rounds_that_are_over_leave_the_state(tell):
    body = (
        START
        + task("handle")
        + boundary("hourly", "handle", EVERY_HOUR)
        + task("remind")
        + end("reminded")
        + END
        + flows("received>handle", "handle>closed", "hourly>remind", "remind>reminded")
    )
    story = tell(compiled(process(body)))
    story.spawn("hourly").complete("remind")
    first = len(story.run.dump())
    for _ in range(50):
        story.spawn("hourly").complete("remind")
    assert len(story.run.dump()) <= first * 1.2
    assert story.complete("handle").run.is_completed


@pytest.mark.parametrize(
    ("fired", "reached"), [(0, "by_time"), (1, "by_time_too"), (2, "by_message"), (3, "by_signal")]
)
def test_behind_an_event_gateway_the_one_that_comes_first_goes_on(tell, fired, reached):
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    message = '<messageEventDefinition messageRef="m1"/>'
    events = [timer, timer, message, HEARS, condition("now_true")]
    names = ["by_time", "by_time_too", "by_message", "by_signal", "by_condition"]
    body = (
        START
        + '<eventBasedGateway id="first_of"/>'
        + "".join(catch(f"c{n}", event) for n, event in enumerate(events))
        + "".join(task(name) for name in names)
        + END
        + flows("received>first_of", *(f"first_of>c{n}" for n in range(5)))
        + flows(*(f"c{n}>{name}" for n, name in enumerate(names))).replace('id="f', 'id="g')
        + flows(*(f"{name}>closed" for name in names)).replace('id="f', 'id="h')
    )
    extra = SIGNAL + '<message id="m1" name="answered"/>'
    story = tell(compiled(process(body), extra=extra), now_true=False)
    keys = sorted(story.run.waiting, key=lambda key: int(key.partition(":")[2]))
    assert [story.run.waiting[key].kind for key in keys] == [
        "timer",
        "timer",
        "message",
        "signal",
        "condition",
    ]

    story._note(story.run.fire(keys[fired], NOW))

    assert story.places() == [reached]
    assert story.log[-1] == f"c{fired}"
    assert story.complete(reached).run.is_completed


def test_an_event_gateway_goes_on_when_its_condition_becomes_true(tell):
    body = (
        START
        + '<eventBasedGateway id="first_of"/>'
        + catch("heard", HEARS)
        + catch("paid", condition("is_paid"))
        + task("ship")
        + END
        + flows(
            "received>first_of", "first_of>heard", "first_of>paid", "heard>closed", "paid>ship", "ship>closed"
        )
    )
    story = tell(compiled(process(body), extra=SIGNAL), is_paid=False)
    story.scopes["case"]["is_paid"] = True
    story._note(story.run.look(NOW))
    assert story.places() == ["ship"]


def several(parallel: bool) -> str:
    message = '<messageEventDefinition messageRef="m1"/>'
    return process(
        START
        + f'<intermediateCatchEvent id="waits" parallelMultiple="{str(parallel).lower()}">{message}{HEARS}</intermediateCatchEvent>'
        + END
        + flows("received>waits", "waits>closed")
    )


MESSAGE = '<message id="m1" name="answered"/>'


def test_one_of_several_events_is_enough(tell):
    story = tell(compiled(several(parallel=False), extra=SIGNAL + MESSAGE))
    assert story.places("message") == story.places("signal") == ["waits"]
    story._note(story.run.hear("recalled", set(story.run.waiting), NOW))
    assert story.run.is_completed


def test_all_of_several_parallel_events_have_to_come(tell):
    story = tell(compiled(several(parallel=True), extra=SIGNAL + MESSAGE))
    story._note(story.run.hear("recalled", set(story.run.waiting), NOW))
    assert story.places("signal") == []
    assert story.places("message") == ["waits"]
    story.fire("waits")
    assert story.run.is_completed


def test_an_event_that_throws_several_throws_them_all(tell):
    both = '<messageEventDefinition messageRef="m1"/>' + HEARS
    body = START + throw("thrown", both) + END + flows("received>thrown", "thrown>closed")
    story = tell(compiled(process(body), extra=SIGNAL + MESSAGE))
    assert [one.name for one in story.changes.thrown] == ["answered"]
    assert [one.name for one in story.changes.signals] == ["recalled"]


def transaction(*ends: str) -> str:
    return process(
        START
        + inner(
            "booking",
            '<parallelGateway id="fork"/>',
            task("check"),
            task("other"),
            end("other_done"),
            *ends,
            flows("booking_begins>fork", "fork>check", "fork>other", "check>given_up", "other>other_done"),
            tag="transaction",
        )
        + boundary("taken_back", "booking", CANCEL, cancel=True)
        + boundary("went_wrong", "booking", '<errorEventDefinition errorRef="e1"/>', cancel=True)
        + task("apologise")
        + task("repair")
        + END
        + flows("received>booking", "booking>closed", "taken_back>apologise", "went_wrong>repair")
        + flows("apologise>closed", "repair>closed").replace('id="f', 'id="g')
    )


def test_a_cancelled_transaction_goes_on_from_its_cancel_event(tell):
    story = tell(compiled(transaction(end("given_up", CANCEL)), extra=ERROR))
    story.complete("check")
    assert story.places() == ["apologise"]
    assert story.complete("apologise").run.is_completed
    assert "booking" not in story.log


def test_an_error_in_a_transaction_goes_to_its_error_event(tell):
    failing = end("given_up", '<errorEventDefinition errorRef="e1"/>')
    story = tell(compiled(transaction(failing), extra=ERROR)).complete("check")
    assert story.places() == ["repair"]


def test_a_transaction_that_is_not_cancelled_is_done_when_all_in_it_is(tell):
    story = tell(compiled(transaction(end("given_up")), extra=ERROR)).complete("check")
    assert story.places() == ["other"]
    assert story.complete("other").run.is_completed


def test_cancelling_one_transaction_leaves_the_one_beside_it(tell):
    def booking(name: str) -> str:
        return (
            inner(
                name,
                task(f"check_{name}"),
                end(f"{name}_off", CANCEL),
                flows(f"{name}_begins>check_{name}", f"check_{name}>{name}_off"),
                tag="transaction",
            )
            + boundary(f"{name}_back", name, CANCEL, cancel=True)
            + task(f"{name}_sorry")
            + end(f"{name}_end")
            + flows(f"{name}_back>{name}_sorry", f"{name}_sorry>{name}_end").replace('id="f', 'id="g')
            + f'<sequenceFlow id="to_{name}" sourceRef="both" targetRef="{name}"/>'
            + f'<sequenceFlow id="from_{name}" sourceRef="{name}" targetRef="{name}_end"/>'
        )

    body = (
        START + '<parallelGateway id="both"/>' + flows("received>both") + booking("hotel") + booking("flight")
    )
    story = tell(compiled(process(body)))
    story.complete("check_hotel")
    assert story.places() == ["check_flight", "hotel_sorry"]


def test_a_terminating_end_inside_a_sub_process_ends_only_that(tell):
    body = (
        START
        + inner(
            "stage",
            '<parallelGateway id="fork"/>',
            task("left_open"),
            task("decide"),
            end("stopped", "<terminateEventDefinition/>"),
            flows(
                "stage_begins>fork", "fork>left_open", "fork>decide", "decide>stopped", "left_open>stopped"
            ),
        )
        + task("after")
        + END
        + flows("received>stage", "stage>after", "after>closed")
    )
    story = tell(compiled(process(body))).complete("decide")
    assert story.places() == ["after"]
    assert story.complete("after").run.is_completed


def test_an_error_end_of_the_process_is_its_end_and_stops_all_else(tell):
    body = (
        START
        + '<parallelGateway id="both"/>'
        + task("work")
        + task("decide")
        + end("failed", '<errorEventDefinition errorRef="e1"/>')
        + END
        + flows("received>both", "both>work", "both>decide", "work>closed", "decide>failed")
    )
    story = tell(compiled(process(body), extra=ERROR)).complete("decide")
    assert story.changes.ended.element_id == "failed"
    assert story.run.is_completed


def test_an_error_of_a_sub_process_that_nobody_catches_is_still_a_failure(tell):
    body = (
        START
        + inner("stage", end("failed", '<errorEventDefinition errorRef="e1"/>'), flows("stage_begins>failed"))
        + END
        + flows("received>stage", "stage>closed")
    )
    with pytest.raises(ElementFailed):
        tell(compiled(process(body), extra=ERROR))


def test_an_error_end_of_a_called_process_carries_nothing_back(tell):
    """Its results are not there yet, and a boundary event goes on in its place."""
    called = process(
        '<startEvent id="begins"/>'
        + end("failed", '<errorEventDefinition errorRef="e1"/>')
        + flows("begins>failed"),
        key="called",
    )
    body = (
        START
        + '<callActivity id="ask" calledElement="called"/>'
        + boundary("unanswered", "ask", '<errorEventDefinition errorRef="e1"/>', cancel=True)
        + task("write")
        + END
        + flows("received>ask", "ask>closed", "unanswered>write", "write>closed")
    )
    story = tell(compiled(process(body), called, extra=ERROR))
    assert story.places() == ["write"]
    assert "ask" not in story.log
