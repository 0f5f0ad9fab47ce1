"""Event sub-processes run as the standard says: they interrupt or not, wherever they stand, and leave nothing behind."""

import pytest
from bpmn_stories import flows, process
from rewritten import found, notes, rewritten, shape, told

START, END = '<startEvent id="received"/>', '<endEvent id="closed"/>'
ROOTS = (
    '<message id="m" name="withdrawn"/><message id="m2" name="asked"/><error id="e" errorCode="broken"/>'
    '<escalation id="x" escalationCode="late"/>'
)
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
WITHDRAWN = '<messageEventDefinition messageRef="m"/>'
ASKED = '<messageEventDefinition messageRef="m2"/>'
BROKEN = '<errorEventDefinition errorRef="e"/>'
LATE = '<escalationEventDefinition escalationRef="x"/>'


def task(name: str) -> str:
    return f'<userTask id="{name}"/>'


def handler(name: str, event: str, interrupts: bool, inner: str | None = None) -> str:
    """An event sub-process `name` with a user task `<name>_task`."""
    steps = task(f"{name}_task") if inner is None else inner
    first = f"{name}_task" if inner is None else "inner_first"
    last = f"{name}_task" if inner is None else "inner_last"
    return (
        f'<subProcess id="{name}" triggeredByEvent="true">'
        f'<startEvent id="{name}_start" isInterrupting="{str(interrupts).lower()}">{event}</startEvent>{steps}'
        f'<endEvent id="{name}_end"/>'
        f'<sequenceFlow id="{name}_1" sourceRef="{name}_start" targetRef="{first}"/>'
        f'<sequenceFlow id="{name}_2" sourceRef="{last}" targetRef="{name}_end"/></subProcess>'
    )


BODY = START + task("handle") + task("reply") + END + flows("received>handle", "handle>reply", "reply>closed")


def test_the_body_alone_runs_as_if_nothing_were_around_it():
    story = (
        told(process(BODY + handler("off", WITHDRAWN, True)), extra=ROOTS)
        .complete("handle")
        .complete("reply")
    )

    assert story.log == ["received", "handle", "reply", "closed"]
    assert story.changes.ended.element_id == "closed"


@pytest.mark.parametrize("event", [WITHDRAWN, TIMER])
def test_an_interrupting_one_stops_everything_else(event):
    story = (
        told(process(BODY + handler("off", event, True)), extra=ROOTS).complete("handle").fire("off_start")
    )

    assert story.places() == ["off_task"]
    assert story.places("message") == story.places("timer") == []
    story.complete("off_task")
    assert story.log == ["received", "handle", "off_start", "off_task", "off_end", "off"]
    assert story.changes.ended.element_id == "off_end"


@pytest.mark.parametrize("event", [WITHDRAWN, TIMER])
def test_one_that_does_not_interrupt_runs_beside_the_rest(event):
    story = told(process(BODY + handler("note", event, False)), extra=ROOTS).fire("note_start")

    assert story.places() == ["handle", "note_task"]
    story.complete("handle").complete("reply")
    assert not story.run.is_completed
    story.complete("note_task")
    assert story.run.is_completed


def test_the_process_waits_for_no_event_that_may_never_come():
    story = told(process(BODY + handler("off", TIMER, True) + handler("note", TIMER, False)), extra=ROOTS)

    story.complete("handle").complete("reply")

    assert story.run.is_completed


def test_one_that_does_not_interrupt_may_be_called_twice():
    story = told(process(BODY + handler("note", ASKED, False)), extra=ROOTS).fire("note_start")

    story.fire("note_start")

    assert story.places() == ["handle", "note_task", "note_task"]


def test_what_interrupts_stops_running_handlers_as_well():
    both = handler("note", ASKED, False) + handler("off", WITHDRAWN, True)
    story = told(process(BODY + both), extra=ROOTS).fire("note_start")

    story.fire("off_start")

    assert story.places() == ["off_task"]
    assert story.complete("off_task").run.is_completed


def test_after_the_first_that_interrupts_nobody_listens_any_more():
    both = handler("off", WITHDRAWN, True) + handler("other", ASKED, True) + handler("note", TIMER, False)
    story = told(process(BODY + both), extra=ROOTS).fire("other_start")

    assert story.places() == ["other_task"]
    assert story.places("message") == story.places("timer") == []


def test_an_error_is_handled_where_it_is_raised():
    body = (
        START
        + task("handle")
        + f'<endEvent id="failed">{BROKEN}</endEvent>'
        + flows("received>handle", "handle>failed")
    )
    story = told(process(body + handler("mend", BROKEN, True)), extra=ROOTS)
    assert story.places() == ["handle"]

    story.complete("handle")

    assert story.places() == ["mend_task"]
    assert story.complete("mend_task").changes.ended.element_id == "mend_end"


