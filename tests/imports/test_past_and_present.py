"""What fell due in the past is recorded and not sent; what falls due from now on is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from engines import SHANGHAI, person
from registers import CLOSED, OPEN, WriteRegister, case, changed, make_importing_engine, rows, settle
from sqlalchemy import func, select

from engine.commands.complete_user_task import complete_user_task
from engine.commands.due.due_work import do_due_work, next_due_at
from engine.commands.engine import Engine
from engine.commands.handler import Handler, HandlerTable
from engine.commands.imports import import_register
from engine.commands.imports.one_transaction import OneTransaction
from engine.commands.start_instance import start_instance
from engine.model import AuditRow, Job, LadderStep, Notice, ProcessInstance, Timer, UserTask, VirtualClock
from engine.people import SYSTEM
from engine.store import Store

OVERDUE = changed(OPEN, 受理时间="2026-02-05 09:30")  # 3 WD are over on the 10th, 5 WD on the 12th at 18:00


@pytest.fixture
def sent(engine: Engine) -> list[Mapping[str, Any]]:
    mails: list[Mapping[str, Any]] = []
    engine.send_mail = mails.append
    return mails


def test_notices_of_the_past_are_recorded_as_imported_and_never_mailed(
    engine: Engine, sent: list[Mapping[str, Any]], write_register: WriteRegister
) -> None:
    import_register(engine, SYSTEM, write_register(OVERDUE))
    do_due_work(engine)

    told = rows(engine, select(Notice.kind, Notice.recipient, Notice.state))
    assert ("deadline_breached", "wang_wei", "imported") in told
    assert ("reminder", "wang_wei", "imported") in told
    assert {row.state for row in told} == {"imported"}
    assert rows(engine, select(func.count()).select_from(Job).where(Job.kind == "notice")) == [(0,)]
    assert sent == []


def test_each_notice_of_the_past_bears_its_own_moment(engine: Engine, write_register: WriteRegister) -> None:
    import_register(engine, SYSTEM, write_register(OVERDUE))

    breach = rows(
        engine,
        select(Notice.created_at).where(Notice.kind == "deadline_breached", Notice.recipient == "wang_wei"),
    )
    assert breach[0].created_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "02-10 18:00"


def test_the_next_rung_is_told_for_real(
    engine: Engine, clock: VirtualClock, sent: list[Mapping[str, Any]], write_register: WriteRegister
) -> None:
    import_register(engine, SYSTEM, write_register(OVERDUE))

    clock.set(datetime(2026, 2, 12, 18, 1, tzinfo=SHANGHAI))
    do_due_work(engine)

    assert ("escalation", "he_hang") not in [(one["kind"], one["recipient"]) for one in sent]
    assert ("deadline_breached", "wang_wei") in [(one["kind"], one["recipient"]) for one in sent]

    clock.set(datetime(2026, 2, 13, 18, 1, tzinfo=SHANGHAI))
    do_due_work(engine)

    assert ("escalation", "he_hang") in [(one["kind"], one["recipient"]) for one in sent]


def test_an_open_case_goes_on_in_the_hands_of_the_living(
    engine: Engine, clock: VirtualClock, write_register: WriteRegister
) -> None:
    import_register(engine, SYSTEM, write_register(OPEN))
    clock.advance(timedelta(minutes=5))
    task = rows(engine, select(UserTask.user_task_key).where(UserTask.state == "open"))[0].user_task_key

    complete_user_task(engine, person(engine, "li_na"), user_task_key=task, values={"decision": "补办完成"})
    task = rows(engine, select(UserTask.user_task_key).where(UserTask.state == "open"))[0].user_task_key
    complete_user_task(engine, person(engine, "wang_wei"), user_task_key=task, values={"satisfied": True})

    assert case(engine, "TS-2026-0002").state == "completed"


def test_a_past_that_is_over_leaves_nothing_waiting(engine: Engine, write_register: WriteRegister) -> None:
    import_register(engine, SYSTEM, write_register(CLOSED))

    assert next_due_at(engine) is None
    for table in (Timer, LadderStep, Job):
        waiting = select(func.count()).select_from(table).where(table.state == "waiting")
        assert rows(engine, waiting) == [(0,)]


def test_due_work_of_other_cases_is_left_to_the_living_engine(
    engine: Engine, clock: VirtualClock, write_register: WriteRegister
) -> None:
    started = start_instance(
        engine, person(engine, "li_na"), process_key="caring", variables={"subject": "在办"}
    )
    task = rows(engine, select(UserTask.user_task_key))[0].user_task_key
    complete_user_task(
        engine, person(engine, "li_na"), user_task_key=task, values={"facts": "属实", "is_verified": True}
    )
    clock.advance(timedelta(days=40))

    import_register(engine, SYSTEM, write_register(CLOSED, OPEN))

    waiting = (
        select(func.count())
        .select_from(Timer)
        .where(Timer.instance_key == started.instance_key, Timer.state == "waiting")
    )
    assert rows(engine, waiting) == [(1,)]
    assert rows(engine, select(Notice.notice_key).where(Notice.instance_key == started.instance_key)) == []


def test_a_crash_in_the_middle_leaves_whole_cases_only(
    engine: Engine, write_register: WriteRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_register(*(changed(CLOSED, 编号=f"TS-2026-000{n}") for n in range(1, 6)))
    whole, cases = OneTransaction.whole, 0

    @contextmanager
    def crash_before_the_third_commit(store: OneTransaction) -> Iterator[None]:
        nonlocal cases
        with whole(store):
            yield
            cases += 1
            if cases == 3:
                raise MemoryError

    monkeypatch.setattr(OneTransaction, "whole", crash_before_the_third_commit)
    with pytest.raises(MemoryError):
        import_register(engine, SYSTEM, path)
    monkeypatch.undo()

    kept = rows(engine, select(ProcessInstance.business_key, ProcessInstance.state))
    assert sorted(kept) == [("TS-2026-0001", "completed"), ("TS-2026-0002", "completed")]
    chains = {row.chain for row in rows(engine, select(AuditRow.chain))}
    assert len(chains - {"administration"}) == 2

    report = import_register(engine, SYSTEM, path)

    assert (report.imported, report.skipped_known) == (3, 2)


def test_a_step_that_fails_keeps_its_row_out(
    any_store: Store, clock: VirtualClock, write_register: WriteRegister
) -> None:
    engine = make_importing_engine(any_store, clock)
    engine.handlers = HandlerTable([Handler("tell_head", lambda _: 1 / 0)])  # type: ignore[arg-type, return-value]
    settle(engine)

    report = import_register(
        engine, SYSTEM, write_register(changed(OVERDUE, 受理时间="2026-01-05 09:30"), CLOSED)
    )

    assert (report.imported, [one.row for one in report.rejected]) == (1, [2])
    assert "ZeroDivisionError" in report.rejected[0].zh
    assert case(engine, "TS-2026-0002") is None


def test_imported_notices_do_not_reach_another_organisation(
    engine: Engine, write_register: WriteRegister
) -> None:
    import_register(engine, SYSTEM, write_register(OVERDUE))

    recipients = {row.recipient for row in rows(engine, select(Notice.recipient))}
    assert recipients
    assert "chen_bo" not in recipients
