"""A case begins: its form, its number, its profile and its organisation, or nothing at all."""

from datetime import UTC, datetime

import pytest
from cases import complete, instance, open_task, open_tasks, start, state, variables
from engines import person
from families import family, install, process, profile, script, user
from promises import local
from sqlalchemy import select

from engine.commands.people.people_commands import add_organisation, add_person, grant_role
from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.commands.start_instance import start_instance
from engine.model import (
    Conflict,
    Forbidden,
    InvalidForm,
    InvalidInput,
    NotFound,
    NumberSeries,
    ProcessInstance,
)
from engine.people import SYSTEM

NEW_YEAR_IN_SHANGHAI = datetime(2026, 12, 31, 16, tzinfo=UTC)


def register(engine, by="li_na", process_key="answering", **more):
    more.setdefault("variables", {})
    return start_instance(engine, person(engine, by), process_key=process_key, **more)


def numbers(engine):
    with engine.store.reading() as session:
        return [tuple(one) for one in session.execute(select(NumberSeries.series, NumberSeries.last_number))]


def cases(engine):
    with engine.store.reading() as session:
        return session.execute(select(ProcessInstance.business_key)).scalars().all()


@pytest.fixture
def other_bank(engine):
    add_organisation(engine, SYSTEM, key="other", name={"zh": "城西支行", "en": "West branch"})
    add_person(
        engine, SYSTEM, username="zhang_san", organisation_key="other", name={"zh": "张三", "en": "Zhang San"}
    )
    grant_role(engine, SYSTEM, username="zhang_san", unit_key="other", role_key="first_receiver")
    return engine


# Numbers


def test_numbers_follow_the_pattern_of_the_profile_without_gaps(engine):
    assert [register(engine).business_key for _ in range(3)] == [
        "TINY-2026-0001",
        "TINY-2026-0002",
        "TINY-2026-0003",
    ]


