"""Who belongs to the unit at fault, or to one below it, does not investigate."""

from handlers.teams import keep_out_unit

PEOPLE = {
    "li_na": ("east", "workshop"),
    "wang_wei": ("west", "quality_dept"),
    "sun_li": ("city", "technical_dept"),
}


def test_it_keeps_out_the_unit_at_fault(context):
    found = keep_out_unit(context({"users": ["li_na", "wang_wei"], "unit": "east"}, PEOPLE))

    assert found == {"users": ["wang_wei"], "kept_out": ["li_na"]}


def test_it_keeps_out_units_below_the_one_at_fault_too(context):
    found = keep_out_unit(context({"users": "li_na, sun_li", "unit": "city"}, PEOPLE))

    assert found == {"users": [], "kept_out": ["li_na", "sun_li"]}


def test_it_lets_everybody_in_when_no_unit_is_named(context):
    found = keep_out_unit(context({"users": ["li_na", "wang_wei"], "unit": None}, PEOPLE))

    assert found["users"] == ["li_na", "wang_wei"]


def test_it_keeps_out_who_does_not_work_here(context):
    found = keep_out_unit(context({"users": ["nobody"], "unit": ""}, PEOPLE))

    assert found == {"users": [], "kept_out": ["nobody"]}
