"""The one table of rights: who reaches how far, and nothing across organisations."""

import pytest
from directories import actor

from engine.model import Forbidden
from engine.people import ACTS, SYSTEM, SYSTEM_ROLES, is_allowed, require
from engine.people.permissions import _WORDS, ALL, ORGANISATION, OWN, SUBTREE, UNIT, roles_of

EAST, OUTLET, WEST = "/bank/city/east/", "/bank/city/east/outlet/", "/bank/city/west/"
TABLE = [(act, role, scope) for act, scopes in ACTS.items() for role, scope in scopes.items()]
PLACES = {
    # where, whether it is the person's own, and which scopes of a role in /bank/city/east/ reach it
    "own, elsewhere": ({"organisation_key": "bank", "unit_path": WEST, "is_own": True}, {OWN, UNIT, SUBTREE, ORGANISATION, ALL}),
    "own unit": ({"organisation_key": "bank", "unit_path": EAST}, {UNIT, SUBTREE, ORGANISATION, ALL}),
    "unit below": ({"organisation_key": "bank", "unit_path": OUTLET}, {SUBTREE, ORGANISATION, ALL}),
    "unit beside": ({"organisation_key": "bank", "unit_path": WEST}, {ORGANISATION, ALL}),
    "unit above": ({"organisation_key": "bank", "unit_path": "/bank/"}, {ORGANISATION, ALL}),
    "a unit whose name begins alike": ({"organisation_key": "bank", "unit_path": "/bank/city/eastern/"}, {ORGANISATION, ALL}),
    "no unit": ({"organisation_key": "bank"}, {ORGANISATION, ALL}),
    "another organisation": ({"organisation_key": "rival", "unit_path": "/rival/"}, {ALL}),
    "another organisation, own": ({"organisation_key": "rival", "unit_path": "/rival/", "is_own": True}, {ALL}),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("act", "role", "scope"), TABLE, ids=[f"{act}-{role}" for act, role, _ in TABLE])
def test_a_role_reaches_as_far_as_the_table_says(act, role, scope, place):
    where, reached_by = PLACES[place]
    who = actor((role, EAST))

    assert is_allowed(who, act, **where) is (scope in reached_by)


@pytest.mark.parametrize("act", ACTS)
def test_what_the_table_does_not_give_nobody_has(act):
    for role in set(SYSTEM_ROLES) - ACTS[act].keys():
        assert not is_allowed(actor((role, "/bank/")), act)
        assert not is_allowed(
            actor((role, "/bank/")), act, organisation_key="bank", unit_path="/bank/", is_own=True
        )


@pytest.mark.parametrize("act", ACTS)
def test_somebody_without_roles_may_nothing(act):
    assert not is_allowed(actor(), act)
    assert not is_allowed(actor(), act, organisation_key="bank", unit_path="/bank/", is_own=True)


@pytest.mark.parametrize("act", ACTS)
def test_a_role_of_the_register_makes_a_member_of_staff_and_no_more(act):
    holder = actor(("outlet_head", "/bank/"))

    assert roles_of(holder) == {"staff"}
    assert is_allowed(holder, act) is ("staff" in ACTS[act])
    assert is_allowed(holder, act, organisation_key="bank", unit_path="/bank/") is (
        ACTS[act].get("staff") in (ORGANISATION, ALL)
    )


def test_roles_in_several_units_add_up_and_do_not_mix():
    """A supervisor in the outlet who is staff in the whole bank supervises the outlet only."""
    both = actor(("supervisor", OUTLET), ("staff", "/bank/"))

    assert is_allowed(both, "task.assign", organisation_key="bank", unit_path=OUTLET)
    assert not is_allowed(both, "task.assign", organisation_key="bank", unit_path=EAST)


@pytest.mark.parametrize("act", ACTS)
def test_the_engine_itself_may_everything(act):
    assert is_allowed(SYSTEM, act, organisation_key="bank", unit_path="/bank/")


@pytest.mark.parametrize("act", ACTS)
def test_a_refusal_names_the_right_in_both_languages(act):
    with pytest.raises(Forbidden) as refused:
        require(actor(), act, organisation_key="bank")

    assert act in refused.value.en
    assert "li_na" in refused.value.en
    assert _WORDS[act] in refused.value.zh


def test_the_table_knows_only_real_roles_and_scopes():
    assert {role for _, role, _ in TABLE} <= set(SYSTEM_ROLES)
    assert {scope for _, _, scope in TABLE} <= {OWN, UNIT, SUBTREE, ORGANISATION, ALL}
    assert ACTS.keys() == _WORDS.keys()


def test_only_the_administrator_changes_people_and_only_owners_deploy():
    assert set(ACTS["people.change"]) == {"admin"}
    assert set(ACTS["release.deploy"]) == {"process_owner", "admin"}
    assert "worker" not in ACTS["case.read"]
    assert "staff" not in ACTS["audit.read"]
