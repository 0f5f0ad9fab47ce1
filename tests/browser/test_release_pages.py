"""The pages of versions in a browser: both drawings marked and in step, and no rule of accessibility broken."""

import re
from collections.abc import Callable

import pytest
from accessibility import violations
from engines import person
from pages import new_case
from playwright.sync_api import Page, expect

from engine.commands.engine import Engine
from engine.commands.releases.check_release import check_release
from engine.commands.releases.release_from import release_from
from engine.commands.releases.review_release import review_release
from engine.commands.working_copies.copies import live_release_of, release_files
from engine.commands.working_copies.hand_in_working_copy import hand_in_working_copy
from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file

HOME = "/procedures/matter_family"
Visit = Callable[..., Page]


def change(engine: Engine, path: str, old: str, new: str) -> str:
    """In the working copy of He Jing; its key."""
    he_jing = person(engine, "he_jing")
    with engine.store.reading() as session:
        now = release_files(session, live_release_of(session, "matter_family", engine.clock.now()))
    assert old.encode() in now[path]
    copy_key = open_working_copy(engine, he_jing, family="matter_family")
    content = now[path].replace(old.encode(), new.encode())
    save_working_file(engine, he_jing, copy_key=copy_key, path=path, content=content, seen=0)
    return copy_key


@pytest.fixture
def on_the_way(engine: Engine) -> None:
    """Version 2 is live and told; version 3 waits for its review; a working copy is open; cases run on version 1."""
    he_jing, sun_li = person(engine, "he_jing"), person(engine, "sun_li")
    new_case(engine)
    for number, (path, old, new) in enumerate(
        [("matter.bpmn", 'name="答复客户"', 'name="答复顾客"'), ("profiles/MATTER.toml", '"1 WD"', '"2 WD"')],
        2,
    ):
        key = change(engine, path, old, new)
        hand_in_working_copy(engine, he_jing, copy_key=key, reason="更清楚")
        check_release(engine, he_jing, family="matter_family", number=number, reason="可以")
        if number == 2:
            review_release(engine, sun_li, family="matter_family", number=2, reason="看过")
            release_from(
                engine, sun_li, family="matter_family", number=2, reason="约定", note={"zh": "用词更清楚"}
            )
    new_case(engine)
    change(engine, "profiles/MATTER.toml", '"1 WD"', '"1 MIN"')


@pytest.mark.usefixtures("on_the_way")
def test_a_line_of_the_list_leads_to_both_drawings_and_they_move_together(visit: Visit) -> None:
    page = visit("sun_li")
    page.goto(f"{HOME}/compare?old=1&new=2")
    page.locator("[data-compare][data-ready]").wait_for()

    page.locator("[data-jump]").first.press("Enter")

    expect(page.locator(".djs-element.compare-here")).to_have_count(2)
    expect(page.locator(".diff-badge-changed")).to_have_count(2)
    page.get_by_role("button", name="放大 · 版本 1").press("Enter")
    views = page.locator(".viewport").evaluate_all("all => all.map(one => one.getAttribute('transform'))")
    scales = [re.search(r"[\d.]+", one)[0] for one in views]
    assert (len(scales), len(set(scales))) == (2, 1)


@pytest.mark.usefixtures("on_the_way")
def test_no_page_of_versions_breaks_the_rules(visit: Visit) -> None:
    page = visit("sun_li", locale="en")
    found = []

    for path, there in (
        (f"{HOME}/versions", ".release-table"),
        (f"{HOME}/versions/2", "[name=case]"),
        (f"{HOME}/versions/3", ".release-counts"),
        (f"{HOME}/compare", "[data-ready]"),
        ("/inbox", ".change-line"),
        ("/changes", ".change-told"),
    ):
        page.set_viewport_size({"width": 1280, "height": 850})
        page.goto(path)
        page.locator(there).first.wait_for()
        for look in ("light", "dark"):
            page.evaluate("look => document.documentElement.setAttribute('data-bs-theme', look)", look)
            found += [(look, *one) for one in violations(page)]
        page.set_viewport_size({"width": 390, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            found.append((path, look, "wider than a phone", []))

    assert found == []
