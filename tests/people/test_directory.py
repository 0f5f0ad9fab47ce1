"""Directories as loaded from rows, and roles as read from the register."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from engine.model import Membership, Organisation, Person, Unit
from engine.people import load_directory, read_register_roles

NOW = datetime(2026, 2, 13, 8, tzinfo=UTC)
ROLES = (Path(__file__).parents[2] / "processes" / "register" / "roles.tsv").read_bytes()


@pytest.fixture
def two_banks(any_store):
    with any_store.transaction() as session:
        for key in ("bank", "rival"):
            session.execute(
                insert(Organisation).values(
                    organisation_key=key, name={}, profiles={}, calendar="cn", settings={}
                )
            )
            session.execute(
                insert(Unit).values(
                    unit_key=key,
                    organisation_key=key,
                    parent_key=None,
                    path=f"/{key}/",
                    name={"zh": key},
                    head=None,
                )
            )
        session.execute(
            insert(Unit).values(
                unit_key="east",
                organisation_key="bank",
                parent_key="bank",
                path="/bank/east/",
                name={},
                head="wang_wei",
            )
        )
        for name, organisation, is_active in (
            ("li_na", "bank", True),
            ("wang_wei", "bank", True),
            ("gone", "bank", False),
            ("spy", "rival", True),
        ):
            session.execute(
                insert(Person).values(
                    username=name, organisation_key=organisation, name={"zh": "李娜", "en": "Li Na"}, email=None, locale="zh",
                    password_hash=None, is_active=is_active, created_at=NOW,
                )
            )  # fmt: skip
        for name, unit in (("li_na", "east"), ("gone", "east"), ("spy", "east"), ("spy", "rival")):
            session.execute(
                insert(Membership).values(username=name, unit_key=unit, role_key="first_receiver")
            )
    return any_store


def test_it_holds_the_people_and_units_of_one_organisation(two_banks):
    with two_banks.reading() as session:
        found = load_directory(session, "bank")

    assert set(found.units) == {"bank", "east"}
    assert set(found.people) == {"li_na", "wang_wei", "gone"}
    assert found.root_key == "bank"
    assert [one.unit_key for one in found.upwards("east")] == ["east", "bank"]


def test_a_stranger_with_a_role_here_holds_nothing(two_banks):
    with two_banks.reading() as session:
        found = load_directory(session, "bank")

    assert found.holders_in("first_receiver", "east") == ("li_na",)
    assert found.actor("spy") is None
    assert not found.is_active("spy")


def test_who_has_left_is_known_but_is_nobody(two_banks):
    with two_banks.reading() as session:
        found = load_directory(session, "bank")

    assert found.actor("gone") is None
    assert found.shown("gone", "en") == "Li Na"
    assert not found.is_active("gone")


def test_names_are_shown_in_the_readers_language(two_banks):
    with two_banks.reading() as session:
        found = load_directory(session, "bank")

    assert (
        found.shown("li_na", "zh-CN"),
        found.shown("li_na", "en"),
        found.shown("unknown", "zh"),
        found.shown(None, "zh"),
    ) == ("李娜", "Li Na", "unknown", "")
    assert found.actor("li_na").memberships[0].unit_path == "/bank/east/"


def test_the_register_of_the_house_can_be_read():
    roles = read_register_roles(ROLES)

    assert roles["first_receiver"].zh
    assert roles["first_receiver"].en
    for role in roles.values():
        target = role.escalates_to
        assert target is None or target.removeprefix("^") in roles, role


def test_following_the_register_upwards_always_comes_to_an_end():
    roles = read_register_roles(ROLES)

    for key in roles:
        seen = []
        while key is not None and key not in seen:
            seen.append(key)
            key = roles[key].escalates_to
            key = None if key is None or key.startswith("^") else key
        assert len(seen) <= 8


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("outlet_head", "outlet_head"),
        ("head of the unit", None),
        ("", None),
        ("the next level of outlet_head", "^outlet_head"),
        ("outlet_head, then tier2_branch", "outlet_head"),
        ("someone_else", None),
    ],
)
def test_free_text_in_the_register_means_the_head_of_the_unit(text, target):
    table = f"role\tname\tescalates_to\nfirst_receiver\tFirst receiver · 首问人\t{text}\noutlet_head\tOutlet head · 网点负责人\t\ntier2_branch\tBranch · 二级分行\t\n"

    found = read_register_roles(table.encode())["first_receiver"]

    assert (found.en, found.zh, found.escalates_to) == ("First receiver", "首问人", target)


def test_a_register_saved_by_a_spreadsheet_can_be_read():
    table = "\ufeffrole\tname\tescalates_to\noutlet_head\tHead\tdept_head\ndept_head\tDepartment\t\n"

    assert read_register_roles(table.encode())["outlet_head"].escalates_to == "dept_head"
