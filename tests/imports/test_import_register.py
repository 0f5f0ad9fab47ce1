"""Registers become cases with their past."""

from datetime import datetime
from pathlib import Path

import pytest
from engines import SHANGHAI, person
from openpyxl import Workbook
from registers import CLOSED, HEADER, OPEN, WriteRegister, case, changed, rows
from sqlalchemy import select

from engine.audit import verify
from engine.commands.engine import Engine
from engine.commands.imports import import_register
from engine.commands.people.people_commands import add_person, deactivate_person, grant_role
from engine.commands.people.sign_in import load_actor
from engine.commands.start_instance import start_instance
from engine.model import AuditPayload, ClockRow, ElementInstance, Forbidden, UserTask, VirtualClock
from engine.people import SYSTEM


def test_a_closed_case_ends_exactly_when_the_register_says(
    engine: Engine, write_register: WriteRegister
) -> None:
    report = import_register(engine, SYSTEM, write_register(CLOSED))

    assert (report.imported, report.rejected) == (1, ())
    found = case(engine, "TS-2026-0001")
    assert (found.state, found.end_element_id, found.is_imported) == ("completed", "closed", True)
    assert found.started_at == datetime(2026, 2, 10, 9, 20, tzinfo=SHANGHAI)
    assert found.ended_at == datetime(2026, 2, 11, 16, 40, tzinfo=SHANGHAI)
    assert found.variables["decision"] == "致歉并增开窗口"
    assert (found.variables["channel"], found.variables["satisfied"]) == ("phone", True)


def test_the_people_of_the_row_did_the_work(engine: Engine, write_register: WriteRegister) -> None:
    import_register(engine, SYSTEM, write_register(CLOSED))

    done = rows(engine, select(UserTask.element_id, UserTask.completed_by).order_by(UserTask.created_at))
    assert done == [("verify_complaint", "li_na"), ("handle_complaint", "li_na"), ("call_back", "wang_wei")]
    assert case(engine, "TS-2026-0001").started_by == "li_na"


def test_what_the_register_does_not_tell_is_not_invented(
    engine: Engine, write_register: WriteRegister
) -> None:
    import_register(engine, SYSTEM, write_register(changed(CLOSED, 处理结果="")))

    variables = case(engine, "TS-2026-0001").variables
    assert variables["decision"] == "（登记簿未载明）"
    assert variables["customer_phone"] is None


def test_the_row_as_it_stood_is_kept_in_the_record(engine: Engine, write_register: WriteRegister) -> None:
    import_register(engine, SYSTEM, write_register(CLOSED))

    key = case(engine, "TS-2026-0001").instance_key
    payloads = [
        row.payload for row in rows(engine, select(AuditPayload.payload).where(AuditPayload.chain == key))
    ]
    written = next(one["written"] for one in payloads if "written" in one)
    assert written["处理结果"] == "致歉并增开窗口"
    with engine.store.reading() as session:
        assert verify(session).problems == []


def test_a_case_closed_too_late_broke_its_limit_then(engine: Engine, write_register: WriteRegister) -> None:
    row = changed(CLOSED, 受理时间="2026-01-05 09:00", 办结时间="2026-01-14 11:00")

    import_register(engine, SYSTEM, write_register(row))

    whole = rows(engine, select(ClockRow.state, ClockRow.breached_at).where(ClockRow.limit_name == "close"))
    assert whole == [("breached", datetime(2026, 1, 12, 18, tzinfo=SHANGHAI))]


def test_an_open_case_waits_where_its_status_says(engine: Engine, write_register: WriteRegister) -> None:
    import_register(engine, SYSTEM, write_register(OPEN))

    waiting = rows(
        engine,
        select(UserTask.element_id, UserTask.assignee).where(UserTask.state == "open"),
    )
    assert waiting == [("handle_complaint", "li_na")]


