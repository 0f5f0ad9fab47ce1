"""COI-2: a dispute between units is settled by their common superior, and never by a party to it."""

import pytest

from engine.model import HandlerFailed
from handlers.superiors import find_common_superior

PEOPLE = {
    "gao_jie": ("west", "service_mgmt"),
    "zhao_min": ("city", "service_mgmt"),
    "wu_jing": ("bank", "service_mgmt"),
}


def test_it_finds_the_role_in_the_lowest_unit_above_both_parties(context):
    found = find_common_superior(context({"role": "service_mgmt", "other_unit": "west"}, PEOPLE))

    assert found == {"users": ["zhao_min"], "roles": ""}


def test_it_goes_further_up_when_the_unit_above_is_itself_a_party(context):
    found = find_common_superior(context({"role": "service_mgmt", "other_unit": "city"}, PEOPLE))

    assert found["users"] == ["wu_jing"]


def test_it_takes_the_one_party_that_is_named_instead_of_the_unit_of_the_case(context):
    asked = {"role": "service_mgmt", "unit": "city", "other_unit": "west"}

    assert find_common_superior(context(asked, PEOPLE))["users"] == ["wu_jing"]


def test_it_never_names_the_person_complained_about(context):
    asked = {"role": "service_mgmt", "other_unit": "west"}

    found = find_common_superior(context(asked, PEOPLE, complained_about="zhao_min"))

    assert found["users"] == ["wu_jing"]


def test_it_asks_the_unit_above_when_the_other_party_is_not_named(context):
    assert find_common_superior(context({"role": "service_mgmt", "other_unit": None}, PEOPLE))["users"] == [
        "zhao_min"
    ]


def test_it_asks_the_head_of_the_unit_above_when_nobody_there_holds_the_role(context):
    people = {"gao_jie": ("east", "service_mgmt"), "wu_jing": ("bank", "general_manager")}

    found = find_common_superior(context({"role": "service_mgmt", "other_unit": "west"}, people))

    assert found == {"users": ["wu_jing"], "roles": ""}


def test_it_leaves_the_role_when_nobody_stands_above_both(context):
    people = {"gao_jie": ("east", "service_mgmt")}

    found = find_common_superior(context({"role": "service_mgmt", "other_unit": "west"}, people))

    assert found == {"users": [], "roles": "service_mgmt"}


def test_it_fails_for_good_when_the_diagram_names_no_role(context):
    with pytest.raises(HandlerFailed, match="Expected the input 'role'") as failure:
        find_common_superior(context({"role": ""}, PEOPLE))

    assert failure.value.permanent
