"""The demo: whenever it is started, there is something true to show."""

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import Databases
from engines import PROCESSES, SHANGHAI
from registers import rows
from sqlalchemy import func, select

from engine.audit import verify
from engine.commands.case.access import require_case_read
from engine.commands.engine import Engine
from engine.commands.people.people_commands import revoke_role
from engine.commands.people.sign_in import load_actor, sign_in
from engine.model import (
    ClockRow,
    Forbidden,
    LadderStep,
    Membership,
    Notice,
    ProcessInstance,
    UserTask,
    VirtualClock,
)
from engine.people import SYSTEM
from engine.store import Store
from engine.worktime import ClockState, load_calendar
from web.intake.kinds import find_kinds
from web.wiring.build import build_engine
from web.wiring.demo import DemoReport, demo_sign_ins, load_demo
from web.wiring.demo_moments import read_demo_moment
from web.wiring.first_start import first_start
from web.wiring.settings import Settings

TUESDAY = datetime(2026, 11, 24, 15, 20, tzinfo=SHANGHAI)
CALENDAR = load_calendar(PROCESSES / "calendars", "cn")
REGISTER = PROCESSES / "demo" / "complaints.csv"


def register_rows() -> list[dict[str, str]]:
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_open(row: dict[str, str]) -> bool:
    return row["受理时间"].startswith("T-")


Begin = Callable[[Path, datetime], tuple[Engine, Settings, VirtualClock]]


@pytest.fixture(scope="session")
def first_started(databases: Databases) -> Iterator[Store]:
    """All procedures live and nobody there yet, made once: it takes seconds, and is the same for each test."""
    settings = Settings(database_url="sqlite://", processes_folder=PROCESSES)
    engine = build_engine(settings, clock=VirtualClock(TUESDAY - timedelta(days=90)))
    engine.store = databases.with_tables()
    first_start(engine, settings)
    yield engine.store
    databases.throw_away(engine.store)


@pytest.fixture
def started(databases: Databases, first_started: Store) -> Iterator[Begin]:
    """A processes folder after its first start, at a moment; once a test."""
    store = databases.copy_of(first_started)

    def start(folder: Path, at: datetime) -> tuple[Engine, Settings, VirtualClock]:
        settings = Settings(database_url="sqlite://", processes_folder=folder)
        clock = VirtualClock(at)
        engine = build_engine(settings, clock=clock)
        engine.store = store
        first_start(engine, settings)
        return engine, settings, clock

    yield start
    databases.throw_away(store)


KeepRows = Callable[[Callable[[dict[str, str]], bool]], Path]


