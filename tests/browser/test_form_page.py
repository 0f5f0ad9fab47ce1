"""A process owner changes a form without a mouse and sees it as staff will."""

import pytest
from accessibility import violations
from engines import person
from playwright.sync_api import Page, expect

from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file

PATH = "/procedures/matter_family/forms/forms/check.json"


@pytest.fixture
def page(visit) -> Page:
    page: Page = visit("he_jing")
    page.goto(PATH)
    page.locator("[data-ready]").wait_for()
    return page


def test_a_field_is_added_shown_by_another_moved_and_taken_back(page):
    rows, preview = page.locator(".form-row"), page.locator("[data-preview=zh]")
    status = page.locator("[data-part=status]")
    page.locator("#new-zh").fill("不同意的原因")
    page.locator("#new-en").fill("Why not?")
    page.locator("#new-name").fill("why")
    page.locator("#new-look").select_option(label="多行文字")
    page.locator("#new-look").press("Tab")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(preview.get_by_label("不同意的原因")).to_be_visible()

    page.locator("#field-why-show_field").select_option(label="当“同意”")
    page.get_by_role("group", name="值", exact=True).get_by_label("否 (false)").check()
    page.get_by_role("group", name="值", exact=True).get_by_label("是 (true)").uncheck()
    expect(page.locator("#row-why [data-summary]")).to_contain_text("同意 = 否")
    # The example agrees: staff would not be asked why.
    expect(preview.get_by_label("不同意的原因")).to_be_hidden()
    preview.get_by_label("否").check()
    expect(preview.get_by_label("不同意的原因")).to_be_visible()
    assert violations(page) == []

    page.locator("#field-why-name").fill("is_agreed")
    page.keyboard.press("Tab")
    expect(page.locator("#row-why [data-error]")).to_contain_text("表单已有字段")
    page.locator("#field-why-name").fill("why")
    page.keyboard.press("Tab")
    page.locator("#field-why-up").press("Enter")
    expect(rows.first).to_contain_text("不同意的原因")
    expect(page.locator("#row-why :focus")).to_have_count(1)

    for _ in range(5):
        if page.locator("[data-part=undo]").is_disabled():
            break
        status.evaluate("one => { one.textContent = ''; }")
        page.locator("[data-part=undo]").press("Enter")
        expect(status).to_have_text("已撤销")
    expect(rows).to_have_count(1)
    expect(page.locator("[data-part=beside]")).to_contain_text("没有改动，与在用版本相同")


def test_of_two_owners_the_second_does_hers_on_top_of_the_first(page, engine):
    other = person(engine, "sun_li")
    copy_key = open_working_copy(engine, other, family="matter_family")
    theirs = (
        '{"$id": "check", "x-title": {"zh": "再次复核", "en": "Review"}, "type": "object", "required": [], '
        '"properties": {"is_agreed": {"type": "boolean", "x-label": {"zh": "同意", "en": "Agreed"}}}, "examples": [{}]}'
    )
    save_working_file(
        engine, other, copy_key=copy_key, path="forms/check.json", content=theirs.encode(), seen=0
    )

    page.locator(".form-row summary").click()
    page.locator("#field-is_agreed-zh").fill("是否同意")
    page.keyboard.press("Tab")
    expect(page.locator("[data-part=notice]")).to_contain_text("sun_li")
    page.get_by_role("button", name="在对方版本上重做我的修改").click()

    expect(page.locator("[data-preview=zh]")).to_contain_text("再次复核")
    expect(page.locator("[data-preview=zh]").get_by_label("是否同意")).to_be_visible()
