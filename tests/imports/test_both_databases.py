"""One case, one transaction, on SQLite and on PostgreSQL: who reads meanwhile sees nothing of a half imported case."""

from datetime import datetime
from pathlib import Path

from engines import SHANGHAI
from registers import CLOSED, OPEN, WriteRegister, changed, make_importing_engine, rows, settle
from sqlalchemy import func, select

from engine.audit import verify
from engine.commands.handler import Handler, HandlerContext, HandlerTable
from engine.commands.imports import import_register
from engine.model import ProcessInstance, UserTask, VirtualClock
from engine.people import SYSTEM
from engine.store import Store

NOW = datetime(2026, 2, 12, 15, tzinfo=SHANGHAI)


def test_a_register_is_imported_and_imported_again(store: Store, write_register: WriteRegister) -> None:
    engine = make_importing_engine(store, VirtualClock(NOW))
    settle(engine)
    bad = changed(CLOSED, 编号="TS-2026-0007", 是否满意="否")
    again = changed(CLOSED, 编号="TS-2026-0008", 是否满意="否→是")
    path = write_register(CLOSED, bad, again, OPEN)

    first = import_register(engine, SYSTEM, path)
    second = import_register(engine, SYSTEM, path)

    assert (first.imported, [one.row for one in first.rejected]) == (3, [3])
    assert (second.imported, second.skipped_known) == (0, 3)
    states = rows(engine, select(ProcessInstance.state, func.count()).group_by(ProcessInstance.state))
    assert sorted(states) == [("completed", 2), ("running", 1)]
    assert rows(engine, select(UserTask.element_id).where(UserTask.state == "open")) == [
        ("handle_complaint",)
    ]
    with store.reading() as session:
        assert verify(session).problems == []


def test_another_server_never_sees_half_a_case(
    store: Store, database_url: str, write_register: WriteRegister, tmp_path: Path
) -> None:
    other = Store(database_url)
    seen: list[int] = []

    def look(context: HandlerContext) -> None:
        with other.reading() as session:
            seen.append(session.execute(select(func.count()).select_from(ProcessInstance)).scalar_one())

    engine = make_importing_engine(store, VirtualClock(NOW))
    engine.handlers = HandlerTable([Handler("tell_head", look)])
    settle(engine)
    late = changed(OPEN, 受理时间="2026-02-04 09:30")

    report = import_register(engine, SYSTEM, write_register(late, changed(late, 编号="TS-2026-0003")))

    assert (report.imported, seen) == (2, [0, 1])
    other.close()