@pytest.mark.parametrize(
    ("status", "element_id"),
    [
        ("待核实", "verify_complaint"),
        ("已核实", "handle_complaint"),
        ("待回访", "call_back"),
        ("awaiting callback", "call_back"),
        ("handling", "handle_complaint"),
        ("", "verify_complaint"),
    ],
)
def test_statuses_in_both_languages_mean_stages(
    engine: Engine, write_register: WriteRegister, status: str, element_id: str
) -> None:
    report = import_register(engine, SYSTEM, write_register(changed(OPEN, 状态=status)))

    assert report.rejected == ()
    assert rows(engine, select(UserTask.element_id).where(UserTask.state == "open")) == [(element_id,)]


def test_a_case_that_nobody_has_in_hand_stays_free(engine: Engine, write_register: WriteRegister) -> None:
    import_register(engine, SYSTEM, write_register(changed(OPEN, 经办人="")))

    assert rows(engine, select(UserTask.assignee).where(UserTask.state == "open")) == [(None,)]


def test_a_case_that_came_back_is_handled_twice(engine: Engine, write_register: WriteRegister) -> None:
    import_register(engine, SYSTEM, write_register(changed(CLOSED, 是否满意="否→是")))

    visited = [
        row.element_id
        for row in rows(engine, select(ElementInstance.element_id).order_by(ElementInstance.sequence))
    ]
    assert visited.count("handle_complaint") == 2
    assert case(engine, "TS-2026-0001").variables["satisfied"] is True


def test_good_rows_are_kept_and_bad_ones_reported_with_row_and_reason(
    engine: Engine, write_register: WriteRegister, tmp_path: Path
) -> None:
    bad = {
        "B-1": {"机构": "不存在的银行"},
        "B-2": {"受理时间": "前天"},
        "B-3": {"经办人": "不存在的人"},
        "B-4": {"渠道": "飞鸽传书"},
        "B-5": {"办结时间": "2026-02-01 10:00"},
        "B-6": {"办结时间": "2027-02-01 10:00"},
        "B-7": {"状态": "处理中"},
        "B-8": {"主题": ""},
        "B-9": {"是否满意": "否"},
    }
    path = write_register(
        CLOSED, *(changed(CLOSED, 编号=number, **cells) for number, cells in bad.items()), OPEN
    )

    report = import_register(engine, SYSTEM, path)

    assert report.imported == 2
    assert {one.number: one.row for one in report.rejected} == {f"B-{n}": n + 2 for n in range(1, 10)}
    reasons = {one.number: one.zh for one in report.rejected}
    assert "不存在的银行" in reasons["B-1"]
    assert "受理时间" in reasons["B-2"]
    assert "不存在的人" in reasons["B-3"]
    assert "电话、来访、客服热线" in reasons["B-4"]
    assert "办结时间" in reasons["B-5"]
    assert "不晚于现在" in reasons["B-6"]
    assert "状态是“处理中”" in reasons["B-7"]
    assert "主题" in reasons["B-8"]
    assert "不满意→满意" in reasons["B-9"]
    assert report.rejected_path == tmp_path / "register.rejected.csv"
    assert all(case(engine, number) is None for number in bad)


def test_rejected_rows_come_back_mended(
    engine: Engine, write_register: WriteRegister, tmp_path: Path
) -> None:
    first = import_register(engine, SYSTEM, write_register(changed(CLOSED, 渠道="飞鸽传书", 处理结果="=1+1")))
    assert first.rejected_path is not None
    text = first.rejected_path.read_text(encoding="utf-8-sig")
    assert "'=1+1" in text

    first.rejected_path.write_text(text.replace("飞鸽传书,", "电话,", 1), encoding="utf-8")
    again = import_register(engine, SYSTEM, first.rejected_path)

    assert (again.imported, again.unknown_columns) == (1, ())
    assert case(engine, "TS-2026-0001").variables["decision"] == "=1+1"


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(
    engine: Engine, write_register: WriteRegister
) -> None:
    import csv

    evil = ("=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)")
    report = import_register(
        engine, SYSTEM, write_register(*(changed(CLOSED, 编号=one, 机构="无") for one in evil))
    )

    assert report.rejected_path is not None
    with report.rejected_path.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert written[0] == [*HEADER, "未导入原因", "Reason not imported"]
    assert [row[0] for row in written[1:]] == [f"'{one}" for one in evil]


