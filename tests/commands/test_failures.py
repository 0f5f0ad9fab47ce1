"""A step that cannot be taken is not taken at all: nothing changes, what was filled in is kept, a person is told."""

from dataclasses import replace

import pytest
from cases import complete, instance, open_tasks, start, state, variables
from engines import person
from families import call, catch, caught, for_each, gateway, install, process, script, service, timer, user
from promises import incidents, open_incident

from engine.commands.case.on_case import CaseStopped
from engine.commands.correlate_message import correlate_message
from engine.commands.hold_user_task import claim_user_task
from engine.commands.incidents import resolve_incident
from engine.commands.start_instance import start_instance
from engine.commands.terminate_instance import terminate_instance
from engine.model import InvalidInput, UserTask

TWO = "<parallelGateway id='split'/><parallelGateway id='join'/>"
RECKONING = process(
    "reckoning",
    "in -> split; split -> keep -> reckon -> join; split -> supply -> join; join -> out",
    TWO,
    user("keep"),
    user("supply"),
    script("reckon", "total = amount + 1"),
)


def fail(engine, case, element_id="keep", **values):
    with pytest.raises(CaseStopped) as stopped:
        complete(engine, "li_na", open_tasks(engine, case)[element_id], **values)
    return stopped.value


def task(engine, case, element_id="keep"):
    key = open_tasks(engine, case)[element_id]
    with engine.store.reading() as session:
        return session.get_one(UserTask, key)


def test_nothing_of_a_failed_step_is_kept_but_a_draft_and_an_incident(engine):
    install(engine, RECKONING)
    case = start(engine, "reckoning")
    before = instance(engine, case)

    stopped = fail(engine, case, wish="return")

    after = instance(engine, case)
    assert (after.row_version, after.variables) == (before.row_version, before.variables)
    assert after.audit_sequence == before.audit_sequence
    assert (task(engine, case).state, task(engine, case).draft) == ("open", {"wish": "return"})
    incident = open_incident(engine, case)
    assert (incident.kind, incident.element_id) == ("expression", "reckon")
    for said in (stopped.zh, incident.message["zh"]):
        assert "reckon" in said
        assert "amount" in said
    assert "草稿" in stopped.zh


def test_the_step_can_be_taken_once_its_values_are_mended(engine):
    install(engine, RECKONING)
    case = start(engine, "reckoning")
    fail(engine, case)

    complete(engine, "li_na", open_tasks(engine, case)["supply"], amount=41)
    complete(engine, "li_na", open_tasks(engine, case)["keep"])

    assert variables(engine, case)["total"] == 42
    assert state(engine, case) == "completed"
    assert [one.resolved_by for one in incidents(engine, case)] == ["li_na"]


def test_trying_again_in_vain_makes_no_second_incident(engine):
    install(engine, RECKONING)
    case = start(engine, "reckoning")

    fail(engine, case)
    fail(engine, case)

    assert len(incidents(engine, case)) == 1
    resolve_incident(
        engine, person(engine, "wang_wei"), incident_key=open_incident(engine, case).incident_key
    )
    fail(engine, case)
    assert len(incidents(engine, case)) == 2


def test_a_case_that_is_stopped_takes_its_incidents_along(engine):
    install(engine, RECKONING)
    case = start(engine, "reckoning")
    fail(engine, case)

    terminate_instance(engine, person(engine, "wang_wei"), instance_key=case.instance_key, reason="重复登记")

    assert [one.resolved_by for one in incidents(engine, case)] == ["wang_wei"]


def test_other_commands_go_on_while_an_incident_is_open(engine):
    install(engine, RECKONING)
    case = start(engine, "reckoning")
    fail(engine, case)

    claim_user_task(engine, person(engine, "li_na"), user_task_key=open_tasks(engine, case)["keep"])

    assert task(engine, case).assignee == "li_na"


FAULTY = {
    "assignee": user("next", assignee="${odd.username}"),
    "candidates": user("next", "${odd + 1}"),
    "due date": user("next", dueDate="${odd}"),
    "priority": user("next", priority="${odd}"),
    "topic": service("next", "${odd + 1}"),
    "input": service("next", "record", inputs={"total": "${odd + 1}"}),
    "timer": catch("next", timer("${odd}")),
    "clock": user("next", sla="${odd + 1}"),
    "script": script("next", "total = odd + 1"),
    "collection": user("next", inside=for_each("${odd}", "one")),
    "in mapping": call("next", "called").replace(
        "<camunda:in variables='all'/>", "<camunda:in sourceExpression='${odd + 1}' target='total'/>"
    ),
}


@pytest.mark.parametrize("element", FAULTY.values(), ids=FAULTY)
def test_whatever_text_of_an_element_fails_is_told_with_its_place(engine, element):
    called = process("called", "begun -> aside -> finished", user("aside"))
    install(engine, process("faulty", "in -> keep -> next -> out", user("keep"), element) + called)
    case = start(engine, "faulty")

    fail(engine, case, odd="gestern")

    assert open_incident(engine, case).element_id == "next"
    assert task(engine, case).draft == {"odd": "gestern"}


