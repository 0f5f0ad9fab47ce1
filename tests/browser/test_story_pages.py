"""Stories and the year before a real browser: what an owner sees is drawn, kept and accessible, light and dark."""

from collections.abc import Callable

from accessibility import violations
from playwright.sync_api import Page, expect

PHONE = {"width": 390, "height": 844}
STORIES = "/procedures/matter_family/stories"


def test_a_story_is_written_drawn_and_mended_in_the_page(visit: Callable[..., Page]) -> None:
    page = visit("he_jing")
    page.goto(STORIES)
    page.get_by_text("新建情景").click()
    page.get_by_label("用一句话说明情景要说明什么").fill("按时办结")
    page.get_by_label("文件名").fill("on_time")
    page.get_by_role("button", name="开始").click()
    page.get_by_role("button", name="演练", exact=True).click()
    expect(page.get_by_text("通过：连续演练一遍")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-diagram][data-ready=true]")).to_be_visible()
    expect(page.locator(".way-done").first).to_be_visible()
    expect(page.locator(".diagram-count", has_text="1").first).to_be_visible()

    text = page.locator("[data-part=text]")
    expect(page.locator("[data-story-editor][data-ready=true]")).to_be_attached()
    text.fill(text.input_value().replace("when_walked_past", "when_walkd_past"))
    expect(page.locator("[data-part=status]")).to_contain_text("已保存", timeout=20_000)
    expect(page.locator("[data-part=problem]")).to_contain_text("when_walked_past", timeout=20_000)
    expect(page.locator(".story-numbers .here")).to_have_count(1)
    found = violations(page)

    for address in (
        STORIES,
        f"{STORIES}/coverage",
        f"{STORIES}/try",
        f"{STORIES}/record",
        "/procedures/matter_family/year",
    ):
        page.goto(address)
        found += violations(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for address in (STORIES, f"{STORIES}/of/scenarios/on_time.toml", "/procedures/matter_family/year"):
        page.goto(address)
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert found == []
