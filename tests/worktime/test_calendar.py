"""The calendar of mainland China, day by day against chinese_calendar; and where a calendar ends."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from work_calendars import berlin, cn, limit, moment, plain_calendar, shown

from engine.worktime import CalendarMissing, due_at


def test_every_day_of_2024_to_2026_is_worked_or_free_as_chinese_calendar_says():
    day, wrong = date(2024, 1, 1), []

    while day.year < 2027:
        if cn().is_working_day(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)

    assert wrong == []


def test_every_free_weekday_carries_the_name_of_its_holiday_and_every_worked_weekend_day_too():
    day = date(2024, 1, 1)

    while day.year < 2027:
        kind = cn().kind_of(day)
        is_weekend = day.weekday() > 4
        if kind.is_working == is_weekend:
            assert kind.name["zh"]
            assert kind.name["en"]
            assert kind.why == ("make-up workday" if is_weekend else "holiday")
        day += timedelta(days=1)


def test_each_year_names_the_notice_that_it_comes_from():
    assert [notice.year for notice in cn().notices] == [2024, 2025, 2026]
    assert all("国办发明电" in notice.number and notice.published for notice in cn().notices)
    assert (cn().known_from, cn().known_through) == (date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("start", ["2023-12-31T23:59+08:00", "2023-12-31T15:59+00:00", "1900-01-01T00:00"])
@pytest.mark.parametrize(
    "text", ["8 WH", "1 WD", "1 CD", "1 CM", "1 H", "5 MIN", "same day", "every week by friday"]
)
def test_before_the_first_known_day_it_says_which_table_is_missing(start, text):
    with pytest.raises(CalendarMissing) as refused:
        due_at(datetime.fromisoformat(start), limit(text), cn())

    assert "2024-01-01" in refused.value.en
    assert "processes/calendars/cn" in refused.value.zh


def test_the_first_known_moment_counts():
    assert shown(due_at(moment("2024-01-01 00:00"), limit("1 WH"), cn()).due_at) == "2024-01-02 10:00"


@pytest.mark.parametrize(
    "start", ["2045-03-01T09:00", "9999-12-31T23:59", "9999-12-31T23:59+00:00", "0001-01-01T00:00+00:00"]
)
@pytest.mark.parametrize("text", ["8 WH", "1 WD", "1 CD", "1 CM", "1 H", "same day", "every year by 12-31"])
def test_far_from_its_tables_it_refuses_instead_of_breaking(start, text):
    with pytest.raises(CalendarMissing):
        due_at(datetime.fromisoformat(start), limit(text), cn())


@pytest.mark.parametrize("text", ["5000 WH", "1000 WD", "2000 CD", "60 CM"])
def test_the_longest_limits_can_be_counted_from_the_last_known_day(text):
    assert due_at(moment("2026-12-31 12:00"), limit(text), cn()).is_provisional


def test_a_limit_that_leads_beyond_the_last_countable_day_is_refused():
    near_the_end = datetime(2038, 12, 1, 9, tzinfo=UTC)

    for text in ("1000 WD", "5000 WH"):
        with pytest.raises(CalendarMissing, match="2038-12-31"):
            due_at(near_the_end, limit(text), cn())


@pytest.mark.parametrize(
    ("start", "text", "expected", "is_provisional"),
    [
        ("2026-12-30 09:00", "1 WD", "2026-12-31 18:00", False),
        ("2026-12-30 09:00", "1 CD", "2027-01-01 00:00", False),  # 24:00 of the last known day
        # 1 January 2027 will be a holiday, but nobody has published that: by weekdays it is a Friday.
        ("2026-12-30 09:00", "2 WD", "2027-01-01 18:00", True),
        ("2026-12-30 09:00", "2 CD", "2027-01-02 00:00", True),
        ("2026-12-31 17:00", "2 WH", "2027-01-01 10:00", True),
        ("2027-02-01 09:00", "same day", "2027-02-01 18:00", True),
        ("2026-12-01 09:00", "every year by 12-31", "2026-12-31 18:00", False),
    ],
)
def test_beyond_the_published_year_a_deadline_is_provisional(start, text, expected, is_provisional):
    found = due_at(moment(start), limit(text), cn())

    assert (shown(found.due_at), found.is_provisional) == (expected, is_provisional)
    assert found.explanation.is_provisional is is_provisional


def test_half_days_closed_days_and_extra_days_of_a_site_count():
    site = plain_calendar(
        own_shifts={date(2026, 3, 3): ((time(9), time(12)),)},
        closed={date(2026, 3, 4): {"zh": "盘点", "en": "Stocktaking"}},
        extra={date(2026, 3, 7): {"zh": "加班", "en": "Extra"}},
        holidays={date(2026, 3, 7): {"zh": "假", "en": "Holiday"}},
    )

    # Mon 17–18, Tue 9–12 (half day), Wed closed, Thu 9–12 and 13–14: 1 + 3 + 4 hours.
    assert shown(due_at(moment("2026-03-02 17:00"), limit("8 WH"), site).due_at) == "2026-03-05 14:00"
    # The half day ends at 12:00, and a working day ends at its own close of business.
    assert shown(due_at(moment("2026-03-02 17:00"), limit("1 WD"), site).due_at) == "2026-03-03 12:00"
    # An extra workday beats the holiday that falls on it.
    assert shown(due_at(moment("2026-03-06 17:00"), limit("1 WD"), site).due_at) == "2026-03-07 18:00"


def test_working_time_between_two_moments_is_what_adding_it_spans():
    start, end = moment("2026-02-13 16:00"), moment("2026-02-24 10:30")

    span = cn().working_time_between(start, end)

    assert span == timedelta(hours=2 + 8 + 1.5)
    assert cn().add_working_time(start, span) == end
    assert cn().working_time_between(end, start) == timedelta(0)


def test_working_days_between_counts_make_up_days_and_knows_the_way_back():
    first, last = date(2026, 2, 13), date(2026, 2, 24)

    assert cn().working_days_between(first, last) == 2
    assert cn().working_days_between(last, first) == -2
    assert cn().working_days_between(first, first) == 0


def test_the_nth_working_day_before_is_the_way_back_of_the_one_after():
    for number in range(1, 30):
        day = cn().nth_working_day_after(date(2026, 2, 13), number)
        assert cn().nth_working_day_before(day, number) == date(2026, 2, 13)


def test_a_shift_that_the_clocks_jump_over_keeps_its_length_on_the_wall():
    night = plain_calendar(zone=berlin().zone, weekdays=frozenset(range(7)), shifts=((time(1), time(4)),))

    # On 29 March the clock goes from 02:00 to 03:00; the calendar counts the wall, three hours as on any day.
    assert (
        shown(due_at(moment("2026-03-28 12:00", night), limit("3 WH"), night).due_at, night)
        == "2026-03-29 04:00"
    )
