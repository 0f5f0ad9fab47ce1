"""Who may hold a task, and the recusal of the person complained about (COI-1) by every path."""

import pytest
from directories import ROLES, directory

from engine.people import CandidateSpec, find_candidates, holders, refusal


def candidates(who=None, roles=(), names=(), unit="outlet", excluded=(), **options):
    return find_candidates(
        who or directory(), role_keys=roles, usernames=names, unit_key=unit, excluded=excluded, **options
    )


def test_a_role_is_found_in_the_unit_of_the_case():
    assert holders(directory(), "first_receiver", "outlet") == ("outlet", ("li_na", "sun_li"))
    assert candidates(roles=["first_receiver"]) == [CandidateSpec("first_receiver", "outlet")]


def test_a_role_is_looked_for_upwards():
    assert holders(directory(), "tier1_branch", "outlet") == ("city", ("city_head",))


def test_a_role_beside_the_line_is_found_anywhere_in_the_organisation():
    assert holders(directory(), "service_mgmt", "outlet") == ("service", ("service_head",))


def test_the_nearest_unit_counts():
    both = directory((*ROLES, ("chen_bo", "bank", "first_receiver")))

    assert holders(both, "first_receiver", "outlet")[0] == "outlet"
    assert holders(both, "first_receiver", "west") == ("bank", ("chen_bo",))


@pytest.mark.parametrize("role", ["customer", "authority", "supplier", "nobody_holds_this"])
def test_nobody_inside_holds_a_role_outside(role):
    assert holders(directory(), role, "outlet") == ("", ())


def test_every_member_of_staff_is_an_employee_who_has_not_left():
    unit, names = holders(directory(left=("chen_bo",)), "employee", "outlet", excluded=("li_na",))

    assert unit == "bank"
    assert "sun_li" in names
    assert not {"chen_bo", "li_na"} & set(names)


def test_people_can_be_named():
    assert candidates(names=["li_na", "wang_wei"]) == [
        CandidateSpec(username="li_na"),
        CandidateSpec(username="wang_wei"),
    ]


@pytest.mark.parametrize("name", ["nobody", "chen_bo"])
def test_a_name_that_is_unknown_or_has_left_is_no_candidate_and_the_head_steps_in(name):
    assert candidates(directory(left=("chen_bo",)), names=[name]) == [CandidateSpec(username="zhao_min")]


def test_where_nobody_holds_the_role_the_head_of_the_nearest_unit_steps_in():
    assert candidates(roles=["nobody_holds_this"]) == [CandidateSpec(username="zhao_min")]
    assert candidates(roles=["nobody_holds_this"], unit="west") == [CandidateSpec(username="city_head")]


def test_a_head_who_has_left_does_not_step_in():
    assert candidates(directory(left=("zhao_min",)), roles=["nobody_holds_this"]) == [
        CandidateSpec(username="wang_wei")
    ]


def test_a_task_without_any_candidates_has_none():
    assert candidates() == []


def test_where_the_only_holder_is_complained_about_the_role_above_steps_in():
    alone = directory([one for one in ROLES if one[0] != "sun_li"])

    found = candidates(
        alone, roles=["first_receiver"], excluded=("li_na",), escalates_to={"first_receiver": "outlet_head"}
    )

    assert found == [CandidateSpec("outlet_head", "outlet")]


def test_where_the_whole_line_is_complained_about_somebody_is_left():
    found = candidates(
        roles=["outlet_head"], excluded=("zhao_min",), escalates_to={"outlet_head": "tier2_branch"}
    )

    assert found == [CandidateSpec("tier2_branch", "east")]
    assert (
        candidates(
            directory(left=("wang_wei", "city_head", "president")),
            roles=["outlet_head"],
            excluded=("zhao_min",),
        )
        == []
    )


SPECS = [CandidateSpec("first_receiver", "outlet"), CandidateSpec(username="wang_wei")]


@pytest.mark.parametrize("name", ["li_na", "sun_li", "wang_wei"])
def test_a_candidate_may_hold_the_task(name):
    assert refusal(directory(), name, SPECS, ()) is None


def test_somebody_else_may_not():
    en, zh = refusal(directory(), "chen_bo", SPECS, ())

    assert "Expected a candidate" in en
    assert "候选人" in zh


def test_the_role_counts_in_the_unit_of_the_candidates_only():
    elsewhere = directory((*ROLES, ("chen_bo", "west", "first_receiver")))

    assert refusal(elsewhere, "chen_bo", SPECS, ()) is not None


@pytest.mark.parametrize(
    "specs",
    [
        [CandidateSpec("first_receiver", "outlet")],
        [CandidateSpec(username="li_na")],
        [CandidateSpec("employee", "bank")],
        [
            CandidateSpec(username="li_na"),
            CandidateSpec("first_receiver", "outlet"),
            CandidateSpec("employee", "bank"),
        ],
    ],
)
def test_the_person_complained_about_is_refused_by_every_path(specs):
    assert refusal(directory(), "li_na", specs, ()) is None

    en, zh = refusal(directory(), "li_na", specs, ("li_na",))

    assert "COI-1" in en
    assert "COI-1" in zh


@pytest.mark.parametrize(
    "specs", [SPECS, [CandidateSpec("employee", "bank")], [CandidateSpec(username="li_na")]]
)
def test_who_has_left_or_belongs_to_another_organisation_may_hold_nothing(specs):
    left = directory(left=("li_na",))
    stranger = directory((*ROLES, ("stranger", "outlet", "first_receiver")))

    for who, name in ((left, "li_na"), (stranger, "stranger")):
        en, zh = refusal(who, name, [*specs, CandidateSpec(username=name)], ())
        assert "does not work here" in en
        assert "在职" in zh
