"""Every page against WCAG 2.2 A and AA, by axe: both languages, both looks, wide and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from accessibility import violations
from engines import person
from pages import clock_of, new_case, task_of
from playwright.sync_api import Page

from engine.commands.clock_commands import pause_clock
from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.hold_user_task import claim_user_task
from engine.model import VirtualClock


@pytest.fixture
def lived_in(engine: Engine, clock: VirtualClock) -> str:
    """A case that is late, one that is paused, one that is fresh; Wang Wei holds a task."""
    late, paused = new_case(engine), new_case(engine, severity="safety")
    pause_clock(
        engine, person(engine, "wang_wei"), clock_key=clock_of(engine, paused), kind="other", reason="等资料"
    )
    clock.advance(timedelta(days=2))
    do_due_work(engine)
    new_case(engine)
    claim_user_task(engine, person(engine, "wang_wei"), user_task_key=task_of(engine, late, "press_answer"))
    return late


@pytest.mark.parametrize(
    ("look", "locale", "width"), [("light", "zh", 1280), ("dark", "en", 1280), ("dark", "zh", 390)]
)
def test_no_page_breaks_the_rules(
    visit: Callable[..., Page], engine: Engine, lived_in: str, look: str, locale: str, width: int
) -> None:
    page = visit("wang_wei", size={"width": width, "height": 850}, look=look, locale=locale)
    found = []

    for path in (
        *(
            "/inbox",
            "/inbox/group",
            "/cases?state=all",
            "/board",
            "/kpis?kpi=K-02",
            "/notices",
            "/tokens",
            "/intake/bank/MATTER",
        ),
        *(f"/tasks/{task_of(engine, lived_in, 'press_answer')}", "/nowhere"),
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found += violations(page)
    page.goto(f"/cases/{lived_in}")
    page.wait_for_selector("[data-ready]")
    for summary in page.locator("summary:visible").all():
        summary.click()
    found += violations(page)

    assert found == []


def test_the_door_and_a_form_with_errors_keep_them_too(visit: Callable[..., Page], engine: Engine) -> None:
    case = new_case(engine)
    page = visit("li_na")
    page.goto(f"/tasks/{task_of(engine, case)}")
    page.get_by_role("button", name="办结").click()
    found = violations(page)
    page.locator(".menu summary").click()
    found += violations(page)
    page.get_by_role("button", name="退出").click()
    found += violations(page)

    assert found == []


def test_controls_have_names_and_roles_beyond_what_the_checker_sees(
    visit: Callable[..., Page], engine: Engine
) -> None:
    page = visit("li_na")
    page.goto("/intake/bank/MATTER")

    tree = page.locator("main form").aria_snapshot()

    assert '- textbox "事由*"' in tree or '- textbox "事由"' in tree
    assert '- combobox "渠道"' in tree
    assert '- option "电话" [selected]' in tree
