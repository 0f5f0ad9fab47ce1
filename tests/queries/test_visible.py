"""Which cases a person may see: own, subtree, organisation, all; told apart by people who hold each."""

import pytest
from engines import person
from pages import task_of

from engine.commands.complete_user_task import complete_user_task
from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_organisation, add_person, add_unit, grant_role
from engine.commands.start_instance import start_instance
from engine.model import Membership, NotFound
from engine.people import SYSTEM
from engine.queries.case_list import find_cases
from engine.queries.case_page import find_case


@pytest.fixture
def cases(engine: Engine) -> dict[str, str]:
    """One case each in the city's east and west, and one of another bank."""
    for key, parent in (("city", "bank"), ("east", "city"), ("west", "city")):
        add_unit(
            engine,
            SYSTEM,
            organisation_key="bank",
            unit_key=key,
            parent_key=parent,
            name={"zh": key, "en": key},
        )
    add_organisation(engine, SYSTEM, key="other", name={"zh": "别的银行", "en": "Other bank"})
    for username, organisation, unit, role in (
        ("east_clerk", "bank", "east", "first_receiver"),
        ("west_clerk", "bank", "west", "first_receiver"),
        ("city_head", "bank", "city", "supervisor"),
        ("east_head", "bank", "east", "supervisor"),
        ("owner", "bank", "bank", "process_owner"),
        ("auditor", "bank", "east", "auditor"),
        ("outsider", "other", "other", "auditor"),
    ):
        add_person(
            engine,
            SYSTEM,
            username=username,
            organisation_key=organisation,
            name={"zh": username, "en": username},
        )
        grant_role(engine, SYSTEM, username=username, unit_key=unit, role_key=role)
    add_person(engine, SYSTEM, username="root", organisation_key=None, name={"zh": "管理员", "en": "Root"})
    with engine.store.transaction() as session:
        session.add(Membership(username="root", unit_key="bank", role_key="admin"))
    return {
        unit: start_instance(
            engine,
            SYSTEM,
            process_key="matter",
            organisation_key=organisation,
            unit_key=unit,
            variables={"subject": f"事项 {unit}"},
            is_form=True,
        ).instance_key
        for unit, organisation in (("east", "bank"), ("west", "bank"), ("other", "other"))
    }


@pytest.mark.parametrize(
    ("username", "seen"),
    [
        ("east_clerk", {"east"}),  # may take its task
        ("city_head", {"east", "west"}),  # all units below
        ("east_head", {"east"}),
        ("owner", {"east", "west"}),
        ("auditor", {"east", "west"}),  # the whole organisation, though the role is held in one unit
        ("outsider", {"other"}),  # never another organisation
        ("root", {"east", "west", "other"}),
        ("chen_bo", set()),
    ],
)
def test_a_person_sees(engine: Engine, cases: dict[str, str], username: str, seen: set[str]) -> None:
    actor = person(engine, username)

    listed = find_cases(engine, actor, state="all")

    assert {line.row.unit_key for line in listed.lines} == seen
    for unit, key in cases.items():
        if unit in seen:
            assert find_case(engine, actor, key, "zh").header.key == key
        else:
            with pytest.raises(NotFound):
                find_case(engine, actor, key, "zh")


def test_who_has_done_a_task_still_sees_the_case(engine: Engine, cases: dict[str, str]) -> None:
    clerk = person(engine, "east_clerk")
    answer = {"decision": "unjustified", "reply": "已说明"}

    complete_user_task(engine, clerk, user_task_key=task_of(engine, cases["east"]), values=answer)

    assert [line.row.instance_key for line in find_cases(engine, clerk).lines] == [cases["east"]]


def test_a_name_with_signs_of_a_pattern_finds_only_itself(engine: Engine, cases: dict[str, str]) -> None:
    root = person(engine, "root")

    assert find_cases(engine, root, text="%", state="all").total == 0
    assert find_cases(engine, root, text="事项 e", state="all").total == 1
