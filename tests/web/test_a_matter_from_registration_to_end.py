"""A person's path, as a person walks it: register, claim, answer, review, and read how it went."""

import re
from collections.abc import Callable
from datetime import timedelta

from pages import Browser, new_case, task_of

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.model import VirtualClock

INTAKE = "/intake/bank/MATTER"


def test_it_tells_number_and_due_moment_at_once(li_na: Browser) -> None:
    asked = li_na.get(li_na.get("/intake").headers["Location"])

    page = li_na.follow(INTAKE, {"subject": "柜面排队过长", "channel": "visit", "customer_name": "赵女士"})

    assert "事由" in asked.text
    assert "M-2026-0001" in page.text
    # Friday 13 February and five working days: Saturday 14 (make-up), then 24, 25, 26, 27 after the Spring Festival.
    assert "我们最迟在 2月27日（周五）18:00 前答复您" in page.text
    assert "答复客户" in page.text


def test_the_task_shows_what_was_said_at_registration(li_na: Browser, engine: Engine) -> None:
    done = li_na.follow(INTAKE, {"subject": "柜面排队过长", "channel": "visit", "customer_name": "赵女士"})
    case = re.search(r"/cases/([0-9a-f]{32})", done.text)
    assert case is not None

    page = li_na.get(f"/tasks/{task_of(engine, case[1])}")

    assert "赵女士" in page.text


def test_a_supervisor_without_own_tasks_begins_with_the_board(signed_in: Callable[[str], Browser]) -> None:
    assert signed_in("wang_wei").get("/").headers["Location"] == "/board"
    assert signed_in("li_na").get("/").headers["Location"] == "/inbox"


def test_it_walks_from_registration_to_the_end(signed_in: Callable[[str], Browser], engine: Engine) -> None:
    li_na, wang_wei = signed_in("li_na"), signed_in("wang_wei")
    done = li_na.follow(INTAKE, {"subject": "柜面排队过长", "channel": "phone"})
    case = re.search(r"/cases/([0-9a-f]{32})", done.text)
    assert case is not None

    offered = li_na.get("/inbox/group")
    task = task_of(engine, case[1])
    assert f"/tasks/{task}" in offered.text
    assert "柜面排队过长" in offered.text

    claimed = li_na.follow(f"/tasks/{task}/claim")
    assert "已领取" in claimed.text
    assert "领取</b>" not in claimed.text
    assert f"/tasks/{task}" in li_na.get("/inbox").text
    assert f"/tasks/{task}" not in li_na.get("/inbox/group").text

    onwards = li_na.follow(
        f"/tasks/{task}/complete", {"decision": "unjustified", "reply": "已向客户说明排队原因。"}
    )
    check = task_of(engine, case[1], "check_answer")
    assert "复核答复" in onwards.text, "the next task of the case opens by itself"
    assert check in onwards.text

    last = wang_wei.follow(f"/tasks/{check}/complete", {"is_agreed": "true"}) if check else onwards
    assert "全部结束" in last.text

    page = wang_wei.get(f"/cases/{case[1]}").text
    assert "已办结" in page
    assert "李娜 登记 M-2026-0001" in page
    assert "李娜 完成“答复客户”" in page
    assert "王伟 完成“复核答复”" in page
    assert "已向客户说明排队原因。" in page
    assert "不成立" in page


def test_it_puts_the_overdue_first_and_says_by_how_much(
    signed_in: Callable[[str], Browser], engine: Engine, clock: VirtualClock
) -> None:
    late = new_case(engine, subject="最早的一件")
    clock.advance(timedelta(days=1, hours=1))
    fresh = new_case(engine, subject="刚来的一件")
    clock.advance(timedelta(hours=2))
    do_due_work(engine)
    li_na = signed_in("li_na")
    for case in (fresh, late):
        li_na.follow(f"/tasks/{task_of(engine, case)}/claim")

    page = li_na.get("/inbox").text

    assert page.index("最早的一件") < page.index("刚来的一件")
    assert "已超时" in page
    # Due Saturday 14 February 18:00; now it is Saturday 19:00: no working time has passed, plain time has.
    assert "超时 1 小时" in page
    assert "2月14日 18:00" in page


def test_it_finds_a_case_by_number_and_by_subject(li_na: Browser, engine: Engine) -> None:
    new_case(engine, subject="自助机吞卡")
    new_case(engine, subject="利率解释不清 100%")

    by_number, by_subject = li_na.get("/cases?q=m-2026-0001").text, li_na.get("/cases?q=100%25").text

    assert "自助机吞卡" in by_number
    assert "利率解释不清" not in by_number
    assert "利率解释不清" in by_subject
    assert "自助机吞卡" not in by_subject
    assert "没有符合条件的事项" in li_na.get("/cases?q=_").text


def test_it_draws_the_case_where_it_stands(
    signed_in: Callable[[str], Browser], engine: Engine, clock: VirtualClock
) -> None:
    case = new_case(engine)
    clock.advance(timedelta(days=2))
    do_due_work(engine)
    li_na = signed_in("li_na")

    (state,) = li_na.get(f"/cases/{case}/diagram.json").get_json()
    drawing = li_na.get(f"/cases/{case}/drawing/matter")

    assert state["active"] == ["answer_customer", "press_answer"]
    assert state["overdue"] == ["answer_customer"]
    assert state["finished"] == ["answer_overdue", "received"]
    assert state["flows"] == ["to_answer", "to_press"]
    assert drawing.mimetype == "application/xml"
    assert 'name="答复客户"' in drawing.text


def test_it_draws_the_names_in_the_readers_language(li_na: Browser, engine: Engine) -> None:
    case = new_case(engine)
    li_na.post("/preferences", {"locale": "en"})

    drawing = li_na.get(f"/cases/{case}/drawing/matter")
    page = li_na.get(f"/cases/{case}").text

    assert 'name="Answer the customer"' in drawing.text
    assert "Answer the customer" in page
    assert "East branch" in page


def test_it_explains_each_due_moment(li_na: Browser, engine: Engine) -> None:
    case = new_case(engine)

    page = li_na.get(f"/cases/{case}").text

    assert "从 2026年2月13日（周五）16:00 起 1 个工作日" in page
    assert "2月14日（调休上班） 1 天" in page
    assert "TEST/T1" in page
    assert "测试办法 第三章" in page, "a rule of the source names its source"
    assert "本机构设定，非原文规定" in page, "the other limit is a default of ours and says so"