def test_a_case_whose_first_step_fails_is_not_started(engine):
    install(engine, process("faulty", "in -> reckon -> out", script("reckon", "total = amount + 1")))

    with pytest.raises(InvalidInput, match="reckon"):
        start(engine, "faulty")


LOOP = process(
    "looping",
    "in -> keep -> first -> second -> third -> again; again -> first ? is_wanted; again -> out",
    user("keep"),
    script("first", "rounds = rounds + 1"),
    script("second", "rounds = rounds + 0"),
    script("third", "rounds = rounds + 0"),
    gateway("again", default="out"),
)


def looping(engine):
    install(engine, LOOP)
    return start_instance(
        engine, person(engine, "li_na"), process_key="looping", variables={"rounds": 0, "is_wanted": None}
    )


def test_a_loop_without_end_is_an_incident_not_a_hang(engine):
    engine.settings = replace(engine.settings, guards=replace(engine.settings.guards, max_steps=200))
    case = looping(engine)

    stopped = fail(engine, case, is_wanted=True)

    assert "200 steps" in stopped.en
    assert open_incident(engine, case).kind == "guard"
    complete(engine, "li_na", open_tasks(engine, case)["keep"], is_wanted=False)
    assert state(engine, case) == "completed"


def test_a_long_loop_with_an_end_is_walked_to_its_end(engine):
    install(engine, LOOP.replace("is_wanted", "rounds &lt; 300"))
    case = start_instance(engine, person(engine, "li_na"), process_key="looping", variables={"rounds": 0})

    complete(engine, "li_na", open_tasks(engine, case)["keep"])

    assert variables(engine, case)["rounds"] == 300


def test_more_iterations_than_a_case_may_have_are_an_incident(engine):
    engine.settings = replace(engine.settings, guards=replace(engine.settings.guards, max_tokens=20))
    install(
        engine,
        process(
            "asking", "in -> keep -> ask -> out", user("keep"), user("ask", inside=for_each("desks", "desk"))
        ),
    )
    case = start(engine, "asking")

    fail(engine, case, desks=list(range(21)))

    assert open_incident(engine, case).kind == "guard"
    complete(engine, "li_na", open_tasks(engine, case)["keep"], desks=list(range(19)))


def test_a_state_that_has_grown_too_large_is_an_incident(engine):
    engine.settings = replace(engine.settings, guards=replace(engine.settings.guards, max_state_bytes=4000))
    install(
        engine,
        process(
            "asking", "in -> keep -> ask -> out", user("keep"), user("ask", inside=for_each("desks", "desk"))
        ),
    )
    case = start(engine, "asking")

    stopped = fail(engine, case, desks=list(range(50)))

    assert "state bytes" in stopped.en
    complete(engine, "li_na", open_tasks(engine, case)["keep"], desks=[])
    assert state(engine, case) == "completed"


@pytest.mark.parametrize("value", [{1, 2}, 2**70, "a\0b", object()], ids=["set", "huge", "NUL", "object"])
def test_values_that_nothing_can_keep_are_refused_before_anything_happens(engine, value):
    install(engine, RECKONING)
    case = start(engine, "reckoning")

    with pytest.raises(InvalidInput):
        complete(engine, "li_na", open_tasks(engine, case)["keep"], found=value)

    assert incidents(engine, case) == []
    assert task(engine, case).draft is None


def test_a_number_that_grows_beyond_what_can_be_kept_is_an_incident(engine):
    install(
        engine,
        process(
            "growing", "in -> keep -> grow -> out", user("keep"), script("grow", "amount = amount * amount")
        ),
    )
    case = start(engine, "growing")

    fail(engine, case, amount=2**62)

    assert open_incident(engine, case).element_id == "grow"


@pytest.mark.parametrize("accused", [["li_na"], {"username": "li_na"}, 7])
def test_only_one_username_can_be_complained_about(engine, accused):
    install(engine, RECKONING)
    with pytest.raises(InvalidInput, match="complained_about"):
        start_instance(
            engine, person(engine, "li_na"), process_key="reckoning", variables={"complained_about": accused}
        )
    case = start(engine, "reckoning")

    stopped = fail(engine, case, amount=1, complained_about=accused)

    assert "complained_about" in stopped.zh


def test_an_incident_of_a_message_is_over_when_the_message_comes_again_and_goes_through(engine):
    install(
        engine,
        process(
            "listening_too",
            "in -> split; split -> listen -> reckon -> look -> join; split -> supply -> join; join -> out",
            TWO,
            catch("listen", caught("message", "reply")),
            script("reckon", "total = amount + 1"),
            user("look"),
            user("supply"),
        ),
    )
    case = start(engine, "listening_too")

    def send(**values):
        correlate_message(
            engine,
            person(engine, "li_na"),
            message_name="reply",
            correlation=case.business_key,
            variables=values,
        )

    with pytest.raises(CaseStopped):
        send()
    assert open_incident(engine, case).element_id == "reckon"
    send(amount=1)

    assert [one.resolved_by for one in incidents(engine, case)] == ["li_na"]
