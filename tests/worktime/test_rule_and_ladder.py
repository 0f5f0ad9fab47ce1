"""The ladder of a recurring rule: warnings by elapsed shares, and rungs one span of the promise apart."""

from datetime import timedelta

import pytest
from work_calendars import cn, limit, moment, shown

from engine.commands.case.clocks import CaseClocks, OpenClock
from engine.profiles import Ladder, Profile
from engine.worktime import ClockState


def clocks(every: str) -> CaseClocks:
    ladders = {"yearly": Ladder("yearly", ("50%",), every)}
    profile = Profile("CMP-07", "complaint", "complaint", {}, "", "cn", ladders=ladders)
    # Nothing here asks the database.
    return CaseClocks(None, "case", "bank", profile, cn(), is_new_case=True)  # type: ignore[arg-type]


@pytest.fixture
def dossier() -> OpenClock:
    state = ClockState.start(moment("2026-12-21 18:00"), limit("every year by 12-31"), cn())
    return OpenClock({"clock_key": "c", "ladder": "yearly"}, state)


def test_half_of_the_time_is_half_of_the_span(dossier):
    assert shown(dossier.state.moment_at_share(0.5, cn())) == "2026-12-26 18:00"


def test_an_equal_interval_is_the_time_that_there_was_not_the_next_year(dossier):
    found = clocks("equal").next_rung_at(dossier, dossier.due_at)

    assert found - dossier.due_at == timedelta(days=10)


def test_a_ladder_may_name_its_own_interval(dossier):
    # The step was sent just after 18:00 on Thursday; five working days later it is Thursday 7 January again.
    found = clocks("5 WD").next_rung_at(dossier, dossier.fires_at)

    assert shown(found)[:16] == "2027-01-07 18:00"
