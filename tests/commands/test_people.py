"""Organisations, units, people and roles: each change is audited and holds from the next command on."""

import pytest
from cases import complete, open_task, open_tasks, start
from engines import person
from sqlalchemy import select

from engine.audit import verify
from engine.commands.people.people_commands import (
    add_organisation,
    add_person,
    add_unit,
    deactivate_person,
    grant_role,
    revoke_role,
    set_head,
    set_password,
)
from engine.commands.people.sign_in import load_actor, sign_in
from engine.model import AuditRow, Conflict, Forbidden, InvalidInput, NotFound
from engine.people import SYSTEM

NAME = {"zh": "新", "en": "New"}


def acts(engine):
    with engine.store.reading() as session:
        assert verify(session).is_sound
        return session.execute(
            select(AuditRow.act, AuditRow.subject)
            .where(AuditRow.chain == "administration")
            .order_by(AuditRow.sequence)
        ).all()


@pytest.fixture
def other_bank(engine):
    add_organisation(engine, SYSTEM, key="other", name=NAME)
    add_person(engine, SYSTEM, username="zhang_san", organisation_key="other", name=NAME)
    return engine


def test_every_change_is_audited(engine):
    before = len(acts(engine))

    add_organisation(engine, SYSTEM, key="other", name=NAME)
    add_unit(engine, SYSTEM, organisation_key="other", unit_key="west", name=NAME)
    add_person(engine, SYSTEM, username="zhang_san", organisation_key="other", name=NAME)
    grant_role(engine, SYSTEM, username="zhang_san", unit_key="west", role_key="staff")
    set_head(engine, SYSTEM, unit_key="west", username="zhang_san")
    set_password(engine, SYSTEM, username="zhang_san", password="correct horse")
    revoke_role(engine, SYSTEM, username="zhang_san", unit_key="west", role_key="staff")
    deactivate_person(engine, SYSTEM, username="zhang_san")

    assert [tuple(one) for one in acts(engine)[before:]] == [
        ("organisation.added", "other"),
        ("unit.added", "west"),
        ("person.added", "zhang_san"),
        ("role.granted", "zhang_san"),
        ("unit.head", "west"),
        ("person.password", "zhang_san"),
        ("role.revoked", "zhang_san"),
        ("person.deactivated", "zhang_san"),
    ]


def test_a_password_stands_in_no_audit_row(engine):
    set_password(engine, SYSTEM, username="li_na", password="correct horse")

    with engine.store.reading() as session:
        assert "correct horse" not in str(session.execute(select(AuditRow.__table__)).all())


@pytest.mark.parametrize(
    "change",
    [
        lambda e, who: add_organisation(e, who, key="other", name=NAME),
        lambda e, who: add_unit(e, who, organisation_key="bank", unit_key="east", name=NAME),
        lambda e, who: add_person(e, who, username="new", organisation_key="bank", name=NAME),
        lambda e, who: grant_role(e, who, username="chen_bo", unit_key="bank", role_key="admin"),
        lambda e, who: revoke_role(e, who, username="li_na", unit_key="bank", role_key="first_receiver"),
        lambda e, who: set_head(e, who, unit_key="bank", username="chen_bo"),
        lambda e, who: set_password(e, who, username="li_na", password="correct horse"),
        lambda e, who: deactivate_person(e, who, username="li_na"),
    ],
)
def test_only_the_administrator_changes_people(engine, change):
    before = acts(engine)

    for username in ("chen_bo", "li_na", "wang_wei"):
        with pytest.raises(Forbidden):
            change(engine, person(engine, username))

    assert acts(engine) == before


def test_what_exists_is_not_added_again(other_bank):
    with pytest.raises(Conflict):
        add_organisation(other_bank, SYSTEM, key="bank", name=NAME)
    with pytest.raises(Conflict):
        add_unit(other_bank, SYSTEM, organisation_key="bank", unit_key="other", name=NAME)
    with pytest.raises(Conflict):
        add_person(other_bank, SYSTEM, username="li_na", organisation_key="other", name=NAME)


@pytest.mark.parametrize("key", ["", "Li Na", "李娜", "a/b", "../x", "a" * 65, "-a", "a\n"])
def test_a_key_holds_nothing_that_an_address_could_not(engine, key):
    with pytest.raises(InvalidInput):
        add_person(engine, SYSTEM, username=key, organisation_key="bank", name=NAME)
    with pytest.raises(InvalidInput):
        add_organisation(engine, SYSTEM, key=key, name=NAME)


@pytest.mark.parametrize("username", ["system", "customer"])
def test_names_of_the_engine_are_no_persons(engine, username):
    with pytest.raises(InvalidInput, match="kept for the engine"):
        add_person(engine, SYSTEM, username=username, organisation_key="bank", name=NAME)


