"""What holds for every start, every limit and every pause."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from work_calendars import berlin, cn

from engine.worktime import ClockState, Limit, RecurringRule, Unit, due_at, parse_recurring

LARGEST = {
    Unit.MIN: 10_000,
    Unit.H: 500,
    Unit.WH: 200,
    Unit.WD: 60,
    Unit.CD: 120,
    Unit.CM: 12,
    Unit.SAME_DAY: 1,
}
MILLISECOND = timedelta(milliseconds=1)
RULES = (
    "every day by 17:00",
    "every week by friday",
    "every month by 10",
    "every quarter by last day",
    "every year by 12-31",
)

moments = st.integers(0, 3 * 365 * 86_400_000 - 10**9).map(
    lambda number: datetime(2024, 1, 2, tzinfo=UTC) + number * MILLISECOND
)
limits = st.sampled_from(list(Unit)).flatmap(
    lambda unit: st.integers(1, LARGEST[unit]).map(lambda amount: Limit(amount, unit))
)
any_limits = st.one_of(limits, st.sampled_from(RULES).map(parse_recurring))
spans = st.integers(0, 20 * 86_400_000).map(lambda number: number * MILLISECOND)
shares = st.integers(0, 100).map(lambda number: number / 100)
why = {"kind": "customer", "reason": "等", "evidence": "", "by": "li_na"}

examples = settings(max_examples=150, deadline=None, derandomize=True)


@examples
@given(moments, spans, any_limits)
def test_who_starts_later_is_not_due_earlier(start, later, limit):
    assert due_at(start, limit, cn()).due_at <= due_at(start + later, limit, cn()).due_at


@examples
@given(moments, limits)
def test_more_of_a_unit_is_not_due_earlier_and_more_working_time_is_due_later(start, limit):
    more = Limit(limit.amount + 1, limit.unit)
    assume(limit.unit is not Unit.SAME_DAY)

    first, second = due_at(start, limit, cn()).due_at, due_at(start, more, cn()).due_at

    assert first <= second
    if limit.unit not in (Unit.CD, Unit.CM):  # these may roll to one and the same working day
        assert first < second


@examples
@given(moments, any_limits)
def test_nothing_is_due_before_it_starts(start, limit):
    found = due_at(start, limit, cn()).due_at

    assert found >= start
    if limit != Limit(1, Unit.SAME_DAY):
        assert found > start


@examples
@given(moments, st.integers(1, 500))
def test_working_hours_end_inside_working_time_and_span_exactly_their_amount(start, hours):
    found = due_at(start, Limit(hours, Unit.WH), cn())
    local = found.explanation.due_at

    assert any(first < local.time() <= last for first, last in cn().shifts_on(local.date()))
    assert cn().working_time_between(start, found.due_at) == timedelta(hours=hours)


@examples
@given(moments, limits)
def test_days_and_months_end_on_a_working_day(start, limit):
    assume(limit.unit in (Unit.WD, Unit.CD, Unit.CM, Unit.SAME_DAY))

    last_day = (due_at(start, limit, cn()).explanation.due_at - MILLISECOND).date()

    assert cn().is_working_day(last_day)


@examples
@given(moments, any_limits, shares)
def test_pausing_for_no_time_changes_nothing(start, limit, share):
    clock = ClockState.start(start, limit, cn())
    at = clock.moment_at_share(share, cn())

    again = clock.pause(at, **why).resume(at, cn())

    assert (again.due_at, again.is_provisional) == (clock.due_at, clock.is_provisional)
    assert again.moment_at_share(0.75, cn()) == clock.moment_at_share(0.75, cn())


@examples
@given(moments, any_limits, shares, spans)
def test_a_pause_moves_the_due_moment_by_what_was_lost_and_never_back(start, limit, share, span):
    clock = ClockState.start(start, limit, cn())
    at = clock.moment_at_share(share, cn())

    moved = clock.pause(at, **why).resume(at + span, cn())

    assert moved.due_at >= clock.due_at
    if limit.is_working:
        assert cn().working_time_between(clock.due_at, moved.due_at) == cn().working_time_between(
            at, at + span
        )
    else:
        assert moved.due_at - clock.due_at == span
    assert moved.used(moved.due_at, cn()) == clock.used(clock.due_at, cn())


@examples
@given(moments, any_limits, shares, shares, spans)
def test_shares_follow_each_other_and_the_last_one_is_the_due_moment(start, limit, first, second, span):
    clock = ClockState.start(start, limit, cn())
    clock = clock.pause(clock.moment_at_share(first, cn()), **why).resume(
        clock.moment_at_share(first, cn()) + span, cn()
    )

    low, high = sorted((first, second))

    assert (
        clock.started_at
        <= clock.moment_at_share(low, cn())
        <= clock.moment_at_share(high, cn())
        <= clock.due_at
    )
    assert _is_same_working_moment(clock.moment_at_share(1, cn()), clock.due_at, limit)


def _is_same_working_moment(first: datetime, second: datetime, limit: Limit | RecurringRule) -> bool:
    if first == second:
        return True
    # A pause that ends after hours: 18:00 and 22:00 are one moment to a clock of working time.
    return limit.is_working and not cn().working_time_between(min(first, second), max(first, second))


@examples
@given(moments, any_limits, shares)
def test_used_and_remaining_make_the_whole(start, limit, share):
    clock = ClockState.start(start, limit, cn())
    at = clock.moment_at_share(share, cn())

    assert clock.used(at, cn()) + clock.remaining(at, cn()) == clock.used(clock.due_at, cn())


@examples
@given(moments, any_limits, shares, spans, st.text(max_size=20))
def test_it_survives_json(start, limit, share, span, reason):
    clock = ClockState.start(start, limit, cn())
    at = clock.moment_at_share(share, cn())
    clock = clock.pause(at, **why | {"reason": reason}).resume(at + span, cn()).stop(at + 2 * span)

    assert ClockState.from_data(json.loads(json.dumps(clock.to_data()))) == clock


@examples
@given(
    st.integers(0, 360 * 86_400).map(
        lambda number: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(seconds=number)
    ),
    spans,
    limits,
)
def test_it_holds_where_the_clocks_change_too(start, later, limit):
    working = berlin()

    first, second = due_at(start, limit, working), due_at(start + later, limit, working)

    assert first.due_at <= second.due_at
    if limit.is_elapsed:
        unit = timedelta(minutes=1) if limit.unit is Unit.MIN else timedelta(hours=1)
        assert first.due_at - start == limit.amount * unit
