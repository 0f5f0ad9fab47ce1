"""What a supervisor does about promises: sees broken ones, takes them in hand, hands work over, pauses."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from pages import Browser, clock_of, new_case, task_of

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_unit, grant_role
from engine.model import ClockRow, UserTask, VirtualClock
from engine.people import SYSTEM


@pytest.fixture
def late(engine: Engine, clock: VirtualClock) -> str:
    """A case whose answer is overdue, and of which the ladder has told."""
    case = new_case(engine)
    clock.advance(timedelta(days=1, hours=3))
    do_due_work(engine)
    return case


def clock_row(engine: Engine, case: str) -> ClockRow:
    key = clock_of(engine, case)
    with engine.store.reading() as session:
        return session.get_one(ClockRow, key)


def notice_key(page: str) -> str:
    found = re.search(r"/notices/([0-9a-f]{32})/open", page)
    assert found is not None
    return found[1]


def test_it_lists_broken_promises_with_who_holds_them_and_the_next_rung(
    late: str, signed_in: Callable[[str], Browser]
) -> None:
    page = signed_in("wang_wei").get("/board").text

    assert "M-2026-0001" in page
    assert "答复客户" in page
    assert "李娜" in page
    assert "2月14日（周六）18:00" in page
    assert "为什么？" in page


def test_it_takes_a_delay_in_hand_in_place(
    late: str, engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    wang_wei = signed_in("wang_wei")

    page = wang_wei.follow(
        f"/cases/{late}/clocks/{clock_of(engine, late)}/acknowledge", {"next": "/board"}
    ).text

    assert "王伟 已知悉" in page
    assert clock_row(engine, late).acknowledged_by == "wang_wei"


def test_it_hands_a_task_over_in_place_with_the_reason(
    late: str, engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    wang_wei = signed_in("wang_wei")
    task = task_of(engine, late)

    page = wang_wei.follow(
        f"/tasks/{task}/assign", {"to": "zhao_min", "reason": "李娜休假", "next": "/board"}
    ).text

    assert "已改派给 赵敏" in page
    with engine.store.reading() as session:
        assert session.get_one(UserTask, task).assignee == "zhao_min"
    assert "改派给 赵敏：李娜休假" in wang_wei.get(f"/cases/{late}").text


def test_it_asks_for_person_and_reason(
    late: str, engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    response = signed_in("wang_wei").post(f"/tasks/{task_of(engine, late)}/assign", {"to": "zhao_min"})

    assert response.status_code == 400
    assert "请选择人员并填写原因" in response.text


def test_it_pauses_and_resumes_and_shows_both_in_the_reason(
    wang_wei: Browser, engine: Engine, case: str, clock: VirtualClock
) -> None:
    timer = clock_of(engine, case)

    paused = wang_wei.follow(
        f"/cases/{case}/clocks/{timer}/pause", {"kind": "waiting_for_customer", "reason": "等客户补流水"}
    ).text
    clock.advance(timedelta(hours=1))
    resumed = wang_wei.follow(f"/cases/{case}/clocks/{timer}/resume").text

    assert "2月13日 16:00 起暂停：等客户补流水" in paused
    assert "2月13日 16:00 至 2月13日 17:00 暂停：等客户补流水；到期时间顺延 1 个工作小时" in resumed
    assert "2月24日（周二）10:00" in resumed


def test_it_asks_for_a_reason_to_pause(wang_wei: Browser, engine: Engine, case: str) -> None:
    response = wang_wei.post(f"/cases/{case}/clocks/{clock_of(engine, case)}/pause", {"reason": " "})

    assert response.status_code == 400
    assert "暂停必须填写原因" in response.text


def test_it_shows_only_the_units_that_the_supervisor_answers_for(
    late: str, engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    add_unit(engine, SYSTEM, organisation_key="bank", unit_key="west", name={"zh": "城西", "en": "West"})
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="west", role_key="supervisor")

    page = signed_in("chen_bo").get("/board").text

    assert "M-2026-0001" not in page
    assert "没有超时" in page


def test_it_tells_of_the_breach_and_leads_there(
    late: str, engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    wang_wei = signed_in("wang_wei")
    page = wang_wei.get("/notices").text
    assert "已超时：M-2026-0001" in page
    assert "知悉" in page
    assert "/tasks/" not in page.split('class="notice-body"')[1].split("</pre>")[0]

    key = notice_key(page)
    opened = wang_wei.follow(f"/notices/{key}/open")

    assert "M-2026-0001" in opened.text


def test_reading_notices_brings_the_count_down(late: str, signed_in: Callable[[str], Browser]) -> None:
    wang_wei = signed_in("wang_wei")
    assert "badge-new" in wang_wei.get("/head").text

    wang_wei.follow("/notices/read")

    assert "badge-new" not in wang_wei.get("/head").text
    assert "没有通知" in wang_wei.get("/notices?show=unread").text


def test_nobody_reads_another_persons_notices(
    late: str, engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    key = notice_key(signed_in("wang_wei").get("/notices").text)

    response = signed_in("zhao_min").post(f"/notices/{key}/open")

    assert response.status_code == 303
    assert response.headers["Location"].endswith("/notices")
    assert "badge-new" in signed_in("wang_wei").get("/head").text
