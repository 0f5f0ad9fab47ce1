"""A process owner changes CMP-01 without a programmer, and knows before it goes live: one walk through all her pages."""

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from engines import PROCESSES, SHANGHAI, person
from pages import password_hash
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_person, grant_role
from engine.commands.start_instance import start_instance
from engine.model import Person, ProcessInstance, Release, VirtualClock
from engine.people import SYSTEM
from web.wiring.build import build_engine
from web.wiring.demo import load_demo
from web.wiring.first_start import first_start
from web.wiring.settings import Settings

BANK = "jiangcheng_bank"
TUESDAY = datetime(2026, 11, 24, 10, 20, tzinfo=SHANGHAI)
HOUSE = "/procedures/complaint"
STORIES = ("cmp01_outlet_in_time", "cmp01_unfounded")
NEXT_OWNER = "gu_yan"
CHECKED, PLAYED = 20_000, 90_000  # ms; a busy machine takes its time
Visit = Callable[..., Page]


def is_in_the_walk(row: dict[str, str]) -> bool:
    """Matters of second-tier branches that ended this month: some of them after more than one working day."""
    return (row["机构"], row["级别"]) == ("江城银行", "二级分行") and row["办结时间"].startswith("2026-11")


@pytest.fixture
def engine(shared_url: str, tmp_path: Path) -> Iterator[Engine]:
    """The bank of the demo with its complaints of this month, and two stories of its rules instead of thirty."""
    folder = tmp_path / "processes"
    for part in ("calendars", "register", "blocks", "complaint", "demo"):
        shutil.copytree(PROCESSES / part, folder / part)
    for story in (folder / "complaint" / "scenarios").iterdir():
        if story.stem not in STORIES:
            story.unlink()
    for register in ("returns.csv", "feedback.csv", "measures.csv"):
        (folder / "demo" / register).unlink()
    place = folder / "demo" / "complaints.csv"
    with place.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if is_in_the_walk(row))
    settings = Settings(database_url=shared_url, processes_folder=folder)
    made = build_engine(settings, clock=VirtualClock(TUESDAY))
    first_start(made, settings)
    load_demo(made, settings)
    name = {"zh": "顾言", "en": "Gu Yan"}
    add_person(made, SYSTEM, username=NEXT_OWNER, organisation_key=BANK, name=name)
    grant_role(made, SYSTEM, username=NEXT_OWNER, unit_key=BANK, role_key="process_owner")
    with made.store.transaction() as session:
        session.execute(update(Person).values(password_hash=password_hash()))
    yield made
    made.store.close()


def version_of_a_new_case(engine: Engine) -> int:
    started = start_instance(
        engine,
        person(engine, "li_na"),
        profile_id="CMP-01",
        organisation_key=BANK,
        variables={"subject": "柜面排队过长", "channel": "phone", "level": "tier2_branch"},
    )
    return version_of(engine, started.instance_key)


def version_of(engine: Engine, instance_key: str) -> int:
    with engine.store.reading() as session:
        return session.execute(
            select(Release.number)
            .join(ProcessInstance, ProcessInstance.release_key == Release.release_key)
            .where(ProcessInstance.instance_key == instance_key)
        ).scalar_one()


def kept(page: Page) -> None:
    expect(page.locator("[data-part=status]")).to_have_text(re.compile("^已保存"))


def choose(page: Page, element_id: str) -> None:
    """In the drawing, by the keyboard."""
    page.locator("[data-part=canvas] .djs-container > svg").focus()
    page.keyboard.press("Control+f")
    page.keyboard.type(element_id)
    page.keyboard.press("Enter")


