"""CMP-07: closed cases stand in the dossier of their year, numbered without gaps."""

import pytest

from engine.model import HandlerFailed
from handlers.dossier import assign_dossier_number

TODAY = "2026-01-01T00:30:00+08:00"  # still the old year in UTC


def test_it_numbers_within_the_year_of_the_organisations_own_zone(context):
    asked = {"pattern": "{year}-{number:03d}", "today": TODAY}

    first, second = (assign_dossier_number(context(asked)) for _ in range(2))

    assert (first, second) == ({"dossier_number": "2026-001"}, {"dossier_number": "2026-002"})
    assert context.asked == [("dossier", "2026")] * 2


def test_it_counts_through_the_years_when_the_pattern_names_none(context):
    assign_dossier_number(context({"pattern": "D{number}", "today": TODAY}))

    assert context.asked == [("dossier", "")]


def test_it_begins_again_each_month_where_the_pattern_names_the_month(context):
    found = assign_dossier_number(context({"pattern": "{yy}{month}{number:02d}", "today": TODAY}))

    assert found == {"dossier_number": "260101"}
    assert context.asked == [("dossier", "2026-01")]


def test_it_keeps_the_number_of_a_case_that_has_one(context):
    asked = {"pattern": "{year}-{number:03d}", "today": TODAY}

    found = assign_dossier_number(context(asked, dossier_number="2025-007"))

    assert found == {"dossier_number": "2025-007"}
    assert context.asked == []


@pytest.mark.parametrize(
    "pattern",
    ["{year}", "{number.__class__}", "{number:9999999d}", "{number}{other}", "{{number}}", "{number:03d", ""],
)
def test_it_fails_for_good_for_a_pattern_that_is_none(context, pattern):
    with pytest.raises(HandlerFailed) as failure:
        assign_dossier_number(context({"pattern": pattern, "today": TODAY}))

    assert failure.value.permanent
    assert context.asked == []
