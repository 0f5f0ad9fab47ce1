"""A tightened limit, before it is put live: how many promises run under it, and which would be late at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from engines import ORGANISATION, person
from pages import MATTER_FAMILY, new_case

from engine.commands.people.people_commands import add_person, grant_role
from engine.commands.releases.draft_release import draft_release
from engine.commands.releases.family_files import read_families
from engine.model import ProcessInstance
from engine.people import SYSTEM
from engine.queries.releases.compare import compare_versions


@pytest.fixture
def owner(engine):
    name = {"zh": "周岚", "en": "Zhou Lan"}
    add_person(engine, SYSTEM, username="zhou_lan", organisation_key=ORGANISATION, name=name)
    grant_role(engine, SYSTEM, username="zhou_lan", unit_key=ORGANISATION, role_key="process_owner")
    return person(engine, "zhou_lan")


def with_limit(value):
    (files,) = read_families([MATTER_FAMILY])
    path = "profiles/MATTER.toml"
    changed = files.files[path].replace(b'value = "1 WD"', f'value = "{value}"'.encode())
    return replace(files, files={**files.files, path: changed})


def test_only_cases_that_are_in_time_now_count_as_late_at_once(engine, clock, owner):
    keys = [new_case(engine, subject="早已超时")]
    clock.advance(timedelta(days=20))
    for subject in ("还在期限内", "刚刚登记"):
        keys.append(new_case(engine, subject=subject))
        clock.advance(timedelta(minutes=40))
    number = draft_release(engine, owner, with_limit("1 H"), reason="quicker").number

    (impact,) = compare_versions(engine, owner, "matter_family", 1, number).impacts

    with engine.store.reading() as session:
        numbers = [session.get(ProcessInstance, key).business_key for key in keys]
    assert (impact.profile_id, impact.limit_name, impact.running) == ("MATTER", "answer", 3)
    assert impact.late == (numbers[1],)


def test_a_limit_that_stays_as_it_is_has_no_impact(engine, owner):
    new_case(engine)
    (files,) = read_families([MATTER_FAMILY])
    changed = replace(files, files={**files.files, "texts/zh/note.md": b"# A"})
    number = draft_release(engine, owner, changed, reason="a text").number

    assert compare_versions(engine, owner, "matter_family", 1, number).impacts == ()