@pytest.mark.parametrize(("interrupts", "places"), [(True, ["press_task"]), (False, ["press_task", "reply"])])
def test_an_escalation_is_handled_where_it_is_raised(interrupts, places):
    body = (
        START + task("handle") + f'<intermediateThrowEvent id="tell">{LATE}</intermediateThrowEvent>' + task("reply")
        + END + flows("received>handle", "handle>tell", "tell>reply", "reply>closed")
    )  # fmt: skip
    story = told(process(body + handler("press", LATE, interrupts)), extra=ROOTS).complete("handle")

    assert story.places() == places


def test_it_belongs_to_its_sub_process_alone():
    inner = '<startEvent id="begun"/>' + task("handle") + '<endEvent id="done"/>' + (
        '<sequenceFlow id="i1" sourceRef="begun" targetRef="handle"/><sequenceFlow id="i2" sourceRef="handle" targetRef="done"/>'
    )  # fmt: skip
    drawn = process(
        START + f'<subProcess id="stage">{inner + handler("off", WITHDRAWN, True)}</subProcess>' + task("reply") + END
        + flows("received>stage", "stage>reply", "reply>closed")
    )  # fmt: skip
    story = told(drawn, extra=ROOTS).fire("off_start")
    assert story.places() == ["off_task"]

    story.complete("off_task")

    assert story.places() == ["reply"]
    assert story.complete("reply").changes.ended.element_id == "closed"


def test_an_event_sub_process_may_hold_another():
    nested = handler("off", WITHDRAWN, True, task("inner_first") + task("inner_last") + (
        '<sequenceFlow id="n1" sourceRef="inner_first" targetRef="inner_last"/>' + handler("note", ASKED, False)
    ))  # fmt: skip
    story = told(process(BODY + nested), extra=ROOTS)
    assert story.places("message") == ["off_start"]

    story.fire("off_start").fire("note_start")

    assert story.places() == ["inner_first", "note_task"]
    story.complete("inner_first").complete("note_task").complete("inner_last")
    assert story.changes.ended.element_id == "off_end"


TERMINATED = (
    START + '<parallelGateway id="both"/>' + task("handle") + task("stop")
    + '<endEvent id="stopped"><terminateEventDefinition/></endEvent>' + END
    + flows("received>both", "both>handle", "both>stop", "handle>closed", "stop>stopped")
)  # fmt: skip


@pytest.mark.parametrize("interrupting_too", [False, True])
def test_a_terminate_end_ends_running_handlers_as_well(interrupting_too):
    others = handler("off", WITHDRAWN, True) if interrupting_too else ""
    story = told(process(TERMINATED + handler("note", ASKED, False) + others), extra=ROOTS).fire("note_start")
    assert story.places() == ["handle", "note_task", "stop"]

    story.complete("stop")

    assert story.run.is_completed
    assert story.changes.ended.element_id == "stopped"


def test_a_terminate_end_of_a_body_with_interrupting_ones_only():
    story = told(process(TERMINATED + handler("off", WITHDRAWN, True)), extra=ROOTS).complete("stop")

    assert story.run.is_completed
    assert story.changes.ended.element_id == "stopped"


def test_each_event_sub_process_is_told():
    both = handler("off", WITHDRAWN, True) + handler("note", ASKED, False)

    assert notes(process(BODY + both), extra=ROOTS) == [
        ("event-subprocess", "off"),
        ("event-subprocess", "note"),
    ]


def test_all_drawn_ids_are_kept_and_all_added_ones_are_made():
    root = rewritten(
        process(BODY + handler("off", WITHDRAWN, True) + handler("note", ASKED, False)), extra=ROOTS
    ).root

    assert found(root, "off_start").get("attachedToRef") == "p.whole.made"
    assert found(root, "note_start").get("attachedToRef") == "p.body.made"
    assert found(root, "off").get("triggeredByEvent") is None
    assert "received>p.whole.made" in shape(root)
    ids = [one.get("id") for one in root.iter("{*}*") if one.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "drawn",
    [
        BODY + handler("undo", "<compensateEventDefinition/>", True),
        BODY + handler("off", "", True),
        BODY + '<startEvent id="also"/>' + handler("off", WITHDRAWN, True),
        BODY + handler("a", LATE, True) + handler("b", LATE, False),
    ],
    ids=["compensation", "no event", "two starts", "escalations of both kinds"],
)
def test_what_cannot_be_said_otherwise_is_left_to_lint(drawn):
    assert "event-subprocess" not in [rule for rule, _ in notes(process(drawn), extra=ROOTS)]
    assert (
        rewritten(process(drawn), extra=ROOTS).root.find(".//{*}subProcess[@triggeredByEvent='true']")
        is not None
    )