def test_an_owner_changes_a_limit_and_a_step_and_it_goes_live_when_she_says(
    visit: Visit, engine: Engine
) -> None:
    owner = visit("xie_ning")

    # A deadline. It is a rule of the source, so the page asks whether she means it.
    owner.goto(f"{HOUSE}/profiles/profiles/CMP-01.toml?edit=limits.handle_tier2_branch")
    owner.locator("#limit-value").fill("1 WD")
    expect(owner.locator("#limit-meaning")).to_contain_text("到期")
    owner.get_by_role("button", name="保存").click()
    owner.locator("[name=consent]").check()
    owner.get_by_role("button", name="保存").click()
    expect(owner.locator("#handle_tier2_branch")).to_contain_text("1 WD")

    # A step: somebody is told when nothing is recorded in time. The check says at once what is still open; the deadline
    # she chooses beside the drawing, the missing form comes by the finding's own button.
    owner.goto(f"{HOUSE}/diagrams/complaint.bpmn")
    owner.locator("[data-modeler][data-ready]").wait_for()
    choose(owner, "record_complaint")
    owner.locator('.djs-context-pad [title="加上期限、预警和督办"]').click()
    owner.get_by_role("button", name="检查结果").click()
    findings = owner.locator("[data-part=findings]")
    expect(findings).to_contain_text("定时器没有时间", timeout=CHECKED)
    choose(owner, "record_complaint_overdue")
    owner.locator("[data-entry-id=timer-limit] select").select_option("record")
    expect(findings).not_to_contain_text("定时器没有时间", timeout=CHECKED)
    line = findings.locator("li").filter(has_text="没有表单")
    line.get_by_role("button", name=re.compile("^用表单 ")).first.click()
    expect(findings).not_to_contain_text("没有表单", timeout=CHECKED)
    kept(owner)

    # Stories, and what it would have made of this month's cases.
    owner.goto(f"{HOUSE}/stories")
    owner.get_by_role("button", name="演练全部情景").click()
    expect(owner.locator("main")).to_contain_text("2 通过", timeout=PLAYED)
    owner.goto(f"{HOUSE}/replay")
    owner.get_by_label("办结日期从").fill("2026-11-01")
    owner.get_by_label("到（含当日）").fill("2026-11-23")
    owner.get_by_role("button", name="开始重演").click()
    expect(owner.get_by_text("件结果会不同")).to_be_visible(timeout=PLAYED)
    expect(owner.locator("main")).to_contain_text("新增超时")

    # Handed in and checked. She may not review it herself; another owner looks at all that differs, and agrees.
    owner.goto(f"{HOUSE}/versions")
    owner.locator("#hand-in-reason").fill("二级分行的承诺改为一个工作日")
    owner.get_by_role("button", name="送审并检查").click()
    expect(owner.locator("main")).to_contain_text("已检查", timeout=PLAYED)
    expect(owner.get_by_role("button", name="同意，复核通过")).to_have_count(0)
    reviewer = visit(NEXT_OWNER)
    reviewer.goto(f"{HOUSE}/compare?old=1&new=2")
    expect(reviewer.locator("main")).to_contain_text("2 个工作日 → 1 个工作日")
    reviewer.get_by_role("button", name="我已看过全部差别").click()
    reviewer.goto(f"{HOUSE}/versions/2")
    reviewer.locator("#review-reason").fill("与分行商量过")
    reviewer.get_by_role("button", name="同意，复核通过").click()

    # From Monday on. What runs stays as it is, what begins then follows the new version.
    before = start_instance(
        engine, person(engine, "li_na"), profile_id="CMP-01", organisation_key=BANK,
        variables={"subject": "网点冷气不足", "channel": "phone", "level": "outlet"},
    )  # fmt: skip
    reviewer.locator("[name=from][value=monday]").check()
    reviewer.locator("#live-reason").fill("按计划")
    reviewer.get_by_role("button", name="发布", exact=True).click()
    expect(reviewer.locator("main")).to_contain_text("已预定")
    assert version_of_a_new_case(engine) == 1
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    clock.set(datetime(2026, 11, 30, 0, 0, tzinfo=SHANGHAI) + timedelta(seconds=1))
    assert version_of_a_new_case(engine) == 2
    assert version_of(engine, before.instance_key) == 1
    # Staff are told, once, above their tasks.
    staff = visit("li_na")
    expect(staff.locator("main")).to_contain_text("投诉处理")

    # And back, at once. Days have passed, so she signs in again.
    owner = visit("xie_ning")
    owner.goto(f"{HOUSE}/versions")
    owner.locator("#back-reason").fill("分行还没有准备好")
    owner.get_by_role("button", name="回退", exact=True).click()
    expect(owner.locator(".release-now")).to_contain_text("版本 1")
    assert version_of_a_new_case(engine) == 1