@pytest.fixture
def keep_rows(tmp_path: Path) -> KeepRows:
    """A processes folder whose register holds some of the rows only."""

    def keep(is_kept: Callable[[dict[str, str]], bool]) -> Path:
        folder = tmp_path / "processes"
        shutil.copytree(PROCESSES, folder)
        kept = [row for row in register_rows() if is_kept(row)]
        with (folder / "demo" / "complaints.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(kept[0]))
            writer.writeheader()
            writer.writerows(kept)
        return folder

    return keep


def is_open_appliance(row: dict[str, str]) -> bool:
    """Eight rows: enough where not the number counts."""
    return is_open(row) and row["机构"] == "云帆电器"


def test_the_register_is_varied() -> None:
    found = register_rows()

    assert len(found) == 300
    assert len({row["编号"] for row in found}) == 300
    assert len({row["主题"] for row in found}) == 300
    assert len({row["内容"] for row in found}) == 300
    assert 40 <= sum(map(is_open, found)) <= 50
    assert len({row["机构"] for row in found}) == 4
    assert len({row["渠道"] for row in found}) == 8
    assert {row["级别"] for row in found} >= {"网点", "二级分行", "一级分行", "总行"}
    assert sum(bool(row["被投诉人"]) for row in found) >= 10
    assert sum(row["单位之间有争议"] == "是" for row in found) >= 2
    assert sum("→" in row["客户是否满意"] for row in found) >= 5
    assert sum(row["理由是否充分"] == "否" for row in found) >= 8


@pytest.mark.soak
@pytest.mark.slow
def test_every_row_of_the_register_becomes_a_case_with_its_past(started: Begin) -> None:
    """One walk: the whole register is loaded once, and looked at from all sides."""
    engine, settings, _ = started(PROCESSES, TUESDAY)

    report = load_demo(engine, settings)

    assert [one for one in report.registers.values() if one.rejected or one.unknown_columns] == []
    imported = {name: one.imported for name, one in report.registers.items()}
    assert imported == {"complaints.csv": 300, "returns.csv": 5, "feedback.csv": 2, "measures.csv": 1}
    assert (report.organisations, report.people) == (6, 56)
    states = dict(rows(engine, select(ProcessInstance.state, func.count()).group_by(ProcessInstance.state)))
    assert states == {"completed": 255, "running": 53}
    _each_organisation_is_offered_its_own_procedures_only(engine)
    _every_closed_case_ended_when_the_register_says(engine)
    _people_of_the_register_did_all_the_work_and_never_the_accused(engine)
    _limits_were_mostly_kept_and_sometimes_broken(engine)
    _chen_bo_sees_nothing_of_the_bank(engine)
    assert {row.state for row in rows(engine, select(Notice.state))} == {"imported"}
    assert sign_in(engine, "wang_wei", settings.demo_password).organisation_key == "jiangcheng_bank"
    with engine.store.reading() as session:
        assert verify(session).problems == []


def _each_organisation_is_offered_its_own_procedures_only(engine: Engine) -> None:
    offered = {}
    for username in ("li_na", "chen_bo", "qiu_ran", "ke_jia", "qi_yue"):
        actor = load_actor(engine, username)
        assert actor is not None
        offered[username] = sorted(kind.profile_id for kind in find_kinds(engine, actor, "zh"))
    assert offered == {
        "li_na": ["CMP-01"],
        "chen_bo": ["CMP-07"],
        "qiu_ran": ["CMP-12", "SUR-03"],
        "ke_jia": ["CAP-01", "FBK-03", "FBK-11", "RET-01"],
        "qi_yue": ["RET-04", "RET-05"],
    }


def _every_closed_case_ended_when_the_register_says(engine: Engine) -> None:
    ended = {
        (row.organisation_key, row.business_key): row.ended_at.astimezone(SHANGHAI)
        for row in rows(engine, select(ProcessInstance.__table__).where(ProcessInstance.state == "completed"))
    }
    keys = {
        "江城银行": "jiangcheng_bank",
        "安居置业华东区域公司": "anju_east",
        "明衡律师事务所": "mingheng_law",
        "云帆电器": "yunfan_home",
    }
    for row in register_rows():
        if not is_open(row):
            assert f"{ended[keys[row['机构']], row['编号']]:%Y-%m-%d %H:%M}" == row["办结时间"]


def _people_of_the_register_did_all_the_work_and_never_the_accused(engine: Engine) -> None:
    tasks = rows(
        engine,
        select(UserTask.completed_by, UserTask.assignee, ProcessInstance.complained_about).join(
            ProcessInstance, ProcessInstance.instance_key == UserTask.instance_key
        ),
    )
    assert "system" not in {row.completed_by for row in tasks}
    accused = [row for row in tasks if row.complained_about]
    assert accused
    assert not [row for row in accused if row.complained_about in (row.completed_by, row.assignee)]


def _limits_were_mostly_kept_and_sometimes_broken(engine: Engine) -> None:
    stopped = select(ClockRow.limit_id, ClockRow.state).where(ClockRow.stopped_at.is_not(None))
    found = Counter((row.limit_id, row.state) for row in rows(engine, stopped))
    for limit in ("CMP-01/T1", "CMP-01/T2", "CMP-03/T2", "CMP-12/T2"):
        assert found[limit, "met"] > found[limit, "breached"] > 0, limit


def _chen_bo_sees_nothing_of_the_bank(engine: Engine) -> None:
    chen_bo = load_actor(engine, "chen_bo")
    assert chen_bo is not None
    of_the_bank = select(ProcessInstance.instance_key).where(
        ProcessInstance.organisation_key == "jiangcheng_bank"
    )
    for case in rows(engine, of_the_bank):
        with engine.store.reading() as session, pytest.raises(Forbidden):
            require_case_read(engine, session, chen_bo, case.instance_key)
    told = rows(engine, select(Notice.organisation_key).where(Notice.recipient == "chen_bo"))
    assert {row.organisation_key for row in told} <= {"mingheng_law"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 26, 21, 30, tzinfo=SHANGHAI),
        datetime(2026, 10, 4, 12, 0, tzinfo=SHANGHAI),  # in the middle of a holiday
        datetime(2027, 1, 6, 8, 15, tzinfo=SHANGHAI),  # a year whose holidays are not published yet
    ],
    ids=["a night", "a holiday", "a new year"],
)
def test_whenever_it_starts_some_are_on_time_some_at_risk_some_overdue_and_somebody_was_told(
    started: Begin, keep_rows: KeepRows, at: datetime
) -> None:
    engine, settings, _ = started(keep_rows(is_open), at)

    report = load_demo(engine, settings)

    assert [one.rejected for one in report.registers.values()] == [(), (), (), ()]
    assert report.registers["complaints.csv"].imported == 45
    standing = Counter(
        _standing(row, at) for row in rows(engine, select(ClockRow.__table__)) if not row.stopped_at
    )
    assert min(standing["on time"], standing["at risk"], standing["overdue"]) >= 3
    free = select(func.count()).where(UserTask.state == "open", UserTask.assignee.is_(None))
    assert rows(engine, free)[0][0] >= 5
    rungs = select(func.count()).where(LadderStep.kind == "rung", LadderStep.state == "sent")
    assert rows(engine, rungs)[0][0] >= 1