def test_a_second_run_changes_nothing(engine: Engine, write_register: WriteRegister) -> None:
    path = write_register(CLOSED, OPEN)
    import_register(engine, SYSTEM, path)
    before = case(engine, "TS-2026-0002")

    report = import_register(engine, SYSTEM, path)

    assert (report.imported, report.skipped_known, report.rejected) == (0, 2, ())
    assert case(engine, "TS-2026-0002") == before


def test_a_number_that_stands_twice_in_the_file_is_taken_once(
    engine: Engine, write_register: WriteRegister
) -> None:
    report = import_register(engine, SYSTEM, write_register(CLOSED, CLOSED))

    assert (report.imported, [one.row for one in report.rejected]) == (1, [3])
    assert "第 2 行" in report.rejected[0].zh


def test_gb18030_and_a_workbook_give_the_same_case(
    engine: Engine, write_register: WriteRegister, tmp_path: Path
) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (HEADER, changed(CLOSED, 编号="TS-2026-0009")):
        book.active.append(row)
    book.save(tmp_path / "register.xlsx")

    import_register(engine, SYSTEM, write_register(CLOSED, encoding="gb18030"))
    import_register(engine, SYSTEM, tmp_path / "register.xlsx")

    one, other = case(engine, "TS-2026-0001"), case(engine, "TS-2026-0009")
    assert one.variables == other.variables
    assert (one.started_at, one.ended_at) == (other.started_at, other.ended_at)


def test_the_next_new_case_gets_a_number_behind_the_imported_ones(
    engine: Engine, write_register: WriteRegister
) -> None:
    import_register(engine, SYSTEM, write_register(CLOSED, OPEN))

    started = start_instance(
        engine, person(engine, "li_na"), process_key="caring", variables={"subject": "新的投诉"}
    )

    assert started.business_key == "TS-2026-0003"


def test_the_accused_cannot_have_handled_the_case(engine: Engine, write_register: WriteRegister) -> None:
    header = (*HEADER, "被投诉人")
    report = import_register(engine, SYSTEM, write_register((*CLOSED, "李娜"), header=header))

    assert "回避规则 COI-1" in report.rejected[0].zh


def test_a_colleague_steps_in_for_the_accused(engine: Engine, write_register: WriteRegister) -> None:
    row = (*changed(CLOSED, 首问人="赵敏", 经办人="赵敏"), "Li Na")

    report = import_register(engine, SYSTEM, write_register(row, header=(*HEADER, "被投诉人")))

    assert report.rejected == ()
    assert case(engine, "TS-2026-0001").complained_about == "li_na"
    did = {row.completed_by for row in rows(engine, select(UserTask.completed_by))}
    assert did == {"zhao_min", "wang_wei"}


def test_a_handler_without_the_role_is_refused(engine: Engine, write_register: WriteRegister) -> None:
    report = import_register(engine, SYSTEM, write_register(changed(CLOSED, 经办人="何行")))

    assert "何行" in report.rejected[0].zh
    assert case(engine, "TS-2026-0001") is None


def test_an_old_name_can_be_mapped_to_who_stands_in(engine: Engine, write_register: WriteRegister) -> None:
    path = write_register(changed(CLOSED, 经办人="已调走的张三"))

    report = import_register(engine, SYSTEM, path, people={"已调走的张三": "zhao_min"})

    assert report.rejected == ()
    assert ("zhao_min",) in rows(engine, select(UserTask.completed_by))


