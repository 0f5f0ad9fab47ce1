"""An owner changes a step beside the drawing: by choosing, not by typing names; and each click is one step of undo."""

import re
from collections.abc import Callable, Mapping

from accessibility import violations
from engines import person
from lxml import etree
from playwright.sync_api import Locator, Page, expect

from engine.commands.engine import Engine
from engine.commands.releases.check_family import check_family
from engine.commands.working_copies.copies import files_of_family
from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file
from engine.diagrams import Element, read_diagram

ADDRESS = "/procedures/matter_family/diagrams/matter.bpmn"
Visit = Callable[..., Page]


def opened(page: Page) -> Page:
    page.goto(ADDRESS)
    page.locator("[data-modeler][data-ready]").wait_for()
    return page


def select(page: Page, element_id: str) -> None:
    """By the keyboard: into the drawing, find, Enter."""
    page.locator("[data-part=canvas] .djs-container > svg").focus()
    page.keyboard.press("Control+f")
    page.keyboard.type(element_id)
    page.keyboard.press("Enter")


def entry(page: Page, key: str) -> Locator:
    return page.locator(f"[data-entry-id='{key}']")


def stored(engine: Engine) -> bytes:
    with engine.store.reading() as session:
        files = files_of_family(session, engine.settings.blocks_folder, "matter_family", engine.clock.now())
    return files.files["matter.bpmn"]


def elements(content: bytes) -> Mapping[str, Element]:
    return read_diagram(content, "matter.bpmn").processes[0].elements


def until(page: Page, engine: Engine, holds: Callable[[bytes], object]) -> bytes:
    """What the server keeps, as soon as it is so: changes are kept by themselves, a moment after the last of several."""
    content = stored(engine)
    for _ in range(200):
        if holds(content):
            return content
        page.wait_for_timeout(50)
        content = stored(engine)
    raise AssertionError(content.decode())


def undo(page: Page) -> None:
    page.get_by_role("button", name="撤销").click()


def clock_settings(content: bytes) -> set[str]:
    return {one for one in elements(content)["check_answer"].properties if one.startswith("sla")}


def faults(engine: Engine) -> set[str]:
    """Rules of errors and warnings of the working copy."""
    with engine.store.reading() as session:
        files = files_of_family(session, engine.settings.blocks_folder, "matter_family", engine.clock.now())
    found = check_family(files, engine.register, engine.handlers.topics()).findings
    return {one.rule for one in found if one.severity != "advice"}


def meaning(content: bytes) -> bytes:
    """The process without differences of white space. In the picture the modeler keeps a place for a name that was undone."""
    root = etree.fromstring(content)
    for child in root.findall("{http://www.omg.org/spec/BPMN/20100524/DI}*"):
        root.remove(child)
    return etree.tostring(root, method="c14n2", strip_text=True)


def test_who_when_and_with_which_form_is_chosen_beside_the_drawing(visit: Visit, engine: Engine) -> None:
    page = opened(visit("he_jing"))
    select(page, "check_answer")

    # A role, by its words.
    entry(page, "candidate-groups").locator("select").select_option("service_mgmt")
    expect(entry(page, "candidate-groups").locator(".chosen")).to_contain_text("服务管理部门")
    # A limit: its words, the figure of each profile, where it comes from, and whether it is a rule or ours.
    entry(page, "sla").locator("select").select_option("whole")
    expect(entry(page, "sla").locator(".chosen")).to_contain_text("五个工作日内办结")
    expect(entry(page, "sla").locator(".limit-figures")).to_contain_text("MATTER")
    expect(entry(page, "sla").locator(".limit-figures")).to_contain_text("5 WD 默认值，可修改")
    entry(page, "sla-pausable").locator("select").select_option("no")
    entry(page, "sla-warn").locator("input").fill("75")
    expect(entry(page, "sla-warn")).to_contain_text("请写比例")
    entry(page, "sla-warn").locator("input").fill("75%, 1 WD")
    entry(page, "form-ref").locator("select").select_option("answer")
    expect(entry(page, "form-link").get_by_role("link")).to_have_attribute(
        "href", re.compile("/procedures/matter_family/forms/forms/answer.json$")
    )
    rule = entry(page, "source").locator("input")
    rule.fill("TEST/T2")
    rule.press("Enter")

    task = elements(until(page, engine, lambda content: b"TEST/T2" in content.partition(b"check_answer")[2]))[
        "check_answer"
    ]
    assert task.candidate_groups == "first_receiver,outlet_head,service_mgmt"
    assert (task.sla, task.sla_warn, task.sla_pausable) == ("whole", "75%, 1 WD", "no")
    assert task.form_ref == "answer"
    assert task.source == ("TEST/T2",)
    assert page.evaluate("[...window.huiyinMissingStrings]") == []
    assert violations(page, "[data-part=panel]") == []

    # Without its limit the clock has no settings either, in one step.
    entry(page, "sla").get_by_role("button", name="移除五个工作日内办结").click()
    until(page, engine, lambda content: not clock_settings(content))
    undo(page)
    until(page, engine, lambda content: clock_settings(content) == {"sla", "sla.warn", "sla.pausable"})


