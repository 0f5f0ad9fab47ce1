"""Recurring rules: `every month by 10`, rolled to the next working day."""

import pytest
from work_calendars import cn, moment, shown

from engine.worktime import LimitError, parse_recurring


@pytest.mark.parametrize(
    ("after", "rule", "expected"),
    [
        ("2026-03-02 09:00", "every day by 17:00", "2026-03-02 17:00"),
        ("2026-03-02 17:00", "every day by 17:00", "2026-03-03 17:00"),  # strictly later
        ("2026-03-06 17:30", "every day by 17:00", "2026-03-09 17:00"),  # over the weekend
        ("2026-03-02 09:00", "every week by friday", "2026-03-06 18:00"),
        ("2026-03-06 18:00", "every week by friday", "2026-03-13 18:00"),
        # Friday 20 February 2026 lies in the Spring Festival: Tuesday 24.
        ("2026-02-16 09:00", "every week by friday", "2026-02-24 18:00"),
        # … and still that one when the named Friday itself is past.
        ("2026-02-23 09:00", "every week by friday", "2026-02-24 18:00"),
        ("2026-03-02 09:00", "every month by 10", "2026-03-10 18:00"),
        ("2026-03-02 09:00", "every month by 31", "2026-03-31 18:00"),
        ("2026-04-02 09:00", "every month by 31", "2026-04-30 18:00"),
        ("2026-04-02 09:00", "every month by last day", "2026-04-30 18:00"),
        # 31 May 2026 is a Sunday.
        ("2026-05-02 09:00", "every month by last day", "2026-06-01 18:00"),
        ("2026-04-02 09:00", "every quarter by 10", "2026-06-10 18:00"),
        ("2026-04-02 09:00", "every half-year by last day", "2026-06-30 18:00"),
        ("2026-07-01 09:00", "every half-year by last day", "2026-12-31 18:00"),
        ("2026-11-24 09:00", "every year by 12-31", "2026-12-31 18:00"),
        ("2026-12-31 18:00", "every year by 12-31", "2027-12-31 18:00"),
        ("2026-12-31 17:59", "every year by 12-31", "2026-12-31 18:00"),
        # 1 October 2026 is a holiday until the 7th.
        ("2026-09-29 09:00", "every year by 10-01", "2026-10-08 18:00"),
        # 2026 has no 29 February: the last day, Saturday 28, a make-up workday.
        ("2026-02-25 09:00", "every year by 02-29", "2026-02-28 18:00"),
        ("2024-02-25 09:00", "every year by 02-29", "2024-02-29 18:00"),
    ],
)
def test_it_is_next_due(after, rule, expected):
    assert shown(parse_recurring(rule).next_due(moment(after), cn())) == expected


def test_its_due_moments_follow_each_other_without_end():
    rule, at, found = parse_recurring("every month by 10"), moment("2026-01-01 09:00"), []

    for _ in range(24):
        at = rule.next_due(at, cn())
        found.append(shown(at)[:7])

    assert len(set(found)) == 24
    assert found == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        *("every day", "every day by", "every day by 24:00", "every day by 9:00", "every day by noon"),
        *("every week by 5", "every week by Friday", "every week by last day"),
        *(
            "every month by 0",
            "every month by 32",
            "every month by 010",
            "every month by -1",
            "every month by １",
        ),
        *("every year by 12-32", "every year by 13-01", "every year by 02-30", "every year by 04-31"),
        *(
            "every year by 1-1",
            "every year by 2026-12-31",
            "every fortnight by 1",
            "each month by 1",
            "3 WD",
            "",
        ),
    ],
)
def test_it_refuses_what_is_no_rule(text):
    with pytest.raises(LimitError) as refused:
        parse_recurring(text)

    assert "every month by 10" in refused.value.en
    assert "周期规则" in refused.value.zh


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("every day by 17:00", "每天 17:00 前", "by 17:00 every day"),
        ("every week by friday", "每周五前", "by Friday of every week"),
        ("every month by 10", "每月10日前", "by day 10 of every month"),
        ("every month by last day", "每月最后一天前", "by the last day of every month"),
        ("every quarter by 10", "每季度末月10日前", "by day 10 of every quarter's last month"),
        (
            "every half-year by last day",
            "每半年末月最后一天前",
            "by the last day of every half-year's last month",
        ),
        ("every year by 12-31", "每年12月31日前", "by 31 Dec of every year"),
    ],
)
def test_it_says_itself_and_is_read_back_from_its_text(rule, zh, en):
    found = parse_recurring(rule)

    assert (found.says("zh"), found.says("en")) == (zh, en)
    assert str(found) == rule
