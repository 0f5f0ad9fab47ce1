"""A process owner changes a decision table: the check answers by row, a row is tried, all is kept."""

import pytest
from accessibility import violations
from engines import person
from playwright.sync_api import Page, expect
from small_table import ROWS, small_table

from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file

PATH = "/procedures/matter_family/tables/who.dmn"


@pytest.fixture
def table(engine):
    """A table of the working copy."""
    owner = person(engine, "he_jing")
    copy_key = open_working_copy(engine, owner, family="matter_family")

    def keep(text: str, seen: int = 0) -> None:
        save_working_file(engine, owner, copy_key=copy_key, path="who.dmn", content=text.encode(), seen=seen)

    keep(small_table())
    return keep


def opened(page: Page) -> Page:
    page.goto(PATH)
    page.locator("[data-ready]").wait_for()
    return page


def test_a_row_is_changed_the_gap_appears_and_another_row_is_tried(visit, table):
    page = opened(visit("he_jing"))
    findings, result = page.locator("[data-part=findings]"), page.locator("[data-part=result]")
    expect(findings).to_contain_text("此表没有问题")
    cell = page.locator('td[data-element-id="in_3_2"]')

    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type('"phone"')

    expect(findings).to_contain_text("没有规则覆盖：轻重 = safety, 渠道 = visit。")
    expect(findings).to_contain_text("第 2、3 条规则同时命中")
    expect(page.locator("[data-part=changes]")).to_contain_text("新增决策表“who”")
    expect(page.locator("[data-part=status]")).to_contain_text("已保存")
    assert violations(page) == []

    page.get_by_label("轻重").select_option(label="一般 (general)")
    expect(result).to_contain_text("who = branch")
    result.get_by_role("button", name="第 1 条").click()
    expect(page.locator('td[data-element-id="in_1_1"]:focus-within')).to_have_count(1)

    opened(page)
    expect(findings).to_contain_text("没有规则覆盖")
    assert page.evaluate("[...window.huiyinMissingStrings]") == []


def test_menus_lists_and_dark_cells_are_in_chinese_and_can_be_used_by_everybody(visit, table):
    page = opened(visit("he_jing", look="dark"))

    page.locator("td.rule-index").first.click(button="right")
    expect(page.get_by_text("在下方插入规则")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".hit-policy .dms-input").click()
    expect(page.locator(".dms-select-options")).to_contain_text("按规则次序")
    assert violations(page) == []
    page.locator("h1").click()
    page.locator('td[data-element-id="in_2_1"]').click()
    page.locator(".simple-mode-button").click()
    assert violations(page) == []
    assert page.evaluate("[...window.huiyinMissingStrings]") == []


def test_of_two_owners_the_second_is_told_and_overwrites_nothing(visit, table, engine):
    page = opened(visit("sun_li"))
    table(small_table(ROWS[:2]), seen=1)

    page.locator('td[data-element-id="out_1"]').click()
    page.keyboard.press("Control+A")
    page.keyboard.type('"centre"')
    expect(page.locator("[data-part=notice]")).to_contain_text("he_jing")
    page.get_by_role("button", name="载入对方的版本").click()

    expect(page.locator("td.rule-index")).to_have_count(2)
    expect(page.locator("[data-part=findings]")).to_contain_text("没有规则覆盖")
