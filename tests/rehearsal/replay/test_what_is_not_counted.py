"""Cases in which a person intervened are told as such and not counted; a replay that is cancelled says how far it came."""

from datetime import UTC, datetime

from cases import complete, open_task, start
from databases import Databases
from engines import make_engine, person, settle
from replayed_cases import MONDAY, PARCEL_FAMILY, changed, replayed

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.repair.suspend_case import resume_case, suspend_case
from engine.commands.terminate_instance import terminate_instance
from engine.model import VirtualClock
from engine.people import SYSTEM
from engine.rehearsal.replay import ReplayReport, ReplayWish, replay_family

SHORTER = ("profiles/PARCEL.toml", 'value = "1 WD"', 'value = "2 WH"')


def test_a_case_that_was_suspended_is_not_counted_and_one_that_was_ended_is_reproduced(
    databases: Databases,
) -> None:
    store = databases.with_tables()
    engine = make_engine(store, VirtualClock(MONDAY))
    settle(engine, families=[PARCEL_FAMILY])
    suspended, ended = start(engine, "parcel"), start(engine, "parcel")
    for act in (suspend_case, resume_case):
        act(engine, SYSTEM, instance_key=suspended.instance_key, reason="等系统修好")
    complete(engine, "li_na", open_task(engine, suspended), worth=300)
    complete(engine, "wang_wei", open_task(engine, suspended), allowed=False)
    terminate_instance(engine, person(engine, "wang_wei"), instance_key=ended.instance_key, reason="重复登记")
    do_due_work(engine)
    report = replayed(engine, changed())
    assert (report.total, report.same, report.different) == (2, 1, [])
    (told,) = report.not_reproduced
    assert told.business_key == suspended.business_key
    assert told.why_not is not None
    assert "暂停" in told.why_not[1]
    databases.throw_away(store)


def test_a_cancelled_replay_says_how_far_it_came(engine: Engine) -> None:
    wish = ReplayWish(changed(SHORTER), datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    told: list[int] = []
    report = replay_family(
        engine,
        SYSTEM,
        wish,
        on_progress=lambda done, _total: told.append(done),
        is_cancelled=lambda: len(told) > 2,
    )
    assert not report.is_whole
    assert 0 < report.played < report.total
    assert ReplayReport.from_data(report.to_data()) == report
