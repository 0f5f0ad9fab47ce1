"""Who may take a task, hold it, hand it on and finish it; never the person complained about."""

import pytest
from branch import BRANCH
from cases import complete, open_task, open_tasks, start, state, variables
from engines import person
from families import boundary, caught, family, install, process, user
from promises import at, told, told_now
from sqlalchemy import select

from engine.commands.assign_user_task import assign_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.deploy import deploy
from engine.commands.hold_user_task import claim_user_task, release_user_task, save_draft
from engine.commands.people_commands import (
    add_organisation,
    add_person,
    deactivate_person,
    grant_role,
    revoke_role,
)
from engine.commands.start_instance import start_instance
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


# The person complained about


def about(engine, username, process_key="answering", by="li_na"):
    return start_instance(
        engine, person(engine, by), process_key=process_key, variables={"complained_about": username}
    )


def test_the_person_complained_about_touches_no_task(engine):
    case = about(engine, "zhao_min")
    key = open_task(engine, case)
    zhao_min = person(engine, "zhao_min")

    for act in (
        lambda: claim_user_task(engine, zhao_min, user_task_key=key),
        lambda: release_user_task(engine, zhao_min, user_task_key=key),
        lambda: save_draft(engine, zhao_min, user_task_key=key, values={}),
        lambda: complete(engine, "zhao_min", key),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Forbidden, match="COI-1"):
        assign_user_task(engine, person(engine, "wang_wei"), user_task_key=key, to="zhao_min", reason="…")


def test_a_supervisor_complained_about_hands_the_matter_to_no_friend(engine):
    case = about(engine, "wang_wei")

    with pytest.raises(Forbidden, match="COI-1"):
        assign_user_task(
            engine, person(engine, "wang_wei"), user_task_key=open_task(engine, case), to="li_na", reason="…"
        )


def test_the_person_complained_about_is_not_told_who_finished_it(engine):
    case = about(engine, "zhao_min")
    key = open_task(engine, case)
    complete(engine, "li_na", key)

    with pytest.raises(Forbidden) as refused:
        complete(engine, "zhao_min", key)

    assert "li_na" not in refused.value.en


NAMING = process(
    "naming",
    "in -> split; split -> name_them -> look -> join; split -> keep -> join; join -> out",
    "<parallelGateway id='split'/><parallelGateway id='join'/>",
    user("name_them"),
    user("look", assignee="zhao_min"),
    user("keep"),
)


def test_who_becomes_known_as_the_person_complained_about_loses_what_is_in_hand(engine):
    install(engine, NAMING)
    case = start(engine, "naming")
    tasks = open_tasks(engine, case)
    claim_user_task(engine, person(engine, "zhao_min"), user_task_key=tasks["keep"])

    complete(engine, "li_na", tasks["name_them"], complained_about="zhao_min")

    keep = row(engine, tasks["keep"])
    assert (keep.assignee, keep.claimed_at) == (None, None)
    assert candidates(engine, keep.user_task_key) == {"first_receiver/bank"}
    claim_user_task(engine, person(engine, "li_na"), user_task_key=tasks["keep"])
    with pytest.raises(Forbidden):
        complete(engine, "zhao_min", tasks["keep"])


def test_who_becomes_known_in_the_same_step_is_neither_assigned_nor_told(engine):
    install(engine, NAMING)
    case = start(engine, "naming")

    complete(engine, "li_na", open_tasks(engine, case)["name_them"], complained_about="zhao_min")

    look = row(engine, open_tasks(engine, case)["look"])
    assert look.assignee is None
    assert "zhao_min" not in candidates(engine, look.user_task_key)
    assert told(engine, case, "zhao_min") == []


def test_who_is_cleared_may_take_part_again(engine):
    install(engine, NAMING)
    case = start_instance(
        engine, person(engine, "li_na"), process_key="naming", variables={"complained_about": "zhao_min"}
    )

    complete(engine, "li_na", open_tasks(engine, case)["name_them"], complained_about=None)

    assert row(engine, open_tasks(engine, case)["look"]).assignee == "zhao_min"
    claim_user_task(engine, person(engine, "zhao_min"), user_task_key=open_tasks(engine, case)["keep"])


def test_a_task_whose_only_candidate_is_complained_about_goes_to_the_unit_above(branch):
    case = about(branch, "sun_li", by="zhou_jie")

    key = open_task(branch, case)

    assert candidates(branch, key) == {"first_receiver/bank"}
    assert row(branch, key).unit_key == "bank"


def test_a_task_that_nobody_else_could_hold_goes_to_the_head_above(branch):
    install(branch, process("heading", "in -> keep -> out", user("keep", "service_mgmt")))

    case = about(branch, "qian_yi", "heading", by="sun_li")

    assert candidates(branch, open_task(branch, case)) == {"zhou_jie"}


def test_a_task_moves_to_the_unit_above_when_its_only_candidate_becomes_the_person_complained_about(branch):
    install(
        branch,
        process(
            "naming",
            "in -> split; split -> name_them -> join; split -> keep -> join; join -> out",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            user("name_them", "outlet_head"),
            user("keep"),
        ),
    )
    case = start(branch, "naming", by="zhou_jie")
    tasks = open_tasks(branch, case)
    assert row(branch, tasks["keep"]).unit_key == BRANCH

    complete(branch, "zhou_jie", tasks["name_them"], complained_about="sun_li")

    assert candidates(branch, tasks["keep"]) == {"first_receiver/bank"}
    assert row(branch, tasks["keep"]).unit_key == "bank"


def test_a_role_that_nobody_holds_is_done_by_the_head(engine):
    install(engine, process("heading", "in -> keep -> out", user("keep", "service_mgmt")))

    assert candidates(engine, open_task(engine, start(engine, "heading"))) == {"wang_wei"}


def test_a_head_who_has_left_holds_nothing(branch):
    install(branch, process("heading", "in -> keep -> out", user("keep", "company_leader")))
    deactivate_person(branch, SYSTEM, username="zhou_jie")

    assert candidates(branch, open_task(branch, start(branch, "heading", by="sun_li"))) == {"wang_wei"}


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
