"""A paper form of a case is printed under its own Chinese title, with who filled it in and when."""

from pages import Browser


def test_the_case_leads_to_its_paper_forms(li_na: Browser, case: str) -> None:
    assert f"/cases/{case}/forms/F-001" in li_na.get(f"/cases/{case}").text


def test_a_form_of_the_register_has_the_registers_title_in_every_language(li_na: Browser, case: str) -> None:
    li_na.get("/", headers={"Accept-Language": "en"})

    printed = li_na.get(f"/cases/{case}/forms/F-001").text

    assert "<h1>投诉记录</h1>" in printed
    assert "柜面排队过长" in printed
    assert "李娜" in printed


def test_a_form_that_is_in_no_register_has_its_own_title(li_na: Browser, case: str) -> None:
    assert li_na.get(f"/cases/{case}/forms/registration").status_code == 200


def test_strangers_get_no_form(stranger: Browser, case: str) -> None:
    assert stranger.get(f"/cases/{case}/forms/F-001").status_code in (302, 303, 401, 403)


def test_a_form_that_nobody_filled_in_is_not_there(li_na: Browser, case: str) -> None:
    assert li_na.get(f"/cases/{case}/forms/F-134").status_code == 404
