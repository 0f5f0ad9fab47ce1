"""Conditional events through the commands: they see what a task, another branch or a person's correction sets."""

import pytest
from cases import complete, open_tasks, start, state
from families import boundary, catch, gateway, install, process, script, user

from engine.commands.case.on_case import on_case
from engine.commands.repair.suspend_case import resume_case, suspend_case
from engine.people import SYSTEM

URGENT = "<conditionalEventDefinition><condition>amount &gt; 100</condition></conditionalEventDefinition>"


@pytest.fixture
def watched(engine):
    install(
        engine,
        process(
            "watched",
            "received -> prepare -> both -> handle -> handled; both -> note -> noted; urgent -> press -> pressed",
            script("prepare", "amount = 1"),
            gateway("both", "parallel"),
            user("handle"),
            user("note"),
            boundary("urgent", "handle", URGENT, cancels=False),
            user("press"),
        ),
        process(
            "held",
            "begun -> begin -> wait -> go_on -> over",
            script("begin", "amount = 1"),
            catch("wait", URGENT),
            user("go_on"),
        ),
    )
    return engine


def correct(engine, case, **values):
    on_case(engine, SYSTEM, lambda _session: case.instance_key, lambda work: work.correct(None, values))


def test_another_branch_makes_it_true(watched):
    case = start(watched, "watched")
    complete(watched, "li_na", open_tasks(watched, case)["note"], amount=101)
    assert set(open_tasks(watched, case)) == {"handle", "press"}
    for element_id in ("press", "handle"):
        complete(watched, "li_na", open_tasks(watched, case)[element_id])
    assert state(watched, case) == "completed"


def test_a_correction_makes_it_true(watched):
    case = start(watched, "held")
    correct(watched, case, amount=50)
    assert open_tasks(watched, case) == {}
    correct(watched, case, amount=500)
    assert list(open_tasks(watched, case)) == ["go_on"]


def test_what_became_true_while_the_case_was_suspended_goes_on_with_it(watched):
    case = start(watched, "held")
    suspend_case(watched, SYSTEM, instance_key=case.instance_key, reason="待核实")
    correct(watched, case, amount=500)
    assert open_tasks(watched, case) == {}
    resume_case(watched, SYSTEM, instance_key=case.instance_key, reason="核实完毕")
    assert list(open_tasks(watched, case)) == ["go_on"]
