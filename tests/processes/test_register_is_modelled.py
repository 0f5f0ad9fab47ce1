"""Of the core procedures everything that the source states is modelled and passed by a story, or listed with a reason."""

import pytest
from procedures import PROCESSES

from engine.commands.releases.family_files import read_families
from engine.rehearsal.trace import trace_families

KINDS = ("procedure", "limit", "decision", "form", "conflict", "penalty", "kpi", "role")


@pytest.fixture(scope="module")
def traced():
    return trace_families(read_families([PROCESSES]), PROCESSES)


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_carried_and_passed_or_has_a_reason(traced, kind):
    core = [one for one in traced if one.item.class_name == "Core" and one.item.kind == kind]
    assert core

    assert [one.item.id for one in core if not one.is_covered and one.reason is None] == []
    assert [one.item.id for one in core if one.is_covered and not one.stories] == []


def test_no_reason_is_given_for_what_is_modelled(traced):
    assert [one.item.id for one in traced if one.reason is not None and one.is_covered] == []


def test_the_places_are_of_the_procedures_not_of_the_register(traced):
    assert [one for each in traced for one in each.carriers if one.file.startswith("register/")] == []
