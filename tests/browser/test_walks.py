"""Walks that a person takes, in a real browser: with the mouse, with the keyboard, on a phone."""

import re
from collections.abc import Callable
from datetime import timedelta

from engines import person
from pages import new_case, task_of
from playwright.sync_api import Page, expect

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.hold_user_task import claim_user_task
from engine.model import UserTask, VirtualClock

PHONE = {"width": 390, "height": 844}


def test_a_matter_is_registered_answered_and_closed(visit: Callable[..., Page]) -> None:
    page = visit("li_na")

    page.get_by_role("link", name="登记").first.click()
    page.get_by_role("textbox", name="事由").fill("柜面排队过长")
    page.get_by_label("渠道").select_option(label="上门")
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".done-number")).to_have_text("M-2026-0001")
    expect(page.locator("#say")).to_contain_text("2月27日（周五）18:00 前答复您")

    page.get_by_role("link", name="答复客户").click()
    page.get_by_role("button", name="领取").click()
    expect(page.get_by_role("status").first).to_contain_text("已领取")
    expect(page.get_by_label("赔付金额")).to_be_hidden()
    page.get_by_label("成立", exact=True).check()
    expect(page.get_by_label("赔付金额")).to_be_visible()
    page.get_by_label("不成立").check()
    page.get_by_role("textbox", name="答复").fill("已向客户说明排队原因。")
    page.get_by_role("button", name="办结").click()

    expect(page.get_by_role("heading", name="复核答复")).to_be_visible()
    page.get_by_label("是", exact=True).check()
    page.get_by_role("button", name="办结").click()
    expect(page.get_by_role("status").first).to_contain_text("全部结束")

    page.get_by_role("searchbox").first.fill("排队")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="M-2026-0001").click()
    page.wait_for_selector("[data-ready]")
    expect(page.locator(".djs-element.way-done[data-element-id=closed]")).to_be_attached()
    expect(page.locator(".timeline")).to_contain_text("李娜 完成“复核答复”")


def test_a_wrong_form_names_the_fields_and_leads_to_them(visit: Callable[..., Page], engine: Engine) -> None:
    page = visit("li_na")
    page.goto(f"/tasks/{task_of(engine, new_case(engine))}")

    page.get_by_role("button", name="办结").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("有 2 栏需要修改")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="答复").click()
    expect(page.get_by_role("textbox", name="答复")).to_be_focused()


def test_the_keyboard_is_enough(visit: Callable[..., Page], engine: Engine) -> None:
    first, second = new_case(engine, subject="第一件"), new_case(engine, subject="第二件")
    del first
    page = visit("li_na")
    page.goto("/inbox/group")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-line]:focus")).to_contain_text("第二件")
    page.keyboard.press("k")
    expect(page.locator("[data-line]:focus")).to_contain_text("第一件")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(task_of(engine, second)))
    expect(page.get_by_text("李娜 于")).to_be_visible()

    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page).to_have_url(re.compile("/inbox$"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="答复客户")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()


def test_half_a_form_is_kept_by_itself(visit: Callable[..., Page], engine: Engine) -> None:
    task = task_of(engine, new_case(engine))
    page = visit("li_na")
    page.goto(f"/tasks/{task}")

    page.get_by_role("textbox", name="答复").fill("写到一半")
    expect(page.locator("[data-draft-state]")).to_have_text("草稿已存")

    page.goto("/inbox")
    page.goto(f"/tasks/{task}")
    expect(page.get_by_role("textbox", name="答复")).to_have_value("写到一半")
    with engine.store.reading() as session:
        draft = session.get_one(UserTask, task).draft
    assert draft is not None
    assert draft["reply"] == "写到一半"


def test_the_task_shows_beside_the_list_on_a_wide_screen(visit: Callable[..., Page], engine: Engine) -> None:
    for subject in ("第一件", "第二件"):
        task = task_of(engine, new_case(engine, subject=subject))
        claim_user_task(engine, person(engine, "li_na"), user_task_key=task)
    page = visit("li_na")

    expect(page.locator("#pane")).to_contain_text("第一件")
    page.locator("[data-line]", has_text="第二件").click()

    expect(page.locator("#pane")).to_contain_text("第二件")
    expect(page.locator("#pane").get_by_role("button", name="办结")).to_be_visible()
    expect(page).to_have_url(re.compile("/inbox$"))


def test_the_diagram_shows_the_way_and_the_delay(
    visit: Callable[..., Page], engine: Engine, clock: VirtualClock
) -> None:
    case = new_case(engine)
    clock.advance(timedelta(days=2))
    do_due_work(engine)
    page = visit("wang_wei")

    page.goto(f"/cases/{case}")
    page.wait_for_selector("[data-ready]")

    expect(page.locator(".way-overdue[data-element-id=answer_customer]")).to_be_attached()
    expect(page.locator(".way-active[data-element-id=press_answer]")).to_be_attached()
    expect(page.locator(".way-done[data-element-id=to_press]")).to_be_attached()
    expect(page.locator(".diagram-badge")).to_have_text("已超时")
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_the_reason_of_a_deadline_is_drawn_and_said(visit: Callable[..., Page], engine: Engine) -> None:
    case = new_case(engine)
    page = visit("li_na")
    page.goto(f"/cases/{case}")

    page.get_by_text("为什么？").first.click()

    picture = page.get_by_role("img", name=re.compile("1 个工作日"))
    expect(picture).to_be_visible()
    assert picture.locator(".bar-counted").count() > 0
    expect(page.get_by_text("2月14日（调休上班） 1 天").first).to_be_visible()


def test_a_supervisor_acts_in_place(visit: Callable[..., Page], engine: Engine, clock: VirtualClock) -> None:
    new_case(engine)
    clock.advance(timedelta(days=1, hours=3))
    do_due_work(engine)
    page = visit("wang_wei")
    page.goto("/board")

    page.get_by_role("button", name="知悉").click()
    expect(page.locator(".board-rows")).to_contain_text("王伟 已知悉")
    page.locator(".board-acts summary").click()
    page.get_by_label("改派给").select_option("zhao_min")
    page.get_by_label("原因").fill("李娜休假")
    page.get_by_role("button", name="改派").click()

    expect(page.locator(".board-rows")).to_contain_text("赵敏")


def test_a_phone_is_wide_enough(visit: Callable[..., Page], engine: Engine) -> None:
    case = new_case(
        engine, subject="一个很长很长的事由，写满一行还不够，还要再写一行才能说清楚到底发生了什么"
    )
    page = visit("wang_wei", size=PHONE)

    for path in (
        *("/inbox", "/inbox/group", "/cases", "/board", "/notices", "/intake/bank/MATTER"),
        *(f"/cases/{case}", f"/tasks/{task_of(engine, case)}"),
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    expect(page.get_by_role("navigation", name="栏目").last).to_be_visible()


def test_the_look_follows_the_system_until_one_chooses(visit: Callable[..., Page]) -> None:
    page = visit("li_na", look="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")

    page.locator(".menu summary").click()
    page.get_by_role("button", name="浅色").click()

    expect(root).to_have_attribute("data-bs-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_the_counts_at_the_head_keep_up_by_themselves(visit: Callable[..., Page], engine: Engine) -> None:
    page = visit("li_na")
    page.clock.install()
    page.goto("/cases")
    expect(page.locator(".head-counts")).to_contain_text("待办 0")
    task = task_of(engine, new_case(engine))
    claim_user_task(engine, person(engine, "li_na"), user_task_key=task)

    page.clock.fast_forward(61_000)

    expect(page.locator(".head-counts")).to_contain_text("待办 1")
