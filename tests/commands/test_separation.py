"""Four eyes: who did one task of a case cannot do the other, whoever asks for it (COI-5)."""

import pytest
from cases import complete, open_task, open_tasks, start, state
from engines import person
from families import install, process, user
from sqlalchemy import select

from engine.commands.assign_user_task import assign_user_task
from engine.commands.hold_user_task import claim_user_task
from engine.commands.releases.deploy import DeploymentRefused
from engine.model import Candidate, Forbidden

CHECKED = process(
    "checked",
    "in -> fill -> verify -> out",
    user("fill", separate_from="verify"),
    user("verify", separate_from="fill"),
)


def candidates(engine, key):
    with engine.store.reading() as session:
        rows = session.execute(
            select(Candidate.role_key, Candidate.username).where(Candidate.user_task_key == key)
        )
        return {tuple(row) for row in rows}


@pytest.fixture
def case(engine):
    install(engine, CHECKED)
    case = start(engine, "checked")
    complete(engine, "li_na", open_task(engine, case))
    return case


def test_who_filled_the_form_is_no_candidate_for_its_check(engine, case):
    assert candidates(engine, open_task(engine, case)) == {("", "zhao_min")}


def test_nobody_gets_around_it(engine, case):
    verify, li_na = open_task(engine, case), person(engine, "li_na")

    for act in (
        lambda: claim_user_task(engine, li_na, user_task_key=verify),
        lambda: complete(engine, "li_na", verify),
        lambda: assign_user_task(
            engine, person(engine, "wang_wei"), user_task_key=verify, to="li_na", reason="…"
        ),
    ):
        with pytest.raises(Forbidden, match="COI-5"):
            act()


def test_another_person_does_it(engine, case):
    complete(engine, "zhao_min", open_task(engine, case))

    assert state(engine, case) == "completed"


def test_who_holds_both_loses_the_other_one(engine):
    install(
        engine,
        process(
            "tested",
            "in -> split; split -> sales -> join; split -> inspection -> join; join -> out",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            user("sales", separate_from="inspection"),
            user("inspection", separate_from="sales"),
        ),
    )
    tasks = open_tasks(engine, start(engine, "tested"))
    for key in tasks.values():
        claim_user_task(engine, person(engine, "li_na"), user_task_key=key)

    complete(engine, "li_na", tasks["sales"])

    assert candidates(engine, tasks["inspection"]) == {("", "zhao_min")}
    claim_user_task(engine, person(engine, "zhao_min"), user_task_key=tasks["inspection"])


def test_another_case_is_another_matter(engine, case):
    other = start(engine, "checked")

    assert {role for role, _ in candidates(engine, open_task(engine, other))} == {"first_receiver"}


def test_a_task_that_does_not_exist_would_shut_out_nobody(engine):
    with pytest.raises(DeploymentRefused) as refused:
        install(engine, process("checked", "in -> fill -> out", user("fill", separate_from="verfy")))

    assert "separate.from=verfy" in str(refused.value)
