"""The picture of a deadline agrees with its explanation."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from engines import PROCESSES, SHANGHAI

from engine.queries.promise import Promise
from engine.worktime import Calendar, ClockState, load_calendar, parse_limit
from web.why_bar import WIDTH, make_why_bar

CALENDAR: Calendar = load_calendar(PROCESSES / "calendars", "cn")
FRIDAY = datetime(2026, 2, 13, 16, tzinfo=SHANGHAI)


def promise(clock: ClockState, **row: Any) -> Promise:
    shown = SimpleNamespace(**{"due_at": clock.due_at, "stopped_at": None} | row)
    return Promise(shown, clock, CALENDAR, None, "on_time", "", "")


def test_it_fills_working_days_and_hatches_the_rest() -> None:
    clock = ClockState.start(FRIDAY, parse_limit("2 WD"), CALENDAR)

    bar = make_why_bar(promise(clock), FRIDAY)

    # Twelve days, 13 to 24 February: the 14th (make-up) and the 24th count.
    day = WIDTH / 12
    assert [(one.kind, round(one.x / day, 1), round(one.width / day, 2)) for one in bar.blocks] == [
        ("skipped", 0.7, 0.33),
        ("counted", 1.0, 1.0),
        ("skipped", 2.0, 9.0),
        ("counted", 11.0, 0.75),
    ]
    assert round(bar.due_x / day, 2) == 11.75
    assert bar.now_x is not None
    assert round(bar.now_x / day, 2) == 0.67


def test_it_outlines_a_pause_and_moves_the_due_moment() -> None:
    clock = ClockState.start(FRIDAY, parse_limit("1 WD"), CALENDAR)
    paused = clock.pause(FRIDAY, kind="other", reason="等", evidence="", by="wang_wei")
    resumed = paused.resume(FRIDAY + timedelta(hours=1), CALENDAR)

    bar = make_why_bar(promise(resumed), FRIDAY + timedelta(hours=2))

    (pause,) = [one for one in bar.blocks if one.kind == "paused"]
    assert pause.width >= 2
    assert bar.due_x > make_why_bar(promise(clock), FRIDAY).due_x / 100
    assert resumed.due_at > clock.due_at


def test_a_breach_long_ago_does_not_squeeze_the_picture() -> None:
    clock = ClockState.start(FRIDAY, parse_limit("8 WH"), CALENDAR)

    bar = make_why_bar(promise(clock), FRIDAY + timedelta(days=200))

    assert bar.now_x is None
    assert max(one.x + one.width for one in bar.blocks) > WIDTH / 2