def _standing(row: Any, at: datetime) -> str:
    clock = ClockState.from_data(row.data)
    if clock.due_at < at:
        return "overdue"
    return "at risk" if clock.moment_at_share(0.75, CALENDAR) <= at else "on time"


@pytest.mark.slow
def test_it_is_loaded_once_and_what_people_changed_stays(started: Begin, keep_rows: KeepRows) -> None:
    engine, settings, clock = started(keep_rows(is_open_appliance), TUESDAY)
    load_demo(engine, settings)
    revoke_role(engine, SYSTEM, username="li_na", unit_key="jc_chengdong", role_key="first_receiver")
    clock.advance(timedelta(days=3))

    report = load_demo(engine, settings)

    assert report == DemoReport()
    assert rows(engine, select(Membership.role_key).where(Membership.username == "li_na")) == []
    assert rows(engine, select(func.count()).select_from(ProcessInstance)) == [(16,)]


@pytest.mark.slow
def test_after_a_crash_it_goes_on_with_the_moments_of_the_first_start(
    started: Begin, keep_rows: KeepRows
) -> None:
    engine, settings, clock = started(keep_rows(is_open_appliance), TUESDAY)

    def crash(done: int, of: int) -> None:
        if done == 3:
            raise MemoryError

    with pytest.raises(MemoryError):
        load_demo(engine, settings, crash)
    clock.advance(timedelta(hours=2))
    report = load_demo(engine, settings)

    again = report.registers["complaints.csv"]
    assert (report.people, again.skipped_known, again.imported) == (0, 3, 5)
    received = {row.business_key: row.started_at for row in rows(engine, select(ProcessInstance.__table__))}
    assert received["YH-2026-0261"] == TUESDAY - timedelta(hours=20)


def test_the_printed_people_can_sign_in() -> None:
    printed = demo_sign_ins(locale="en")

    assert [one.username for one in printed][:3] == ["li_na", "wang_wei", "xu_jing"]
    assert "chen_bo" in {one.username for one in printed}
    assert all(one.name and one.sees for one in printed)
    assert [one.name for one in demo_sign_ins()][:2] == ["李娜", "王伟"]


@pytest.mark.parametrize(
    ("written", "at", "moment"),
    [
        ("T-2WD 09:40", "2026-11-24T15:20", "2026-11-20T09:40"),
        ("T-1WD 09:40", "2026-11-29T11:00", "2026-11-27T09:40"),
        ("T-0WD 09:40", "2026-11-24T15:20", "2026-11-24T09:40"),
        ("T-0WD 09:40", "2026-11-24T09:00", "2026-11-23T09:40"),
        ("T-0WD 09:40", "2026-11-29T11:00", "2026-11-27T09:40"),
        (
            "T-1WD 10:00",
            "2026-02-24T10:00",
            "2026-02-14T10:00",
        ),  # behind the holiday and its make-up Saturday
        ("T-20H", "2026-11-24T15:20", "2026-11-23T19:20"),
        ("T-45MIN", "2026-11-24T15:20", "2026-11-24T14:35"),
        ("T-5WH", "2026-11-24T10:00", "2026-11-23T14:00"),
        ("T-7WH", "2026-11-29T22:00", "2026-11-27T10:00"),
    ],
)
def test_relative_moments_count_back_from_the_start(written: str, at: str, moment: str) -> None:
    start = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)

    found = read_demo_moment(written, start, CALENDAR)

    assert isinstance(found, datetime)
    assert f"{found.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" == moment


def test_a_fixed_moment_is_left_to_the_import() -> None:
    assert read_demo_moment("2026-02-13 16:00", TUESDAY, CALENDAR) == "2026-02-13 16:00"