def test_only_rows_of_the_asked_organisation_are_taken(engine: Engine, write_register: WriteRegister) -> None:
    other = changed(
        CLOSED, 编号="2", 机构="Mingheng Law Firm", 单位="", 首问人="陈波", 经办人="陈波", 回访人=""
    )

    report = import_register(engine, SYSTEM, write_register(CLOSED, other), organisation_key="firm")

    assert (report.imported, [one.row for one in report.rejected]) == (1, [2])


def test_nobody_but_the_administrator_imports(engine: Engine, write_register: WriteRegister) -> None:
    path = write_register(CLOSED)

    with pytest.raises(Forbidden):
        import_register(engine, person(engine, "wang_wei"), path)
    assert case(engine, "TS-2026-0001") is None


def test_progress_is_told_row_by_row(engine: Engine, write_register: WriteRegister) -> None:
    told: list[tuple[int, int]] = []

    import_register(
        engine, SYSTEM, write_register(CLOSED, OPEN), on_progress=lambda done, of: told.append((done, of))
    )

    assert told == [(1, 2), (2, 2)]


def test_another_organisation_sees_nothing_of_it(engine: Engine, write_register: WriteRegister) -> None:
    from engine.commands.case.access import require_case_read

    import_register(engine, SYSTEM, write_register(OPEN))

    chen_bo = load_actor(engine, "chen_bo")
    assert chen_bo is not None
    key = case(engine, "TS-2026-0002").instance_key
    with engine.store.reading() as session, pytest.raises(Forbidden):
        require_case_read(engine, session, chen_bo, key)


def test_the_clock_of_the_living_is_not_moved(
    engine: Engine, clock: VirtualClock, write_register: WriteRegister
) -> None:
    before = clock.now()

    import_register(engine, SYSTEM, write_register(CLOSED, OPEN))

    assert clock.now() == before


def test_what_the_row_names_nobody_for_was_done_by_who_imports_it(
    engine: Engine, write_register: WriteRegister
) -> None:
    add_person(
        engine, SYSTEM, username="admin", organisation_key=None, name={"zh": "管理员", "en": "Administrator"}
    )
    grant_role(engine, SYSTEM, username="admin", unit_key="bank", role_key="admin")
    row = changed(CLOSED, 首问人="", 经办人="", 回访人="王伟")

    report = import_register(engine, person(engine, "admin"), write_register(row))

    assert report.rejected == ()
    done = rows(engine, select(UserTask.completed_by).order_by(UserTask.created_at))
    assert done == [("admin",), ("admin",), ("wang_wei",)]
    assert case(engine, "TS-2026-0001").started_by == "admin"


def test_a_caller_back_without_the_role_is_refused(engine: Engine, write_register: WriteRegister) -> None:
    report = import_register(engine, SYSTEM, write_register(changed(CLOSED, 回访人="李娜")))

    assert "“李娜”不能办理“回访客户”" in report.rejected[0].zh


def test_a_person_of_another_organisation_is_not_known_here(
    engine: Engine, write_register: WriteRegister
) -> None:
    report = import_register(engine, SYSTEM, write_register(changed(CLOSED, 经办人="陈波")))

    assert "没有找到人员“陈波”" in report.rejected[0].zh


def test_somebody_who_has_left_is_named_with_the_remedy(
    engine: Engine, write_register: WriteRegister
) -> None:
    deactivate_person(engine, SYSTEM, username="zhao_min")

    report = import_register(engine, SYSTEM, write_register(changed(CLOSED, 经办人="赵敏")))

    assert "“赵敏”已停用" in report.rejected[0].zh


def test_a_status_that_the_case_never_comes_by_is_refused_with_its_steps(
    engine: Engine, write_register: WriteRegister
) -> None:
    report = import_register(engine, SYSTEM, write_register(changed(OPEN, 状态="待开庭")))

    assert "核实情况、处理投诉、回访客户" in report.rejected[0].zh
    assert case(engine, "TS-2026-0002") is None