def test_a_building_block_is_one_click_and_one_undo_and_leaves_open_what_only_the_owner_knows(
    visit: Visit, engine: Engine
) -> None:
    page = opened(visit("he_jing"))
    before = stored(engine)
    blocks = {
        "加上期限、预警和督办": {"no-timer", "no-form", "nobody"},
        "接着按级审批": {"no-decision", "no-form", "unknown-variable"},
        "接着请客户补充（暂停计时）": {"missing-condition", "no-form"},
    }
    known = faults(engine)
    for name, open_questions in blocks.items():
        select(page, "check_answer")
        page.locator(f'.djs-context-pad [title="{name}"]').click()
        drawn = until(page, engine, lambda content: len(elements(content)) >= len(elements(before)) + 3)
        assert faults(engine) - known <= open_questions, name

        if name == "加上期限、预警和督办":
            # The block knew no limit: the one that is chosen for the task is the timer's too.
            entry(page, "sla").locator("select").select_option("whole")
            drawn = until(page, engine, lambda content: "sla" in elements(content)["check_answer"].properties)
            timer = elements(drawn)["check_answer_overdue"]
            assert timer.timer is not None
            assert timer.timer.text == '${limit("whole")}'
            assert not timer.cancels
            undo(page)
        undo(page)
        until(page, engine, lambda content: elements(content).keys() == elements(before).keys())
        assert len(re.findall(b"bpmndi:BPMN(?:Shape|Edge) id", drawn)) == len(
            set(re.findall(b'BPMN(?:Shape|Edge) id="([^"]+)"', drawn))
        )
    assert page.evaluate("[...window.huiyinMissingStrings]") == []


# What an owner may have got from elsewhere, or mistyped: in the file → instead of what is sound.
FAULTS = [
    (' name="收到"', ""),
    ('name="sla" value="answer"', 'name="sla" value="anwser"'),
    ('${limit("answer")}', "1个工作日"),
    ('camunda:formRef="check"', 'camunda:formRef="cheeck" camunda:formKey="x"'),
    ('camunda:candidateGroups="outlet_head" />', "/>"),
    (
        '<camunda:property name="sla" value="whole" />',
        '<camunda:property name="sla" value="whole" /><camunda:property name="sla.warn" value="75，90" />',
    ),
    ('"closed"', '"Closed"'),
    (
        '<camunda:property name="source" value="TEST/T1" /></camunda:properties>',
        '<camunda:property name="source" value="TEST/T1" /><camunda:property name="separate.from" value="chek_answer" />'
        '</camunda:properties><camunda:taskListener event="create" class="x" />',
    ),
]


def test_every_fix_is_done_by_its_button_and_undone_one_by_one(visit: Visit, engine: Engine) -> None:
    written = stored(engine).decode()
    for sound, wrong in FAULTS:
        assert sound in written, sound
        written = written.replace(sound, wrong)
    owner = person(engine, "sun_li")
    copy_key = open_working_copy(engine, owner, family="matter_family")
    save_working_file(engine, owner, copy_key=copy_key, path="matter.bpmn", content=written.encode(), seen=0)
    assert faults(engine) >= {
        *("unknown-limit", "bad-timer", "unknown-form", "not-executed", "nobody", "bad-sla", "odd-id"),
        "dangling-reference",
    }
    page = opened(visit("he_jing"))
    # As the modeler itself writes it, before any fix.
    select(page, "check_answer")
    entry(page, "documentation").locator("textarea").fill("x")
    drawn = until(page, engine, lambda content: b">x</" in content)

    page.get_by_role("button", name="检查结果").click()
    lines = page.locator("[data-part=findings] li")
    expect(lines.filter(has_text="改为时限 answer")).to_have_count(1)
    done = page.evaluate(
        """() => [...document.querySelectorAll("[data-part=findings] li")]
            .map((line) => line.querySelector("button.btn")).filter(Boolean)
            .map((button) => { button.click(); return button.textContent; })"""
    )
    mended = until(page, engine, lambda content: b"taskListener" not in content and b"Closed" not in content)
    assert len(done) >= 12, done
    assert faults(engine) <= {"no-form", "unknown-source"}
    answer = elements(mended)["answer_customer"]
    assert (answer.sla, answer.separate_from) == ("answer", ("check_answer",))

    for _ in done:
        undo(page)
    until(page, engine, lambda content: meaning(content) == meaning(drawn))
