"""Who may take a task, hold it, hand it on and finish it; never the person complained about."""

import pytest
from cases import complete, open_task, open_tasks, start, state, variables
from engines import person
from families import boundary, caught, family, install, process, user
from promises import at, told_now
from sqlalchemy import select

from engine.commands.assign_user_task import assign_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.hold_user_task import claim_user_task, release_user_task, save_draft
from engine.commands.people.people_commands import (
    add_organisation,
    add_person,
    deactivate_person,
    grant_role,
    revoke_role,
)
from engine.commands.releases.deploy import deploy
from engine.model import Candidate, Conflict, Forbidden, InvalidForm, NotFound, UserTask, WrongState
from engine.people import SYSTEM, Actor, Held


@pytest.fixture
def case(engine):
    return start(engine)


@pytest.fixture
def key(engine, case):
    return open_task(engine, case)


@pytest.fixture
def stranger(engine):
    """Somebody of another organisation, with the same role there."""
    add_organisation(engine, SYSTEM, key="other", name={"zh": "城西支行", "en": "West branch"})
    add_person(
        engine, SYSTEM, username="zhang_san", organisation_key="other", name={"zh": "张三", "en": "Zhang San"}
    )
    grant_role(engine, SYSTEM, username="zhang_san", unit_key="other", role_key="first_receiver")
    grant_role(engine, SYSTEM, username="zhang_san", unit_key="other", role_key="supervisor")
    return person(engine, "zhang_san")


ADMIN = Actor("root", None, "Root", memberships=(Held("bank", "/bank/", "admin"),))


def row(engine, key):
    with engine.store.reading() as session:
        return session.get_one(UserTask, key)


def candidates(engine, key):
    with engine.store.reading() as session:
        rows = session.execute(
            select(Candidate.role_key, Candidate.unit_key, Candidate.username).where(
                Candidate.user_task_key == key
            )
        ).all()
    return {"/".join(part for part in one if part) for one in rows}


def test_a_candidate_takes_a_task_and_gives_it_back(engine, key):
    claim_user_task(engine, person(engine, "li_na"), user_task_key=key)
    claim_user_task(engine, person(engine, "li_na"), user_task_key=key)  # twice is once
    assert (row(engine, key).assignee, row(engine, key).claimed_at) == ("li_na", engine.clock.now())

    release_user_task(engine, person(engine, "li_na"), user_task_key=key)
    release_user_task(engine, person(engine, "zhao_min"), user_task_key=key)  # nothing to give back

    assert (row(engine, key).assignee, row(engine, key).claimed_at) == (None, None)


@pytest.mark.parametrize("act", [claim_user_task, release_user_task])
def test_a_task_in_other_hands_says_whose_and_since_when(engine, key, act):
    claim_user_task(engine, person(engine, "li_na"), user_task_key=key)

    with pytest.raises(Conflict, match="li_na") as refused:
        act(engine, person(engine, "zhao_min"), user_task_key=key)

    assert (refused.value.by, refused.value.at) == ("li_na", engine.clock.now())
    with pytest.raises(Conflict):
        complete(engine, "zhao_min", key)
    with pytest.raises(Conflict):
        save_draft(engine, person(engine, "zhao_min"), user_task_key=key, values={})


def test_half_a_form_is_kept_until_the_task_is_done(engine, key):
    save_draft(engine, person(engine, "li_na"), user_task_key=key, values={"wish": "ret"})
    assert row(engine, key).draft == {"wish": "ret"}

    complete(engine, "li_na", key, wish="return")

    done = row(engine, key)
    assert (done.state, done.values, done.draft, done.completed_by) == (
        "completed",
        {"wish": "return"},
        None,
        "li_na",
    )


def test_who_is_no_candidate_does_nothing_with_a_task(engine, key):
    for act in (claim_user_task, release_user_task):
        claim_user_task(engine, person(engine, "li_na"), user_task_key=key)
        with pytest.raises(Forbidden) as refused:
            act(engine, person(engine, "chen_bo"), user_task_key=key)
        assert "li_na" not in refused.value.en
    with pytest.raises(Forbidden):
        complete(engine, "chen_bo", key)
    with pytest.raises(Forbidden):
        save_draft(engine, person(engine, "chen_bo"), user_task_key=key, values={})


def test_a_stranger_of_another_organisation_learns_no_name(engine, key, stranger):
    claim_user_task(engine, person(engine, "li_na"), user_task_key=key)

    for act in (claim_user_task, release_user_task):
        with pytest.raises(Forbidden) as refused:
            act(engine, stranger, user_task_key=key)
        assert "li_na" not in refused.value.en + refused.value.zh


@pytest.mark.parametrize("username", ["chen_bo", "zhang_san"])
def test_who_finished_a_task_is_told_to_nobody_outside(engine, key, stranger, username):
    complete(engine, "li_na", key)

    with pytest.raises(Forbidden) as refused:
        complete(engine, username, key)

    assert "li_na" not in refused.value.en + refused.value.zh


