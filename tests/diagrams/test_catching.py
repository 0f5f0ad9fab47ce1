"""What is thrown and what waits for it, across the levels of a process and across calls."""

import pytest
from drawings import boundary, definitions, end, event, flows, lint, node, process, start, task, timer

ERROR = '<bpmn:errorEventDefinition errorRef="e"/>'
OTHER_ERROR = '<bpmn:errorEventDefinition errorRef="other"/>'
ANY_ERROR = "<bpmn:errorEventDefinition/>"
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="x"/>'
ROOTS = (
    '<bpmn:message id="m" name="customer_replied"/><bpmn:error id="e" errorCode="unreachable"/>'
    '<bpmn:error id="other" errorCode="other"/><bpmn:escalation id="x" escalationCode="late"/>'
)
RULES = ("error-uncaught", "escalation-uncaught", "boundary-never", "message-unheard", "same-again")
SERVICE = 'camunda:type="external" camunda:topic="notify"'


def told(*bodies: str) -> set[tuple[str, str | None]]:
    """Bodies of processes: the first is `answer_complaint`, those that follow are `called_1` and so on."""
    keys = ["answer_complaint", *(f"called_{number}" for number in range(1, len(bodies)))]
    drawn = definitions(*(process(body, key) for body, key in zip(bodies, keys, strict=True)), roots=ROOTS)
    return {(one.rule, one.element_id) for one in lint(drawn) if one.rule in RULES}


def throwing(key: str = "inner", thrown: str = ERROR) -> str:
    return node(
        "subProcess", key, node("startEvent", f"{key}_in") + end("failed", thrown) + flows(f"{key}_in>failed")
    )


def around(host: str, caught: str = "", key: str = "") -> str:
    key = key or host.partition('id="')[2].partition('"')[0]
    drawn = start() + host + end() + flows(f"received>{key}", f"{key}>closed")
    return drawn + (boundary("caught", key, caught) + end("gone") + flows("caught>gone") if caught else "")


CALL = node("callActivity", "call", attributes='calledElement="called_1"')
FAILS = start() + task() + end("failed", ERROR) + flows("received>reply_customer", "reply_customer>failed")


@pytest.mark.parametrize("caught", [ERROR, ANY_ERROR])
def test_an_error_is_caught_by_its_code_or_by_any(caught):
    assert told(around(throwing(), caught)) == set()


def test_an_error_of_another_code_is_not_caught_and_its_boundary_never_happens():
    assert told(around(throwing(), OTHER_ERROR)) == {
        ("error-uncaught", "failed"),
        ("boundary-never", "caught"),
    }


def test_an_error_is_caught_two_levels_out():
    outer = node(
        "subProcess",
        "outer",
        node("startEvent", "outer_in") + throwing() + end("out") + flows("outer_in>inner", "inner>out"),
    )

    assert told(around(outer, ERROR)) == set()
    assert told(around(outer)) == {("error-uncaught", "failed")}


def test_at_the_outermost_level_an_error_ends_the_case_as_drawn():
    assert told(FAILS) == set()


def test_an_error_of_a_called_process_is_caught_where_it_is_called():
    assert told(around(CALL, ERROR), FAILS) == set()
    assert told(around(CALL), FAILS) == {("error-uncaught", "failed")}


def test_every_caller_must_catch_it():
    two_calls = (
        start()
        + CALL
        + boundary("caught", "call", ERROR)
        + node("callActivity", "again", attributes='calledElement="called_1"')
        + end()
        + end("gone")
    )
    two_calls += flows("received>call", "call>again", "again>closed", "caught>gone")

    assert told(two_calls, FAILS) == {("error-uncaught", "failed")}


def test_an_escalation_that_nobody_catches_is_told():
    assert told(around(throwing(thrown=ESCALATION), ESCALATION)) == set()
    assert told(around(throwing(thrown=ESCALATION))) == {("escalation-uncaught", "failed")}


@pytest.mark.parametrize(
    "host",
    [
        node("task", "work"),
        node("scriptTask", "work", "<bpmn:script>a = 1</bpmn:script>"),
        node(
            "businessRuleTask",
            "work",
            attributes='camunda:decisionRef="level" camunda:resultVariable="level"',
        ),
    ],
)
def test_what_is_done_at_once_has_no_time_for_a_boundary_event(host):
    assert told(around(host, timer(), "work")) == {("boundary-never", "caught")}


@pytest.mark.parametrize("caught", [ERROR, ESCALATION])
def test_a_person_throws_nothing(caught):
    assert told(around(task("work"), caught)) == {("boundary-never", "caught")}


def test_a_handler_may_throw_any_error():
    work = node("serviceTask", "work", attributes=SERVICE)

    assert told(around(work, OTHER_ERROR)) == set()
    assert (
        told(around(CALL, OTHER_ERROR), start() + work + end() + flows("received>work", "work>closed"))
        == set()
    )


def test_calls_in_a_circle_are_looked_at_once():
    calls = (
        start()
        + node("callActivity", "back", attributes='calledElement="answer_complaint"')
        + end()
        + flows("received>back", "back>closed")
    )

    assert told(around(CALL, ERROR), calls) == {("boundary-never", "caught")}


def test_a_message_is_heard_in_any_process_of_the_family():
    tells = (
        start()
        + node("sendTask", "tell", attributes='messageRef="m"')
        + end()
        + flows("received>tell", "tell>closed")
    )
    waits = (
        start()
        + event("heard", '<bpmn:messageEventDefinition messageRef="m"/>')
        + end()
        + flows("received>heard", "heard>closed")
    )

    assert told(tells) == {("message-unheard", "tell")}
    assert told(tells, waits) == set()


ROUND = (
    start()
    + node("exclusiveGateway", "merged")
    + "{}"
    + node("exclusiveGateway", "again", attributes='default="again_to_closed"')
    + end()
)
ROUND += flows("received>merged", "merged>set", "set>again", "again>merged?{}", "again>closed")


@pytest.mark.parametrize(
    ("step", "condition", "is_told"),
    [
        (node("scriptTask", "set", "<bpmn:script>fee = amount</bpmn:script>"), "amount &gt; 1", True),
        (node("scriptTask", "set", "<bpmn:script>amount = amount - 1</bpmn:script>"), "amount &gt; 1", False),
        (node("businessRuleTask", "set", attributes='camunda:decisionRef="level" camunda:resultVariable="level"'), "level = 1", False),
        (task("set"), "amount &gt; 1", False),
        (node("serviceTask", "set", attributes=SERVICE), "amount &gt; 1", False),
        (node("task", "set"), "true", True),
    ],
)  # fmt: skip
def test_a_loop_of_automatic_steps_must_be_able_to_change_its_mind(step, condition, is_told):
    assert (("same-again", "again") in told(ROUND.format(step, condition))) is is_told
