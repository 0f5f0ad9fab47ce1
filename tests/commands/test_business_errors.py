"""A business outcome takes the way that is drawn for it, outwards from where it was raised, or a person hears of it."""

import pytest
from cases import complete, jobs, open_tasks, start, state
from families import (
    boundary,
    call,
    caught,
    end,
    for_each,
    install,
    process,
    service,
    sub_process,
    throw,
    user,
)
from post import Post, sent, with_handler
from promises import incidents, open_incident

from engine.commands.case.on_case import CaseStopped
from engine.commands.due.due_work import do_due_work
from engine.model import BpmnError

REFUSABLE = process(
    "sending",
    "in -> send -> out; refused -> call_them -> called",
    service("send", "post"),
    user("call_them"),
    boundary("refused", "send", caught("error", "unreachable")),
)


def test_a_business_error_takes_the_way_that_is_drawn_for_it(engine):
    server, case = sent(engine, Post(BpmnError("unreachable")), REFUSABLE)

    do_due_work(server)

    assert list(open_tasks(server, case)) == ["call_them"]
    assert [one.state for one in jobs(server, case)] == ["done"]
    assert incidents(server, case) == []


def test_a_business_error_that_nobody_drew_is_an_incident(engine):
    server, case = sent(engine, Post(BpmnError("struck_by_lightning")), REFUSABLE)

    do_due_work(server)

    assert state(server, case) == "running"
    assert [one.state for one in jobs(server, case)] == ["failed"]
    assert "struck_by_lightning" in open_incident(server, case).message["zh"]


@pytest.mark.parametrize(
    "drawing",
    [
        process(
            "sending",
            "in -> stage -> out; refused -> call_them -> called",
            sub_process("stage", "begun -> send -> finished", service("send", "post")),
            user("call_them"),
            boundary("refused", "stage", caught("error", "unreachable")),
        ),
        process(
            "sending",
            "in -> ask -> out; refused -> call_them -> called",
            call("ask", "asked"),
            user("call_them"),
            boundary("refused", "ask", caught("error", "unreachable")),
        )
        + process("asked", "begun -> send -> finished", service("send", "post")),
        process(
            "sending",
            "in -> send -> out; refused -> call_them -> called",
            service("send", "post", inside=for_each("desks", "desk")),
            user("call_them"),
            boundary("refused", "send", caught("error", "unreachable")),
        ),
    ],
    ids=["stage", "called process", "every desk"],
)
def test_a_business_error_is_caught_further_out(engine, drawing):
    acts = [{}, BpmnError("unreachable")] if "desk" in drawing else [BpmnError("unreachable")]
    server, case = sent(engine, Post(*acts), drawing, desks=["一", "二", "三"])

    server.live.clear()
    do_due_work(server)

    assert list(open_tasks(server, case)) == ["call_them"]
    assert {one.state for one in jobs(server, case)} <= {"done", "cancelled"}
    complete(server, "li_na", open_tasks(server, case)["call_them"])
    assert state(server, case) == "completed"


def test_a_handler_inside_the_command_may_raise_a_business_error(engine):
    server = with_handler(engine, Post(BpmnError("unreachable")), in_transaction=True)
    install(server, REFUSABLE)

    case = start(server, "sending")

    assert list(open_tasks(server, case)) == ["call_them"]
    assert jobs(server, case) == []


def test_an_error_end_event_leads_to_the_boundary_event_around_it(engine):
    install(
        engine,
        process(
            "asking",
            "in -> stage -> out; refused -> call_them -> called",
            sub_process(
                "stage", "begun -> ask -> gone", user("ask"), end("gone", caught("error", "unreachable"))
            ),
            user("call_them"),
            boundary("refused", "stage", caught("error", "unreachable")),
        ),
    )
    case = start(engine, "asking")

    complete(engine, "li_na", open_tasks(engine, case)["ask"])

    assert list(open_tasks(engine, case)) == ["call_them"]


def two_stages(event):
    """Two stages side by side, each with a boundary event for the same code; the first one raises it."""
    kind, code = event
    interrupting = kind == "error"
    raising = end("gone", caught(kind, code)) if interrupting else throw("gone", caught(kind, code))
    return process(
        "staged",
        "in -> split; split -> one -> out; split -> two -> out_too; "
        "one_raised -> press_one -> pressed_one; two_raised -> press_two -> pressed_two",
        "<parallelGateway id='split'/>",
        sub_process(
            "one", "one_begun -> ask -> gone" + ("" if interrupting else " -> one_done"), user("ask"), raising
        ),
        sub_process("two", "two_begun -> keep -> two_done", user("keep")),
        boundary("one_raised", "one", caught(kind, code), cancels=interrupting),
        boundary("two_raised", "two", caught(kind, code), cancels=interrupting),
        user("press_one"),
        user("press_two"),
    )


@pytest.mark.parametrize("event", [("error", "unreachable"), ("escalation", "unreachable")])
def test_a_stage_does_not_catch_what_its_neighbour_raises(engine, event):
    install(engine, two_stages(event))
    case = start(engine, "staged")
    engine.live.clear()

    complete(engine, "li_na", open_tasks(engine, case)["ask"])

    assert set(open_tasks(engine, case)) == {"keep", "press_one"}


def test_an_escalation_that_nobody_catches_goes_by(engine):
    install(
        engine,
        process(
            "asking",
            "in -> ask -> raise_it -> keep -> out",
            user("ask"),
            user("keep"),
            throw("raise_it", caught("escalation", "late")),
        ),
    )
    case = start(engine, "asking")

    complete(engine, "li_na", open_tasks(engine, case)["ask"])

    assert list(open_tasks(engine, case)) == ["keep"]


def test_an_error_end_event_that_nobody_catches_is_an_incident_not_a_happy_end(engine):
    install(
        engine,
        process("asking", "in -> call_them -> out", call("call_them", "called"))
        + process("called", "begun -> ask -> gone", user("ask"), end("gone", caught("error", "unreachable"))),
    )
    case = start(engine, "asking")

    with pytest.raises(CaseStopped, match="unreachable"):
        complete(engine, "li_na", open_tasks(engine, case)["ask"])

    assert open_incident(engine, case).element_id == "gone"
    assert list(open_tasks(engine, case)) == ["ask"]
