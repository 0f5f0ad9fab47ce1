"""Whoever is complained about does not do the work; who does it instead is found before the task is opened."""

import pytest

from handlers.recusal import check_recusal

INPUTS = {"foreseen": "first_receiver", "substitute": "outlet_head, dept_head"}


def test_it_leaves_the_foreseen_roles_when_nobody_is_complained_about(context):
    found = check_recusal(context(INPUTS, {"li_na": ("east", "first_receiver")}, complained_about=None))

    assert found == {"is_accused": False, "is_available": True, "roles": "first_receiver"}


def test_it_lets_the_substitute_step_in_when_the_only_holder_is_complained_about(context):
    people = {"li_na": ("east", "first_receiver"), "wang_wei": ("east", "outlet_head")}

    found = check_recusal(context(INPUTS, people, complained_about="li_na"))

    assert found == {"is_accused": True, "is_available": False, "roles": "outlet_head,dept_head"}


def test_it_knows_when_somebody_else_holds_the_role_beside_the_person_complained_about(context):
    people = {"li_na": ("east", "first_receiver"), "sun_li": ("east", "first_receiver")}

    found = check_recusal(context(INPUTS, people, complained_about="li_na"))

    assert found == {"is_accused": True, "is_available": True, "roles": "first_receiver"}


def test_it_lets_the_substitute_step_in_when_nobody_holds_the_role(context):
    found = check_recusal(context(INPUTS, {"wang_wei": ("city", "outlet_head")}))

    assert found == {"is_accused": False, "is_available": False, "roles": "outlet_head,dept_head"}


@pytest.mark.parametrize("people", [{}, {"li_na": ("east", "first_receiver")}])
def test_it_keeps_the_foreseen_roles_when_no_substitute_is_there_either(context, people):
    found = check_recusal(context(INPUTS, people, complained_about="li_na"))

    assert found["roles"] == "first_receiver"  # The engine then asks the head of the unit.
    assert found["is_available"] is False
