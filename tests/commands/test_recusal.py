"""The person complained about holds nothing, is told nothing and decides nothing, from the moment it is known (COI-1)."""

import pytest
from branch import BRANCH
from cases import complete, open_task, open_tasks, start
from engines import person
from families import install, process, user
from promises import told
from sqlalchemy import select

from engine.commands.assign_user_task import assign_user_task
from engine.commands.hold_user_task import claim_user_task, release_user_task, save_draft
from engine.commands.people.people_commands import (
    deactivate_person,
)
from engine.commands.start_instance import start_instance
from engine.model import Candidate, Forbidden, UserTask
from engine.people import SYSTEM


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
    case = about(branch, "sun_lihua", by="zhou_jie")

    key = open_task(branch, case)

    assert candidates(branch, key) == {"first_receiver/bank"}
    assert row(branch, key).unit_key == "bank"


def test_a_task_that_nobody_else_could_hold_goes_to_the_head_above(branch):
    install(branch, process("heading", "in -> keep -> out", user("keep", "service_mgmt")))

    case = about(branch, "qian_yi", "heading", by="sun_lihua")

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

    complete(branch, "zhou_jie", tasks["name_them"], complained_about="sun_lihua")

    assert candidates(branch, tasks["keep"]) == {"first_receiver/bank"}
    assert row(branch, tasks["keep"]).unit_key == "bank"


def test_a_role_that_nobody_holds_is_done_by_the_head(engine):
    install(engine, process("heading", "in -> keep -> out", user("keep", "service_mgmt")))

    assert candidates(engine, open_task(engine, start(engine, "heading"))) == {"wang_wei"}


def test_a_head_who_has_left_holds_nothing(branch):
    install(branch, process("heading", "in -> keep -> out", user("keep", "company_leader")))
    deactivate_person(branch, SYSTEM, username="zhou_jie")

    assert candidates(branch, open_task(branch, start(branch, "heading", by="sun_lihua"))) == {"wang_wei"}
