"""Order and groups of an inbox: overdue, due soon, today, later; paused last."""

from datetime import datetime

import pytest
from engines import SHANGHAI, person
from pages import clock_of, new_case, task_of

from engine.commands.clock_commands import pause_clock
from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.hold_user_task import claim_user_task
from engine.model import VirtualClock
from engine.queries.inbox import Inbox, count_for_head, find_inbox


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=SHANGHAI)


def inbox(engine: Engine, username: str = "li_na", *, is_group: bool = False) -> Inbox:
    return find_inbox(engine, person(engine, username), is_group=is_group, locale="zh")


def held(engine: Engine, subject: str) -> str:
    case = new_case(engine, subject=subject)
    claim_user_task(engine, person(engine, "li_na"), user_task_key=task_of(engine, case))
    return case


@pytest.mark.parametrize(
    ("now", "group", "status"),
    [
        # One working day from Monday 9 February 10:00 is due Tuesday 18:00. Warned at 75 % of its working time.
        (at(9, 10), "later", "on_time"),
        (at(10, 9, 30), "today", "on_time"),
        (at(10, 17), "soon", "at_risk"),
        (at(10, 18), "soon", "at_risk"),  # exactly due is not yet overdue
        (at(10, 18, 1), "overdue", "breached"),
    ],
)
def test_a_task_moves_through_the_groups(
    engine: Engine, clock: VirtualClock, now: datetime, group: str, status: str
) -> None:
    clock.set(at(9, 10))
    held(engine, "一件事")
    clock.set(now)

    (task,) = inbox(engine).tasks

    assert (task.group, task.status) == (group, status)
    assert task.due_at == at(10, 18)


def test_the_longest_overdue_comes_first_and_a_paused_one_waits_below(
    engine: Engine, clock: VirtualClock
) -> None:
    clock.set(at(9, 10))
    held(engine, "最久")
    stopped = held(engine, "停住的")
    clock.set(at(10, 10))
    held(engine, "其次")
    pause_clock(
        engine, person(engine, "wang_wei"), clock_key=clock_of(engine, stopped), kind="other", reason="等"
    )
    clock.set(at(12, 10))
    do_due_work(engine)

    found = inbox(engine)

    assert [task.row.subject for task in found.by_group["overdue"]] == ["最久", "其次"]
    assert [task.row.subject for task in found.by_group["later"]] == ["停住的"]
    assert found.by_group["later"][0].status == "paused"


def test_a_group_sees_what_nobody_holds(engine: Engine) -> None:
    held(engine, "已领取")
    new_case(engine, subject="没人领")

    found = inbox(engine, "zhao_min", is_group=True)

    assert [task.row.subject for task in found.tasks] == ["没人领"]
    assert (found.own_open, found.group_open) == (0, 1)
    assert inbox(engine, "wang_wei", is_group=True).tasks == []


def test_the_head_counts_own_overdue_and_unread(engine: Engine, clock: VirtualClock) -> None:
    clock.set(at(9, 10))
    held(engine, "最久")
    clock.set(at(11, 10))
    held(engine, "新的")
    do_due_work(engine)

    counts = count_for_head(engine, person(engine, "li_na"))

    assert (counts.own_open, counts.own_overdue) == (2, 1)
    assert counts.unread > 0
