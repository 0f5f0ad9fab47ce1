"""Calendars, profiles and texts in a real browser: rules of accessibility, a figure told while it is typed, a notice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from accessibility import violations
from engines import PROCESSES
from playwright.sync_api import Page, expect

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine
from engine.commands.people.people_commands import grant_role
from engine.people import SYSTEM

HERE = "/procedures/matter_family"
PROFILE = f"{HERE}/profiles/profiles/MATTER.toml"
NOTICE = "现将2027年安排通知如下。\n元旦：1月1日（周五）至3日（周日）放假，共3天。1月9日（周六）上班。\n春节：2月6日放架。"


@pytest.fixture
def owner(engine: Engine) -> str:
    engine.calendars = Calendars(Path(PROCESSES) / "calendars")
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="bank", role_key="process_owner")
    return "chen_bo"


@pytest.mark.parametrize(("look", "locale", "width"), [("light", "zh", 1280), ("dark", "en", 390)])
def test_no_page_breaks_the_rules_or_is_wider_than_the_screen(
    visit: Callable[..., Page], owner: str, look: str, locale: str, width: int
) -> None:
    page = visit(owner, size={"width": width, "height": 850}, look=look, locale=locale)
    found = []

    def look_at() -> None:
        found.extend(violations(page))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((page.url, "wider than the screen", width))

    for path in (
        "/calendars?year=2026",
        f"{HERE}/profiles",
        f"{PROFILE}?edit=limits.answer",
        f"{PROFILE}?edit=numbering.pattern",
        f"{HERE}/texts",
        f"{HERE}/texts/reply",
        f"{HERE}/labels?edit=answer_customer",
    ):
        page.goto(path)
        look_at()
    page.goto("/calendars/cn/notice")
    page.fill("#notice-text", NOTICE)
    page.locator("main form .btn").first.click()
    expect(page.locator(".doubt-bad")).to_have_count(1)
    look_at()
    page.fill("#notice-text", NOTICE.partition("\n春节")[0])
    page.locator("main form .btn").first.click()
    expect(page.locator("#notice-reason")).to_be_visible()
    look_at()

    assert found == []


def test_a_figure_is_told_in_words_while_it_is_typed_and_saved_with_consent(
    visit: Callable[..., Page], owner: str
) -> None:
    page = visit(owner)
    page.goto(f"{PROFILE}?edit=limits.answer")

    page.fill("#limit-value", "3 tage")
    expect(page.locator("#limit-meaning .field-error")).to_be_visible()
    page.fill("#limit-value", "3 WD")
    expect(page.locator("#limit-meaning")).to_contain_text("2026年2月25日（周三）18:00 到期")
    page.locator(".profile-form .btn-primary").click()
    page.locator("[name=consent]").check()
    page.locator(".profile-form .btn-primary").click()

    expect(page.locator("#answer")).to_contain_text("现行：1 WD")
    expect(page.locator("#answer")).to_contain_text("自定")