def test_nobody_heads_or_holds_a_role_in_another_organisation(other_bank):
    with pytest.raises(InvalidInput, match="another"):
        set_head(other_bank, SYSTEM, unit_key="bank", username="zhang_san")
    with pytest.raises(InvalidInput, match="another"):
        add_unit(other_bank, SYSTEM, organisation_key="bank", unit_key="east", name=NAME, head="zhang_san")
    with pytest.raises(InvalidInput, match="another"):
        grant_role(other_bank, SYSTEM, username="zhang_san", unit_key="bank", role_key="staff")


@pytest.mark.parametrize(
    "change",
    [
        lambda e: add_unit(e, SYSTEM, organisation_key="none", unit_key="x", name=NAME),
        lambda e: add_unit(e, SYSTEM, organisation_key="bank", unit_key="x", parent_key="other", name=NAME),
        lambda e: add_unit(e, SYSTEM, organisation_key="bank", unit_key="x", name=NAME, head="nobody"),
        lambda e: add_person(e, SYSTEM, username="new", organisation_key="none", name=NAME),
        lambda e: grant_role(e, SYSTEM, username="li_na", unit_key="none", role_key="staff"),
        lambda e: grant_role(e, SYSTEM, username="nobody", unit_key="bank", role_key="staff"),
        lambda e: grant_role(e, SYSTEM, username="li_na", unit_key="bank", role_key="emperor"),
        lambda e: revoke_role(e, SYSTEM, username="li_na", unit_key="bank", role_key="staff"),
        lambda e: set_head(e, SYSTEM, unit_key="none", username="li_na"),
        lambda e: set_password(e, SYSTEM, username="nobody", password="correct horse"),
        lambda e: deactivate_person(e, SYSTEM, username="nobody"),
    ],
)
def test_what_is_not_there_is_not_found(other_bank, change):
    before = acts(other_bank)

    with pytest.raises(NotFound):
        change(other_bank)

    assert acts(other_bank) == before


def test_a_role_counts_from_the_next_command_on(engine):
    case = start(engine)
    key = open_task(engine, case)
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="bank", role_key="first_receiver")
    grant_role(
        engine, SYSTEM, username="chen_bo", unit_key="bank", role_key="first_receiver"
    )  # twice is once

    complete(engine, "chen_bo", key)

    assert open_tasks(engine, case) == {}


def test_a_unit_lies_where_its_path_says(branch):
    add_unit(branch, SYSTEM, organisation_key="bank", unit_key="desk", parent_key="east", name=NAME)
    grant_role(branch, SYSTEM, username="chen_bo", unit_key="desk", role_key="staff")

    assert person(branch, "chen_bo").memberships[0].unit_path == "/bank/east/desk/"


# At the door


@pytest.fixture
def door(engine):
    set_password(engine, SYSTEM, username="li_na", password="correct horse")
    return engine


def test_who_knows_the_password_comes_in(door):
    actor = sign_in(door, "li_na", "correct horse")

    assert (actor.username, actor.name, actor.roles) == ("li_na", "李娜", {"first_receiver"})
    assert tuple(acts(door)[-1]) == ("person.signed_in", "li_na")


def refusal(engine, username, password):
    with pytest.raises(Forbidden) as refused:
        sign_in(engine, username, password)
    return refused.value.en, refused.value.zh


def test_nobody_learns_which_part_was_wrong(door):
    wrong = refusal(door, "li_na", "wrong horse")
    unknown = refusal(door, "nobody", "correct horse")
    without_password = refusal(door, "chen_bo", "")
    deactivate_person(door, SYSTEM, username="li_na")
    left = refusal(door, "li_na", "correct horse")

    assert wrong == unknown == without_password == left
    assert [tuple(one) for one in acts(door) if one.act == "person.refused"] == [
        ("person.refused", "li_na"),
        ("person.refused", "nobody"),
        ("person.refused", "chen_bo"),
        ("person.refused", "li_na"),
    ]


@pytest.mark.parametrize("username", ["li_na\0", "a" * 5000, "' or 1=1 --", "李娜", ""])
def test_any_name_may_be_tried(door, username):
    refusal(door, username, "wrong horse")

    assert all(len(one.subject) <= 64 for one in acts(door))


def test_a_new_password_ends_the_old_one_at_once(door):
    sign_in(door, "li_na", "correct horse")
    set_password(door, SYSTEM, username="li_na", password="battery staple")

    refusal(door, "li_na", "correct horse")
    assert sign_in(door, "li_na", "battery staple").username == "li_na"


def test_a_short_password_is_refused(door):
    with pytest.raises(InvalidInput, match="8"):
        set_password(door, SYSTEM, username="li_na", password="horse")


def test_calls_of_the_api_are_not_audited_one_by_one(door):
    before = acts(door)

    sign_in(door, "li_na", "correct horse", is_audited=False)

    assert acts(door) == before


def test_who_has_left_is_nobody(engine):
    deactivate_person(engine, SYSTEM, username="li_na")

    assert load_actor(engine, "li_na") is None
    assert load_actor(engine, "nobody") is None
