"""One whole case of each family in a real browser: registered, worked on by everybody whose turn it is, closed, and its
paper form printed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from engines import PROCESSES, make_engine, person
from pages import password_hash
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from engine.commands.due.due_work import do_due_work
from engine.commands.due.run_jobs import run_due_jobs
from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_organisation, add_person, grant_role, set_head
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import read_families
from engine.forms import FormDefinition
from engine.model import NotFound, Person, ProcessInstance, UserTask, VirtualClock
from engine.people import SYSTEM
from engine.queries.task_page import find_task
from engine.store import Store
from handlers.table import HANDLERS
from web.intake.kinds import find_kinds

PHONE = {"width": 390, "height": 844}
HOUSE = "works"
PEOPLE = {
    "li_na": ("李娜", "Li Na", ("complaint_officer", "sales_handler", "customer_service_head")),
    "wang_wei": ("王伟", "Wang Wei", ("sales_manager", "dept_head", "supervisor")),
    "tong_li": ("童立", "Tong Li", ("inspection_group",)),
    "tan_zheng": ("谭政", "Tan Zheng", ("general_manager", "company_leader")),
}
Values = Mapping[str, Any]


@pytest.fixture
def engine(shared_url: str, clock: VirtualClock, family: str) -> Iterator[Engine]:
    """A house with one family of procedures."""
    store = Store(shared_url)
    made = make_engine(store, clock, HANDLERS)
    add_organisation(made, SYSTEM, key=HOUSE, name={"zh": "恒工轴承", "en": "Henggong Bearings"})
    for username, (zh, en, roles) in PEOPLE.items():
        add_person(made, SYSTEM, username=username, organisation_key=HOUSE, name={"zh": zh, "en": en})
        for role in roles:
            grant_role(made, SYSTEM, username=username, unit_key=HOUSE, role_key=role)
    set_head(made, SYSTEM, unit_key=HOUSE, username="wang_wei")
    with store.transaction() as session:
        session.execute(update(Person).values(password_hash=password_hash()))
    deploy(made, SYSTEM, read_families([PROCESSES / family]), name="tests")
    yield made
    store.close()


@dataclass
class Walk:
    """A case in the browsers of all who have a part in it. Forms are filled in as their examples say."""

    engine: Engine
    clock: VirtualClock
    visit: Callable[..., Page]
    locale: str = "zh"
    size: Mapping[str, int] | None = None
    case: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def page_of(self, username: str) -> Page:
        if username not in self.pages:
            options = {"size": self.size} if self.size else {}
            self.pages[username] = self.visit(username, locale=self.locale, **options)
        return self.pages[username]

    def register(self, username: str, profile: str, values: Values) -> None:
        kinds = find_kinds(self.engine, person(self.engine, username), self.locale)
        form = next(kind.form for kind in kinds if kind.profile_id == profile)
        page = self.page_of(username)
        page.goto("/intake")
        page.locator(".kind", has_text=profile).click()
        fill(page.locator("form:has(.fields)"), (form.example if form else {}) | dict(values))
        self._look(page, "intake")
        page.locator(".acts-sticky .btn-primary").click()
        expect(page.locator(".done-number")).to_be_visible()
        page.locator(".done .acts .btn-primary").click()
        page.wait_for_url(re.compile(r"/cases/[^/]+$"))
        self.case = page.url.rsplit("/", 1)[1]

    def work_until_closed(self) -> None:
        """Nobody is told whose turn it is: the case says it."""
        for _ in range(20):
            do_due_work(self.engine)
            while run_due_jobs(self.engine):
                pass
            tasks = self._open_tasks()
            if tasks:
                self._work(tasks[0])
            elif not self._message_came():
                break
        with self.engine.store.reading() as session:
            assert session.get_one(ProcessInstance, self.case).state == "completed"

    def print_form(self, username: str, form: str) -> Page:
        page = self.page_of(username)
        page.goto(f"/cases/{self.case}")
        page.wait_for_selector("[data-ready]")
        self._look(page, "case")
        page.locator(f'.print-link[href$="/forms/{form}"]').first.click()
        page.wait_for_url(re.compile(f"/forms/{form}$"))
        self._look(page, "printed")
        return page

    def _open_tasks(self) -> Sequence[Any]:
        with self.engine.store.reading() as session:
            return session.execute(
                select(UserTask.user_task_key, UserTask.element_id)
                .where(UserTask.instance_key == self.case, UserTask.state == "open")
                .order_by(UserTask.created_at)
            ).all()

    def _message_came(self) -> bool:
        """Goods and money come from outside: whoever registered the case says on its page that they have come."""
        page = next(iter(self.pages.values()))
        page.goto(f"/cases/{self.case}")
        came = page.locator('form[action$="/messages"] button')
        if not came.count():
            return False
        came.first.click()
        expect(page.locator(".toast, .toasts")).to_be_visible()
        return True

    def _work(self, task: Any) -> None:
        key, element = task
        username, form = self._whose_turn(key)
        page = self.page_of(username)
        page.goto(f"/tasks/{key}")
        claim = page.locator("[data-claim]")
        if claim.count():
            claim.click()
        page.wait_for_selector(".claim-line", state="detached")
        values = form.example if form else {}
        fill(page.locator("#task-form"), values)
        self._look(page, element)
        page.locator("#task-form .acts-sticky .btn-primary").click()
        expect(page.locator("main .field-error")).to_have_count(0)
        page.wait_for_load_state()
        self.done.append(f"{username} {element}")
        self.clock.advance(timedelta(minutes=10))

    def _whose_turn(self, user_task_key: str) -> tuple[str, FormDefinition | None]:
        for username in PEOPLE:
            with suppress(NotFound):
                page = find_task(self.engine, person(self.engine, username), user_task_key, self.locale)
                if page.may_work:
                    return username, page.form
        raise AssertionError(f"Nobody may do {user_task_key}.")

    def _look(self, page: Page, name: str) -> None:
        """No page of the walk is wider than its window."""
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.evaluate("window.innerWidth"), name


def fill(form: Locator, values: Values) -> None:
    """As a person would: what is not shown is not filled in, whom the list does not name is not chosen."""
    for name, value in values.items():
        text = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else str(value)
        box = form.locator(f'[name="{name}"]')
        if not box.count() or not box.first.is_visible():
            continue
        kind = box.first.evaluate("one => one.type")
        if kind == "radio":
            form.locator(f'[name="{name}"][value="{text}"]').check()
        elif kind == "checkbox":
            box.first.set_checked(text == "true")
        elif kind == "select-one":
            if box.locator(f'option[value="{text}"]').count():
                box.select_option(text)
        else:
            box.fill(text)


@pytest.mark.parametrize("family", ["complaint"])
def test_a_complaint(visit: Callable[..., Page], engine: Engine, clock: VirtualClock) -> None:
    walk = Walk(engine, clock, visit)
    walk.register("li_na", "CMP-12", {"subject": "轴承噪声投诉"})
    walk.work_until_closed()
    page = walk.print_form("li_na", "F-001")
    expect(page.get_by_role("heading", level=1)).to_have_text("投诉记录")


@pytest.mark.parametrize("family", ["feedback"])
def test_feedback_from_inside(visit: Callable[..., Page], engine: Engine, clock: VirtualClock) -> None:
    walk = Walk(engine, clock, visit)
    walk.register(
        "li_na",
        "FBK-11",
        {
            "subject": "图纸公差标注不清",
            "feedback_type": "product",
            "reporter": "li_na",
            "content": "两种标注。",
        },
    )
    walk.work_until_closed()
    assert walk.done == [
        "li_na number_by_unit",
        "wang_wei set_circulation",
        "wang_wei answer_feedback",
        "li_na confirm_answer",
        "li_na file_by_unit",
    ]
    page = walk.print_form("li_na", "F-073")
    expect(page.get_by_role("heading", level=1)).to_have_text("内部信息反馈单")
    expect(page.get_by_text("两种标注。")).to_be_visible()


@pytest.mark.parametrize("family", ["return_approval"])
def test_returned_goods(visit: Callable[..., Page], engine: Engine, clock: VirtualClock) -> None:
    walk = Walk(engine, clock, visit)
    walk.register(
        "li_na",
        "RET-01",
        {"subject": "轴承振动超标", "return_case": "whole_batch", "wish": "return", "quantity": 40},
    )
    walk.work_until_closed()
    assert walk.done == [
        "li_na fill_return_form",
        "wang_wei verify_facts",
        "tong_li reinspect_goods",
        "tan_zheng approve_return",
        "li_na do_formalities",
        "tong_li assign_corrective_action",
    ]
    page = walk.print_form("tan_zheng", "F-090")
    expect(page.get_by_role("heading", level=1)).to_have_text("退回产品处理单")


@pytest.mark.parametrize("family", ["survey"])
def test_an_opinion_on_a_phone_in_english(
    visit: Callable[..., Page], engine: Engine, clock: VirtualClock
) -> None:
    walk = Walk(engine, clock, visit, locale="en", size=PHONE)
    walk.register(
        "li_na",
        "SUR-03",
        {"service_subject": "空调维修", "subject": "空调维修回访", "service_person": "tong_li"},
    )
    walk.work_until_closed()
    assert walk.done == ["li_na enter_reply", "li_na enter_performance"]
    page = walk.print_form("li_na", "F-080")
    expect(page.get_by_role("heading", level=1)).to_have_text("客户意见调查表")
