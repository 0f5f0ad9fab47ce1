"""What may be registered: every profile of a family, those that the organisation has chosen, or none."""

from typing import Any

import pytest
from engines import ORGANISATION, person

from engine.commands.engine import Engine
from engine.model import Organisation
from web.intake.kinds import find_kinds


@pytest.mark.parametrize(
    ("profiles", "offered"),
    [
        ({}, ["MATTER"]),
        ({"other": "OTHER-1"}, ["MATTER"]),
        ({"matter_family": "MATTER"}, ["MATTER"]),
        ({"matter_family": ["MATTER"]}, ["MATTER"]),
        ({"matter_family": []}, []),
    ],
    ids=["says nothing", "chose in another family", "one", "a list", "switched off"],
)
def test_an_organisation_is_offered_what_it_has_chosen(
    engine: Engine, profiles: dict[str, Any], offered: list[str]
) -> None:
    with engine.store.transaction() as session:
        session.get_one(Organisation, ORGANISATION).profiles = profiles

    kinds = find_kinds(engine, person(engine, "li_na"), "zh")

    assert [one.profile_id for one in kinds] == offered
