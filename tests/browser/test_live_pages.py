"""Two people at two browsers: what one does, the other one's open page shows at once."""

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from pages import new_case, task_of
from playwright.sync_api import Page, expect

from engine.commands.engine import Engine
from engine.commands.people.people_commands import deactivate_person
from engine.people import SYSTEM

PHONE = {"width": 390, "height": 844}


def stream_is_open(page: Page) -> None:
    """The page opens its stream after a moment; its first word are the counts."""
    with page.expect_response(re.compile("/live")) as response:
        page.goto("/cases")
    assert response.value.status == 200


def hand_to_li_na(page: Page, task: str) -> None:
    page.goto(f"/tasks/{task}")
    page.locator("summary", has_text="改派").click()
    page.get_by_label("改派给").select_option("li_na")
    page.get_by_label("原因").last.fill("请尽快答复")
    page.get_by_role("button", name="改派").click()
    expect(page.get_by_role("status").first).to_contain_text("李娜")


def test_a_task_that_is_handed_over_shows_at_once_on_the_other_page(
    visit: Callable[..., Page], engine: Engine
) -> None:
    task = task_of(engine, new_case(engine))
    supervisor, page = visit("wang_wei"), visit("li_na")
    stream_is_open(page)
    expect(page.locator(".head-counts")).to_contain_text("待办 0")
    before = page.locator("main").bounding_box()

    hand_to_li_na(supervisor, task)

    expect(page.locator(".head-counts")).to_contain_text("待办 1")
    line = page.locator(".live-line")
    expect(line).to_contain_text("M-2026-0001")
    assert page.locator("main").bounding_box() == before
    line.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/notices\?at="))
    expect(page.locator("details[open] .notice-body")).to_contain_text("请尽快答复")


def test_the_line_can_be_closed_and_fits_a_phone(visit: Callable[..., Page], engine: Engine) -> None:
    supervisor, page = visit("wang_wei"), visit("li_na", size=PHONE)
    task = task_of(
        engine, new_case(engine, subject="一个很长很长的事由，写满一行还不够，还要再写一行才能说清楚")
    )
    stream_is_open(page)

    hand_to_li_na(supervisor, task)

    line = page.locator(".live-line")
    expect(line).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    box, bottom = line.bounding_box(), page.locator("nav.bottom").bounding_box()
    assert box is not None
    assert bottom is not None
    assert box["y"] + box["height"] <= bottom["y"]
    assert Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"] == []
    line.get_by_role("button", name="关闭").click()
    expect(line).to_have_count(0)


def test_a_page_that_nobody_sees_holds_no_stream(visit: Callable[..., Page]) -> None:
    page = visit("li_na")
    stream_is_open(page)

    with page.expect_event("requestfailed", lambda request: "/live" in request.url):
        page.evaluate(
            "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )

    with page.expect_response(re.compile("/live")):
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")


def test_a_page_without_a_stream_asks_every_minute(visit: Callable[..., Page], engine: Engine) -> None:
    page = visit("li_na")
    page.route("**/live*", lambda route: route.fulfill(status=404))
    page.clock.install()
    page.goto("/cases")
    expect(page.locator(".head-counts")).to_contain_text("通知")
    supervisor = visit("wang_wei")
    hand_to_li_na(supervisor, task_of(engine, new_case(engine)))
    expect(page.locator(".head-counts")).to_contain_text("待办 0")

    page.clock.fast_forward(61_000)

    expect(page.locator(".head-counts")).to_contain_text("待办 1")


def test_the_page_of_a_person_who_has_left_leads_to_the_door(
    visit: Callable[..., Page], engine: Engine
) -> None:
    page = visit("li_na")
    page.clock.install()
    page.goto("/cases")

    deactivate_person(engine, SYSTEM, username="li_na")
    page.clock.fast_forward(61_000)

    expect(page).to_have_url(re.compile("/login"))