def test_the_second_completion_hears_who_was_first(engine, key):
    complete(engine, "li_na", key)

    with pytest.raises(Conflict, match="li_na completed it") as refused:
        complete(engine, "zhao_min", key)

    assert refused.value.by == "li_na"


def test_a_task_that_the_case_has_left_behind_cannot_be_done(engine):
    install(
        engine,
        process(
            "withdrawable",
            "in -> keep -> out; withdrawn -> look -> gone",
            user("keep"),
            user("look"),
            boundary("withdrawn", "keep", caught("message", "withdrawal")),
        ),
    )
    case = start(engine, "withdrawable")
    key = open_task(engine, case)
    correlate_message(
        engine,
        person(engine, "li_na"),
        message_name="withdrawal",
        correlation=case.business_key,
        variables={},
    )

    with pytest.raises(WrongState, match="went on without it"):
        complete(engine, "li_na", key)


def test_an_unknown_task_is_not_found(engine):
    with pytest.raises(NotFound):
        complete(engine, "li_na", "0" * 32)


def test_the_administrator_may_finish_what_lies_in_other_hands(engine, case, key):
    claim_user_task(engine, person(engine, "li_na"), user_task_key=key)

    complete_user_task(engine, ADMIN, user_task_key=key, values={})

    assert row(engine, key).completed_by == "root"
    assert state(engine, case) == "completed"


def test_who_has_lost_the_role_may_still_finish_what_is_in_hand(engine, key):
    claim_user_task(engine, person(engine, "li_na"), user_task_key=key)
    revoke_role(engine, SYSTEM, username="li_na", unit_key="bank", role_key="first_receiver")
    grant_role(engine, SYSTEM, username="li_na", unit_key="bank", role_key="sales_handler")

    complete(engine, "li_na", key)

    assert row(engine, key).completed_by == "li_na"


def test_next_tasks_are_those_that_the_same_person_may_take(engine):
    install(
        engine,
        process(
            "handing_on",
            "in -> keep -> split; split -> mine -> out; split -> theirs -> out_too",
            "<parallelGateway id='split'/>",
            user("keep"),
            user("mine"),
            user("theirs", "outlet_head"),
        ),
    )
    case = start(engine, "handing_on")

    done = complete(engine, "li_na", open_task(engine, case))

    assert done.next_task_keys == (open_tasks(engine, case)["mine"],)


# Handing on


def test_a_supervisor_hands_a_task_on_and_the_new_holder_is_told_why(engine, case, key):
    assign_user_task(engine, person(engine, "wang_wei"), user_task_key=key, to="zhao_min", reason="李娜休假")

    assert row(engine, key).assignee == "zhao_min"
    assert told_now(engine, case) == ["task_reassigned zhao_min"]
    complete(engine, "zhao_min", key)
    assert state(engine, case) == "completed"


def test_who_does_not_supervise_hands_nothing_on(engine, key, stranger):
    for actor in (person(engine, "li_na"), person(engine, "chen_bo"), stranger):
        with pytest.raises(Forbidden):
            assign_user_task(engine, actor, user_task_key=key, to="zhao_min", reason="…")


def test_a_task_is_handed_to_nobody_who_could_not_do_it(engine, key, stranger):
    deactivate_person(engine, SYSTEM, username="zhao_min")
    wang_wei = person(engine, "wang_wei")

    for somebody in ("zhang_san", "zhao_min", "nobody"):
        with pytest.raises(NotFound):
            assign_user_task(engine, wang_wei, user_task_key=key, to=somebody, reason="…")
    with pytest.raises(Forbidden, match="no role"):
        assign_user_task(engine, wang_wei, user_task_key=key, to="chen_bo", reason="…")

    assert row(engine, key).assignee is None


# Forms


FORM = """{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "wish",
"x-title": {"zh": "意愿", "en": "Wish"}, "type": "object", "required": ["wish"],
"properties": {"wish": {"type": "string", "enum": ["return", "repair"], "x-label": {"zh": "意愿", "en": "Wish"}}},
"x-order": ["wish"], "examples": [{"wish": "return"}]}"""


def test_a_form_refuses_what_it_does_not_know_and_says_so_for_each_field(engine):
    deploy(
        engine,
        SYSTEM,
        [
            family(
                process("asking", "in -> ask -> out", user("ask", formRef="wish")),
                forms__wish_dot_json=FORM.encode(),
            )
        ],
        name="forms",
    )
    case = start(engine, "asking")
    key = open_task(engine, case)

    with pytest.raises(InvalidForm) as refused:
        complete(engine, "li_na", key, wish="both")
    assert set(refused.value.errors) == {"wish"}
    with pytest.raises(InvalidForm):
        complete(engine, "li_na", key)
    complete(engine, "li_na", key, wish="repair")

    assert variables(engine, case)["wish"] == "repair"


def test_nothing_of_a_task_is_due_after_it_is_done(engine, case, key):
    complete(engine, "li_na", key)

    assert not at(engine, "2026-06-01 09:00")
