"""A task that nobody of its role may hold is held by somebody else, never by the person complained about."""

from engine.people import CandidateSpec, Directory, find_candidates
from engine.people.directory import PersonInfo, UnitInfo

UNITS = {
    "firm": UnitInfo("firm", None, "/firm/", {"zh": "所", "en": "Firm"}, "he_ming"),
    "team": UnitInfo("team", "firm", "/firm/team/", {"zh": "组", "en": "Team"}, "liu_yang"),
}
ABOVE = {
    "complaint_officer": "partner_in_charge",
    "partner_in_charge": "director",
    "service_mgmt": "^service_mgmt",
}


def candidates(role, people, *, excluded=(), escalates_to=ABOVE):
    """`people`: username → (unit, role)."""
    everyone = {*people, "he_ming", "liu_yang"}
    directory = Directory(
        "firm",
        UNITS,
        {name: PersonInfo(name, {"zh": name}, None, "zh", is_active=True) for name in everyone},
        tuple((name, unit, held) for name, (unit, held) in people.items()),
    )
    return find_candidates(
        directory,
        role_keys=[role],
        usernames=[],
        unit_key="team",
        excluded=excluded,
        escalates_to=escalates_to,
    )


def test_it_asks_the_role_above_when_the_only_holder_is_complained_about():
    people = {"li_na": ("team", "complaint_officer"), "wang_wei": ("firm", "partner_in_charge")}

    found = candidates("complaint_officer", people, excluded={"li_na"})

    assert found == [CandidateSpec(role_key="partner_in_charge", unit_key="firm")]


def test_it_goes_up_rung_by_rung_until_somebody_may():
    people = {
        "li_na": ("team", "complaint_officer"),
        "wang_wei": ("firm", "partner_in_charge"),
        "zheng_ke": ("firm", "director"),
    }

    found = candidates("complaint_officer", people, excluded={"li_na", "wang_wei"})

    assert found == [CandidateSpec(role_key="director", unit_key="firm")]


def test_it_asks_the_head_of_the_unit_when_no_role_above_is_held():
    found = candidates("complaint_officer", {"li_na": ("team", "complaint_officer")}, excluded={"li_na"})

    assert found == [CandidateSpec(username="liu_yang")]


def test_a_role_that_escalates_to_itself_further_up_does_not_go_round_in_a_circle():
    people = {"li_na": ("team", "service_mgmt"), "sun_li": ("team", "a")}

    assert candidates("service_mgmt", people, excluded={"li_na"}) == [CandidateSpec(username="liu_yang")]
    assert candidates("a", people, excluded={"sun_li"}, escalates_to={"a": "b", "b": "a"}) == [
        CandidateSpec(username="liu_yang")
    ]


def test_a_role_that_nobody_holds_at_all_goes_to_the_head_of_the_unit():
    found = candidates("complaint_officer", {"wang_wei": ("firm", "partner_in_charge")})

    assert found == [CandidateSpec(username="liu_yang")]


def test_nobody_steps_in_while_another_holder_may():
    people = {"li_na": ("team", "complaint_officer"), "sun_li": ("firm", "complaint_officer")}

    found = candidates("complaint_officer", people, excluded={"li_na"})

    assert found == [CandidateSpec(role_key="complaint_officer", unit_key="firm")]
