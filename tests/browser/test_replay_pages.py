"""Try on real cases in a real browser: begun with the keyboard, followed, read on table and diagram, light and dark."""

from collections.abc import Callable

from accessibility import violations
from finished_matters import SHORTER, change_profile, finish_matter
from playwright.sync_api import Page, expect

from engine.commands.engine import Engine

PHONE = {"width": 390, "height": 844}
REPLAY = "/procedures/matter_family/replay"


def test_an_owner_tries_a_shorter_limit_on_the_cases_of_a_month(
    visit: Callable[..., Page], engine: Engine
) -> None:
    key = finish_matter(engine)
    change_profile(engine, *SHORTER)
    page = visit("he_jing")
    page.goto(REPLAY)
    found = violations(page)
    page.get_by_label("办结日期从").fill("2026-02-01")
    page.get_by_label("到（含当日）").fill("2026-02-28")
    page.get_by_role("button", name="开始重演").press("Enter")
    expect(page.get_by_text("件结果会不同")).to_be_visible(timeout=120_000)
    expect(page.locator("[data-diagram][data-ready=true]")).to_be_visible()
    expect(page.locator(".diagram-badge", has_text="1").first).to_be_visible()
    expect(page.locator(f"a[href='/cases/{key}']")).to_be_visible()
    page.locator("tr", has_text="新增超时").first.get_by_role("link", name="1 件").click()
    expect(page.locator("tr[aria-current]")).to_have_count(1)
    found += violations(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for address in (page.url, REPLAY):
        page.goto(address)
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert found == []