def test_the_year_of_a_number_is_that_of_the_calendar_not_of_utc(engine):
    engine.clock.set(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    before = register(engine)
    engine.clock.set(NEW_YEAR_IN_SHANGHAI)
    after = register(engine)

    assert (before.business_key, after.business_key) == ("TINY-2026-0001", "TINY-2027-0001")


def test_a_series_that_never_restarts_counts_on(engine):
    numbering = '[numbering]\npattern = "N{number}"\nrestarts = "never"'
    install(
        engine,
        process("plain", "in -> keep -> out", user("keep")),
        profiles=[profile("plain", {}, more=numbering)],
    )

    first = register(engine, process_key="plain")
    engine.clock.set(NEW_YEAR_IN_SHANGHAI)

    assert (first.business_key, register(engine, process_key="plain").business_key) == ("N1", "N2")


@pytest.mark.parametrize(
    ("numbering", "says"),
    [
        ('pattern = "{region}-{number}"', "numbering"),
        ('pattern = "{year}"', "number"),
        ('pattern = "N{number}"', "never"),
        ('pattern = "{year}-{number:zz}"', "pattern"),
        ('pattern = "{year}-{number}"\nrestarts = "month"', "year"),
    ],
)
def test_a_pattern_that_could_give_no_number_or_one_twice_is_refused_at_deployment(engine, numbering, says):
    drawn = profile("plain", {}, more=f"[numbering]\n{numbering}")

    with pytest.raises(DeploymentRefused, match=says):
        install(engine, process("plain", "in -> keep -> out", user("keep")), profiles=[drawn])


def test_a_refused_start_leaves_no_gap(engine):
    register(engine)
    with pytest.raises(InvalidInput):
        register(engine, variables={"complained_about": ["li_na"]})
    install(engine, process("faulty", "in -> reckon -> out", script("reckon", "total = amount + 1")))
    with pytest.raises(InvalidInput):
        register(engine, process_key="faulty")

    assert register(engine).business_key == "TINY-2026-0002"
    assert dict(numbers(engine)) == {"TINY": 2}


def test_a_number_given_by_hand_is_stepped_over(engine):
    register(engine, business_key="TINY-2026-0002")

    assert [register(engine).business_key for _ in range(2)] == ["TINY-2026-0001", "TINY-2026-0003"]


def test_two_profiles_with_one_pattern_give_no_number_twice(engine):
    install(
        engine,
        process("plain", "in -> keep -> out", user("keep")),
        profiles=[profile("plain", {}, key="P-ONE"), profile("plain", {}, key="P-TWO")],
    )

    made = [register(engine, process_key="plain", profile_id=key) for key in ("P-ONE", "P-TWO", "P-ONE")]

    assert [one.business_key for one in made] == ["2026-00001", "2026-00002", "2026-00003"]


def test_a_number_that_is_taken_says_by_whom(engine):
    register(engine, business_key="甲-1")

    with pytest.raises(Conflict, match="li_na") as refused:
        register(engine, by="zhao_min", business_key="甲-1")

    assert (refused.value.by, refused.value.at) == ("li_na", engine.clock.now())
    assert len(cases(engine)) == 1


def test_another_organisation_may_have_the_same_number_and_learns_nothing_of_ours(other_bank):
    register(other_bank, business_key="甲-1")

    register(other_bank, by="zhang_san", business_key="甲-1")
    with pytest.raises(Conflict) as refused:
        register(other_bank, by="zhang_san", business_key="甲-1")

    assert refused.value.by == "zhang_san"
    assert "li_na" not in refused.value.en + refused.value.zh


# Which process, which profile, which organisation


def test_a_profile_names_its_process(engine):
    case = start_instance(engine, person(engine, "li_na"), profile_id="TINY", variables={})

    assert case.process_key == "answering"
    assert instance(engine, case).profile_id == "TINY"


def test_the_profile_that_the_organisation_has_chosen_is_taken(engine):
    add_organisation(
        engine, SYSTEM, key="other", name={"zh": "城西", "en": "West"}, profiles={"drawn": "P-TWO"}
    )
    add_person(engine, SYSTEM, username="zhang_san", organisation_key="other", name={"zh": "张三"})
    grant_role(engine, SYSTEM, username="zhang_san", unit_key="other", role_key="staff")
    install(
        engine,
        process("plain", "in -> keep -> out", user("keep")),
        profiles=[profile("plain", {}, key="P-ONE"), profile("plain", {}, key="P-TWO")],
    )

    ours, theirs = (
        register(engine, process_key="plain"),
        register(engine, by="zhang_san", process_key="plain"),
    )

    assert (instance(engine, ours).profile_id, instance(engine, theirs).profile_id) == ("P-ONE", "P-TWO")


@pytest.mark.parametrize(
    "given",
    [
        {"process_key": "no_such_process"},
        {"profile_id": "NONE"},
        {"process_key": "answering", "profile_id": "NONE"},
        {"unit_key": "no_such_unit"},
        {"organisation_key": "no_such_organisation"},
    ],
    ids=str,
)
def test_what_is_not_there_is_not_found(engine, given):
    with pytest.raises(NotFound):
        start_instance(
            engine,
            person(engine, "li_na"),
            variables={},
            **({"process_key": "answering"} | given if "profile_id" not in given else given),
        )

    assert cases(engine) == []


def test_neither_process_nor_profile_is_an_error_of_the_caller(engine):
    with pytest.raises(InvalidInput):
        start_instance(engine, person(engine, "li_na"), variables={})


def test_nobody_starts_a_case_in_another_organisation(other_bank):
    with pytest.raises(Forbidden):
        register(other_bank, by="zhang_san", organisation_key="bank")
    with pytest.raises(NotFound):
        register(other_bank, by="zhang_san", unit_key="bank")

    assert cases(other_bank) == []


def test_who_holds_no_role_starts_nothing(engine):
    with pytest.raises(Forbidden):
        register(engine, by="chen_bo")


def test_a_case_belongs_to_the_unit_of_who_starts_it(branch):
    assert instance(branch, register(branch, by="sun_lihua")).unit_key == "east"
    assert instance(branch, register(branch, by="li_na", unit_key="east")).unit_key == "east"


def test_a_case_keeps_its_release_when_a_newer_one_is_deployed(engine):
    install(engine, process("plain", "in -> keep -> out", user("keep")))
    old = register(engine, process_key="plain")
    install(engine, process("plain", "in -> keep -> look -> out", user("keep"), user("look")))
    new = register(engine, process_key="plain")

    engine.live.clear()
    for case in (old, new):
        complete(engine, "li_na", open_task(engine, case))

    assert (state(engine, old), list(open_tasks(engine, new))) == ("completed", ["look"])


# The form


INTAKE = """{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "intake",
"x-title": {"zh": "登记", "en": "Intake"}, "type": "object", "required": ["wish"],
"properties": {"wish": {"type": "string", "enum": ["return", "repair"], "x-label": {"zh": "意愿", "en": "Wish"}},
"level": {"type": "string", "default": "outlet", "x-label": {"zh": "级别", "en": "Level"}},
"amount": {"type": "integer", "x-label": {"zh": "金额", "en": "Amount"}}},
"x-order": ["wish", "level", "amount"], "examples": [{"wish": "return"}]}"""


@pytest.fixture
def intake(engine):
    """A process with a start form."""
    start_event = "<startEvent id='in' name='in' camunda:formRef='intake'/>"
    drawn = process("asking", "in -> keep -> out", start_event, user("keep"))
    deploy(engine, SYSTEM, [family(drawn, forms__intake_dot_json=INTAKE.encode())], name="forms")
    return engine


def test_a_start_form_must_be_filled(intake):
    with pytest.raises(InvalidForm) as refused:
        register(intake, process_key="asking", variables={"amount": "many"}, is_form=True)

    assert set(refused.value.errors) == {"wish", "amount"}
    assert (cases(intake), numbers(intake)) == ([], [])


def test_without_the_form_only_what_is_given_is_checked(intake):
    case = register(intake, process_key="asking", variables={"amount": 3, "note": "x"})

    assert variables(intake, case) == {"wish": None, "level": "outlet", "amount": 3, "note": "x"}
    with pytest.raises(InvalidForm):
        register(intake, process_key="asking", variables={"amount": "many"})


def test_what_no_database_keeps_is_refused(engine):
    for value in ({1, 2}, 2**70, "a\0b", "\ud800"):
        with pytest.raises(InvalidInput):
            register(engine, variables={"found": value})

    assert cases(engine) == []


def test_values_are_kept_as_a_restart_would_see_them(engine):
    case = register(engine, variables={"pair": (1, 2), "at": local("2026-02-13 16:00")})

    assert variables(engine, case) == {"pair": [1, 2], "at": "2026-02-13T16:00:00+08:00"}


def test_a_case_is_named_by_its_subject_or_else_by_its_process(engine):
    assert instance(engine, start(engine)).subject == "柜台等候太久"
    assert instance(engine, register(engine)).subject == "答复"
