"""The ladder of design section 5: who hears next, rung by rung, up to the head of the organisation."""

from dataclasses import replace

import pytest
from directories import ROLES, directory

from engine.people import Rung, find_rungs

REGISTER = {
    "first_receiver": "outlet_head",
    "outlet_head": "tier2_branch",
    "tier2_branch": "tier1_branch",
    "tier1_branch": "head_office",
    "head_office": None,
    "service_mgmt": None,
    "lost": "nobody_holds_this",
    "clerk": "customer",
    "peer": "^peer",
}


def rungs(
    who=None, role="first_receiver", unit="outlet", **options
) -> list[tuple[str | None, str, tuple[str, ...]]]:
    options = {"escalates_to": REGISTER, "assignee": "li_na"} | options
    found = find_rungs(who or directory(), role_key=role, unit_key=unit, **options)
    assert all(isinstance(one, Rung) for one in found)
    return [(one.role_key, one.unit_key, one.usernames) for one in found]


def test_it_climbs_from_the_outlet_to_the_president():
    assert rungs() == [
        ("outlet_head", "outlet", ("zhao_min",)),
        ("tier2_branch", "east", ("wang_wei",)),
        ("tier1_branch", "city", ("city_head",)),
        ("head_office", "bank", ("president",)),
    ]


def test_a_role_without_a_next_one_goes_to_the_heads_of_its_unit_and_above():
    assert rungs(role="service_mgmt", unit="service", assignee=None) == [
        (None, "service", ("service_head",)),
        (None, "bank", ("president",)),
    ]


@pytest.mark.parametrize("role", [None, "unknown", "lost", "clerk"])
def test_where_nobody_holds_the_next_role_the_head_of_the_unit_hears(role):
    assert rungs(role=role) == [
        (None, "outlet", ("zhao_min",)),
        (None, "east", ("wang_wei",)),
        (None, "city", ("city_head",)),
        (None, "bank", ("president",)),
    ]


def test_nobody_hears_twice_though_he_holds_several_rungs():
    several = directory((*ROLES, ("zhao_min", "east", "tier2_branch"), ("city_head", "bank", "head_office")))

    found = [name for _, _, names in rungs(several) for name in names]

    assert len(found) == len(set(found))
    assert set(found) == {"zhao_min", "wang_wei", "city_head", "president"}


def test_all_holders_of_a_role_hear_together():
    two = directory((*ROLES, ("sun_li", "outlet", "outlet_head")))

    assert rungs(two)[0] == ("outlet_head", "outlet", ("zhao_min", "sun_li"))


def test_who_works_on_it_is_no_rung_of_his_own_ladder():
    assert rungs(assignee="zhao_min")[0] == ("tier2_branch", "east", ("wang_wei",))


def test_the_person_complained_about_never_hears():
    for name in ("zhao_min", "wang_wei", "city_head", "president"):
        found = [one for _, _, names in rungs(excluded=(name,)) for one in names]
        assert name not in found
        assert len(found) == 3


def test_where_the_only_holder_is_complained_about_the_unit_above_steps_in():
    above = directory((*ROLES, ("sun_li", "east", "outlet_head")))

    assert rungs(above, excluded=("zhao_min",))[0] == ("outlet_head", "east", ("sun_li",))


def test_people_who_left_are_no_rung():
    found = rungs(directory(left=("wang_wei", "city_head")))

    # Without tier2_branch the heads follow; those of east and city have left too.
    assert found == [("outlet_head", "outlet", ("zhao_min",)), (None, "bank", ("president",))]


def test_the_same_role_one_unit_further_up():
    peers = directory(
        (
            ("li_na", "outlet", "peer"),
            ("wang_wei", "east", "peer"),
            ("city_head", "city", "peer"),
            ("president", "bank", "peer"),
        )
    )

    assert [names for _, _, names in rungs(peers, role="peer")] == [
        ("wang_wei",),
        ("city_head",),
        ("president",),
    ]


@pytest.mark.parametrize("circle", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "^a"}, {"a": "^b", "b": "^a"}])
def test_a_register_that_leads_in_a_circle_comes_to_an_end(circle):
    held = directory((("wang_wei", "bank", "a"), ("city_head", "bank", "b"), ("president", "bank", "b")))

    found = [
        name
        for _, _, names in rungs(held, role="a", unit="bank", escalates_to=circle, assignee="li_na")
        for name in names
    ]

    assert len(found) == len(set(found))
    assert "president" in found


def test_rungs_of_the_profile_replace_the_register():
    assert rungs(explicit=("tier1_branch", "service_mgmt")) == [
        ("tier1_branch", "city", ("city_head",)),
        ("service_mgmt", "service", ("service_head",)),
        (None, "bank", ("president",)),
    ]


def test_a_rung_of_the_profile_that_nobody_holds_is_passed_over():
    assert rungs(explicit=("nobody_holds_this", "tier2_branch"))[0] == ("tier2_branch", "east", ("wang_wei",))


def test_an_unknown_unit_has_no_ladder():
    assert rungs(unit="gone", role=None) == []


def test_units_that_lead_in_a_circle_come_to_an_end():
    found = directory()
    circle = replace(found, units={**found.units, "bank": replace(found.units["bank"], parent_key="outlet")})

    assert [one.unit_key for one in circle.upwards("outlet")] == ["outlet", "east", "city", "bank"]
    assert circle.root_key == "bank"
