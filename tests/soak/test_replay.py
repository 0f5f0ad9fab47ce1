"""A thousand finished cases are replayed within a minute, every planted difference is found, and none that is not there."""

import logging
from datetime import timedelta

import pytest
from databases import Databases
from engines import make_engine, settle
from replayed_cases import KINDS, MONDAY, PARCEL_FAMILY, changed, finish_parcel, replayed
from replayed_stories import replay_stories

from bench.house import PROCESSES, complaint_profiles, house
from bench.replays import finish, unchanged
from bench.replays import replayed as measured
from engine.model import VirtualClock
from engine.rehearsal.replay.run import PROCESSES as PROCESSES_AT_ONCE

log = logging.getLogger(__name__)
pytestmark = pytest.mark.soak
CASES = 1_000


@pytest.fixture(autouse=True)
def quiet() -> None:
    logging.getLogger("spiff").setLevel(logging.WARNING)  # It tells each step of each token.


def test_a_thousand_complaints_come_out_the_same_within_a_minute() -> None:
    with house(PROCESSES / "complaint") as settled:
        finish(settled, CASES)
        report, wall, cpu = measured(settled, unchanged(settled))
        profiles = complaint_profiles(settled.release)
    log.info("%s cases of %s profiles: %.1f s, %.1f s of processors", report.total, len(profiles), wall, cpu)
    assert (report.total, report.same) == (CASES, CASES), report.cases[:3]
    # Of the processors, so that what else runs on the machine does not count.
    assert cpu / PROCESSES_AT_ONCE < 60


def test_of_a_thousand_cases_those_are_told_that_would_differ(databases: Databases) -> None:
    store = databases.with_tables()
    clock = VirtualClock(MONDAY)
    engine = make_engine(store, clock)
    settle(engine, families=[PARCEL_FAMILY])
    for number in range(CASES):
        # Each is over before the next begins, so time may go back: all of them lie in one month.
        clock.set(MONDAY + timedelta(minutes=7 * number))
        finish_parcel(engine, KINDS[number % len(KINDS)])
    report = replayed(engine, changed(("payment.dmn", "[100..500]", "[100..400]")))
    log.info("%s cases: %s s", report.total, report.seconds)
    assert report.total == CASES
    assert not report.not_reproduced
    expected = {number for number in range(CASES) if KINDS[number % len(KINDS)].worth == 480}
    found = {int(one.business_key[-4:]) - 1: one for one in report.different}
    assert found.keys() == expected
    assert {(d.kind, d.element_id) for one in found.values() for d in one.differences} == {
        ("decision", "judge")
    }
    databases.throw_away(store)


def test_every_finished_case_of_the_stories_is_reproduced_and_the_same() -> None:
    outcomes = replay_stories(PROCESSES)
    log.info("%s finished cases of stories", len(outcomes))
    assert len(outcomes) >= 250
    assert {name: one for name, one in outcomes.items() if one.why_not or one.differences} == {}
