"""COI-11: whoever calls back is not of the department complained about."""

from handlers.callers import choose_caller_back

ASKED = {"roles": "hr_admin_manager", "is_outside_department": True}
PEOPLE = {
    "li_na": ("city", "hr_admin_manager"),
    "gao_jie": ("east", "hr_admin_manager"),
    "chen_bo": ("east", "employee"),
}


def test_it_passes_over_the_nearest_holder_who_is_of_the_department_complained_about(context):
    found = choose_caller_back(context(ASKED, PEOPLE, complained_about="chen_bo"))

    assert found == {"users": ["li_na"], "roles": ""}


def test_it_takes_the_nearest_holder_who_is_of_another_department(context):
    people = PEOPLE | {"chen_bo": ("west", "employee")}

    found = choose_caller_back(context(ASKED, people, complained_about="chen_bo"))

    assert found["users"] == ["gao_jie"]


def test_it_leaves_the_role_when_everybody_who_holds_it_is_of_that_department(context):
    people = PEOPLE | {"li_na": ("east", "hr_admin_manager")}

    found = choose_caller_back(context(ASKED, people, complained_about="chen_bo"))

    assert found == {"users": [], "roles": "hr_admin_manager"}


def test_the_organisation_itself_is_no_department(context):
    people = {"li_na": ("bank", "hr_admin_manager"), "chen_bo": ("bank", "employee")}

    assert choose_caller_back(context(ASKED, people, complained_about="chen_bo"))["users"] == ["li_na"]


def test_it_does_not_look_at_departments_unless_the_profile_asks_for_it(context):
    asked = ASKED | {"is_outside_department": False}

    found = choose_caller_back(context(asked, PEOPLE, complained_about="chen_bo"))

    assert found == {"users": [], "roles": "hr_admin_manager"}


def test_it_leaves_the_role_alone_when_nobody_is_complained_about(context):
    assert choose_caller_back(context(ASKED, PEOPLE))["roles"] == "hr_admin_manager"
