"""A clock: paused, resumed, warned of, stored; and the recurring rule as a limit (CMP-07/T1)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from work_calendars import berlin, cn, limit, moment, shown

from engine.worktime import ClockState, Explanation, RecurringRule, parse_limit, says

WAITING = {"kind": "customer", "reason": "等客户补充材料", "evidence": "短信 3 月 2 日", "by": "li_na"}


def clock(start: str, text: str) -> ClockState:
    return ClockState.start(moment(start), limit(text), cn())


def paused(start: str, text: str, first: str, last: str) -> ClockState:
    return clock(start, text).pause(moment(first), **WAITING).resume(moment(last), cn())


@pytest.mark.parametrize(
    ("start", "text", "first", "last", "expected"),
    [
        # WH: due Tue 11:00; two working hours lost: 11–12 and 13–14.
        ("2026-03-02 16:00", "4 WH", "2026-03-03 09:30", "2026-03-03 11:30", "2026-03-03 14:00"),
        # WD: due Wed 18:00; lost Mon 17–18 and Tue 9–10, two hours: Thu 11:00, in mid-day.
        ("2026-03-02 10:00", "2 WD", "2026-03-02 17:00", "2026-03-03 10:00", "2026-03-05 11:00"),
        # Nothing is lost at night, at lunch, on Sunday.
        ("2026-03-02 10:00", "2 WD", "2026-03-02 19:00", "2026-03-03 08:00", "2026-03-04 18:00"),
        ("2026-03-02 10:00", "2 WD", "2026-03-02 12:00", "2026-03-02 13:00", "2026-03-04 18:00"),
        ("2026-03-06 10:00", "2 WD", "2026-03-07 09:00", "2026-03-08 18:00", "2026-03-10 18:00"),
        # Over the whole Spring Festival only Sat 14, a make-up workday, is lost: 8 hours, Tue 24 18:00 → Wed 25 18:00.
        ("2026-02-13 16:00", "2 WD", "2026-02-14 09:00", "2026-02-24 09:00", "2026-02-25 18:00"),
        # Lost before the holiday, moved over it: due Sat 14 16:00 plus 4 hours = 2 on Sat, 2 on Tue 24.
        ("2026-02-13 16:00", "8 WH", "2026-02-13 17:00", "2026-02-14 12:00", "2026-02-24 11:00"),
        # CD, CM, H, MIN: the due moment moves by what has elapsed.
        ("2026-03-02 10:00", "3 CD", "2026-03-03 10:00", "2026-03-03 12:30", "2026-03-06 02:30"),
        ("2026-03-02 10:00", "1 CM", "2026-03-03 10:00", "2026-03-04 10:00", "2026-04-04 00:00"),
        ("2026-03-06 10:00", "48 H", "2026-03-07 10:00", "2026-03-08 10:00", "2026-03-09 10:00"),
        ("2026-03-06 10:00", "30 MIN", "2026-03-06 10:10", "2026-03-06 10:15", "2026-03-06 10:35"),
        (
            "2026-11-24 10:00",
            "every year by 12-31",
            "2026-12-01 10:00",
            "2026-12-03 10:00",
            "2027-01-02 18:00",
        ),
    ],
)
def test_resuming_moves_the_due_moment_by_the_lost_time(start, text, first, last, expected):
    assert shown(paused(start, text, first, last).due_at) == expected


def test_each_of_several_pauses_counts():
    running = paused("2026-03-02 10:00", "2 WD", "2026-03-02 17:00", "2026-03-03 10:00")

    again = running.pause(moment("2026-03-04 09:00"), **WAITING).resume(moment("2026-03-04 17:00"), cn())

    # Thu 5 11:00 plus seven hours lost on Wed 4 (9–12, 13–17): Thu 12, Thu 13–18, Fri 9–10.
    assert shown(again.due_at) == "2026-03-06 10:00"
    assert [pause.moved for pause in again.pauses] == [7200, 25200]
    assert again.pauses[0].reason == WAITING["reason"]


def test_a_pause_into_the_unknown_year_makes_the_due_moment_provisional():
    running = clock("2026-12-29 10:00", "1 WD")
    assert not running.is_provisional

    assert (
        running.pause(moment("2026-12-30 09:00"), **WAITING)
        .resume(moment("2027-01-04 10:00"), cn())
        .is_provisional
    )


def test_a_machine_whose_clock_is_set_back_takes_no_time_from_anybody():
    running = clock("2026-03-02 10:00", "48 H").pause(moment("2026-03-02 12:00"), **WAITING)

    resumed = running.resume(moment("2026-03-02 11:00"), cn())

    assert shown(resumed.due_at) == "2026-03-04 10:00"


def test_a_clock_is_paused_and_resumed_in_turn_only():
    running = clock("2026-03-02 10:00", "2 WD")
    waiting = running.pause(moment("2026-03-02 11:00"), **WAITING)

    with pytest.raises(ValueError, match="running clock, but it is paused"):
        waiting.pause(moment("2026-03-02 12:00"), **WAITING)
    with pytest.raises(ValueError, match="paused clock, but it is running"):
        running.resume(moment("2026-03-02 12:00"), cn())
    with pytest.raises(ValueError, match="running clock, but it is stopped"):
        running.stop(moment("2026-03-02 12:00")).pause(moment("2026-03-02 12:00"), **WAITING)
    with pytest.raises(ValueError, match="running clock, but it is cancelled"):
        running.cancel(moment("2026-03-02 12:00")).pause(moment("2026-03-02 12:00"), **WAITING)


def test_a_broken_promise_cannot_be_paused_away():
    running = clock("2026-03-02 10:00", "1 WD")

    assert running.pause(running.due_at, **WAITING).state == "paused"  # exactly due is not yet broken
    with pytest.raises(ValueError, match="not broken yet"):
        running.pause(running.due_at + timedelta(milliseconds=1), **WAITING)


def test_it_tells_what_is_used_and_what_is_left_in_its_own_measure():
    running = clock("2026-03-02 16:00", "8 WH")

    assert running.used(moment("2026-03-03 10:00"), cn()) == timedelta(hours=3)
    assert running.remaining(moment("2026-03-03 10:00"), cn()) == timedelta(hours=5)
    assert running.remaining(moment("2026-03-04 10:00"), cn()) == timedelta(hours=-3)  # Tue 16–18, Wed 9–10


def test_a_paused_clock_stands_still():
    waiting = clock("2026-03-02 16:00", "8 WH").pause(moment("2026-03-03 10:00"), **WAITING)

    for later in ("2026-03-03 10:00", "2026-03-03 17:00", "2026-03-09 17:00"):
        assert waiting.remaining(moment(later), cn()) == timedelta(hours=5)
        assert waiting.used(moment(later), cn()) == timedelta(hours=3)


@pytest.mark.parametrize(
    ("start", "text", "share", "expected"),
    [
        ("2026-03-02 09:00", "8 WH", 0.75, "2026-03-02 16:00"),  # 6 of 8 hours
        ("2026-03-02 09:00", "8 WH", 0.9, "2026-03-02 17:12"),  # 7.2 of 8 hours
        ("2026-03-06 09:00", "1 WD", 0.5, "2026-03-06 18:00"),  # 8 of 16 hours
        ("2026-03-06 09:00", "1 WD", 0.75, "2026-03-09 14:00"),  # 12 of 16 hours: 8 + 3 + 1
        ("2026-03-02 00:00", "3 CD", 0.5, "2026-03-04 00:00"),  # half of four days
        ("2026-03-02 09:00", "48 H", 0.75, "2026-03-03 21:00"),
        ("2026-12-21 18:00", "every year by 12-31", 0.5, "2026-12-26 18:00"),  # five of ten days
        ("2026-03-02 09:00", "8 WH", 0, "2026-03-02 09:00"),
        ("2026-03-02 09:00", "8 WH", 1, "2026-03-02 18:00"),
    ],
)
def test_a_share_of_the_limit_is_reached(start, text, share, expected):
    found = clock(start, text).moment_at_share(share, cn())

    assert shown(found) == expected


def test_a_share_leaves_pauses_out():
    running = paused("2026-03-02 09:00", "8 WH", "2026-03-02 10:00", "2026-03-02 12:00")

    # One hour before the pause, five after it: 13:00 + 5.
    assert shown(running.moment_at_share(0.75, cn())) == "2026-03-02 18:00"
    assert shown(running.due_at) == "2026-03-03 11:00"


@pytest.mark.parametrize(
    ("start", "text", "before", "expected"),
    [
        ("2026-03-02 10:00", "3 WD", "1 WD", "2026-03-04 18:00"),
        ("2026-03-05 10:00", "2 WD", "1 WD", "2026-03-06 18:00"),  # due Mon 9 → Fri 6
        ("2026-02-13 10:00", "2 WD", "1 WD", "2026-02-14 18:00"),  # due Tue 24 → make-up Sat 14
        ("2026-03-02 10:00", "3 WD", "2 WH", "2026-03-05 16:00"),
        ("2026-03-02 10:00", "3 WD", "9 WH", "2026-03-04 17:00"),
        ("2026-03-02 10:00", "3 WD", "30 MIN", "2026-03-05 17:30"),
        ("2026-03-02 10:00", "3 WD", "24 H", "2026-03-04 18:00"),
        ("2026-03-02 10:00", "3 CD", "1 CD", "2026-03-05 00:00"),
        ("2026-03-02 10:00", "2 CM", "1 CM", "2026-04-07 00:00"),  # due Wed 6 May 24:00 (rolled)
        ("2026-03-02 10:00", "3 WD", "same day", "2026-03-05 09:00"),
        ("2026-03-05 10:00", "2 CD", "same day", "2026-03-09 09:00"),  # due Mon 9 24:00
        ("2026-11-24 10:00", "every year by 12-31", "10 WD", "2026-12-17 18:00"),
        ("2026-11-24 10:00", "every year by 12-31", "1 CM", "2026-11-30 18:00"),
    ],
)
def test_a_warning_before_the_end_is_counted_backwards(start, text, before, expected):
    found = clock(start, text).moment_before_due(parse_limit(before), cn())

    assert shown(found) == expected


def test_a_warning_before_the_first_known_hour_is_the_first_known_moment():
    early = ClockState.start(moment("2024-01-02 09:00"), limit("1 WH"), cn())

    assert shown(early.moment_before_due(parse_limit("8 WH"), cn())) == "2024-01-01 00:00"


def test_its_moments_are_utc_whatever_zone_they_came_in():
    local = ClockState.start(datetime.fromisoformat("2026-02-13T16:00"), limit("8 WH"), cn())
    foreign = ClockState.start(datetime.fromisoformat("2026-02-13T09:00+01:00"), limit("8 WH"), cn())

    assert local.started_at == foreign.started_at == moment("2026-02-13 16:00")
    assert local.started_at.tzinfo is foreign.started_at.tzinfo is UTC
    assert local.moment_at_share(0.5, cn()) == foreign.moment_at_share(0.5, cn())


def test_a_pause_over_the_change_of_the_clocks_counts_the_time_that_passed():
    working = berlin()
    running = ClockState.start(moment("2026-03-28 12:00", working), limit("48 H"), working)

    moved = running.pause(moment("2026-03-28 18:00", working), **WAITING).resume(
        moment("2026-03-29 18:00", working), working
    )

    assert moved.pauses[0].moved == 23 * 3600
    assert moved.due_at - running.due_at == timedelta(hours=23)


@pytest.mark.parametrize(
    "text", ["8 WH", "3 WD", "2 CD", "1 CM", "48 H", "15 MIN", "same day", "every year by 12-31"]
)
def test_it_survives_json_in_every_state(text):
    running = clock("2026-03-02 10:00", text)
    waiting = running.pause(moment("2026-03-02 10:05"), **WAITING)
    resumed = waiting.resume(moment("2026-03-02 10:06"), cn())

    for state in (
        running,
        waiting,
        resumed,
        resumed.stop(moment("2026-03-02 11:00")),
        running.cancel(running.due_at),
    ):
        again = ClockState.from_data(json.loads(json.dumps(state.to_data())))
        assert again == state
        assert again.to_data() == state.to_data()


def test_a_closed_file_belongs_in_the_dossier_of_its_year():
    """CMP-07/T1: from the moment the case is closed, by the end of the year."""
    dossier = clock("2026-11-24 10:00", "every year by 12-31")

    assert isinstance(dossier.limit, RecurringRule)
    assert shown(dossier.due_at) == "2026-12-31 18:00"
    assert not dossier.is_provisional
    assert says(Explanation.from_data(dossier.explanation), "zh").endswith(
        "2026年12月31日（周四）18:00 到期。"
    )
    assert dossier.moment_at_share(1, cn()) == dossier.due_at
