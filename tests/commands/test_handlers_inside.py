"""Handlers that run inside the command: what they did is kept or given back together with the step."""

import pytest
from cases import complete, open_tasks, start, state, variables
from families import install, process, service, user
from post import Post, sent, with_handler
from promises import open_incident
from sqlalchemy import select

from engine.commands.case.on_case import CaseStopped
from engine.commands.due.due_work import do_due_work
from engine.model import BpmnError, HandlerFailed, NotFound, NumberSeries


def number_it(context):
    return {"dossier": context.next_number("dossier", "2026")}


def last_number(engine):
    with engine.store.reading() as session:
        return session.execute(
            select(NumberSeries.last_number).where(NumberSeries.series == "dossier")
        ).scalar_one_or_none()


def test_a_number_that_a_handler_took_inside_a_failed_step_is_given_back(engine):
    server = with_handler(engine, number_it, "number", in_transaction=True)
    install(
        server,
        process(
            "numbering",
            "in -> keep -> number -> reckon -> out",
            user("keep"),
            service("number", "number"),
            "<scriptTask id='reckon' name='reckon'><script>total = amount + 1</script></scriptTask>",
        ),
    )
    first, second = start(server, "numbering"), start(server, "numbering")

    with pytest.raises(CaseStopped):
        complete(server, "li_na", open_tasks(server, first)["keep"], amount="many")
    assert last_number(server) is None
    complete(server, "li_na", open_tasks(server, second)["keep"], amount=1)
    complete(server, "li_na", open_tasks(server, first)["keep"], amount=1)

    assert (variables(server, second)["dossier"], variables(server, first)["dossier"]) == (1, 2)


@pytest.mark.parametrize(
    "problem", [BpmnError("odd"), HandlerFailed("Closed."), ValueError("odd"), NotFound("x", "y")]
)
def test_whatever_a_handler_raises_inside_a_command_is_an_incident_of_its_element(engine, problem):
    server = with_handler(engine, Post(problem), in_transaction=True)
    install(server, process("sending", "in -> keep -> send -> out", user("keep"), service("send", "post")))
    case = start(server, "sending")
    key = open_tasks(server, case)["keep"]

    with pytest.raises(CaseStopped):
        complete(server, "li_na", key, wish="return")

    assert open_incident(server, case).element_id == "send"
    assert open_tasks(server, case)["keep"] == key
    complete(server, "li_na", key)
    assert state(server, case) == "completed"


def test_a_handler_outside_the_command_takes_no_numbers(engine):
    server, case = sent(engine, Post(number_it))

    do_due_work(server)

    assert "gap" in open_incident(server, case).message["en"]
