"""What a due moment says of itself: sentences in both languages, and data that survives JSON."""

import json

import pytest
from work_calendars import cn, limit, moment, plain_calendar

from engine.worktime import Explanation, due_at, says


def explain(start: str, text: str, calendar=None) -> Explanation:
    working = calendar or cn()
    return due_at(moment(start, working), limit(text), working).explanation


SENTENCES = [
    (
        "2026-02-13 16:00", "8 WH",
        "从 2026年2月13日（周五）16:00 起 8 个工作小时：2月13日 2 小时，2月14日（调休上班） 6 小时；2026年2月14日（周六）16:00 到期。",
        "8 working hours from Fri 13 Feb 2026 16:00: 13 Feb 2 hours, 14 Feb (make-up workday) 6 hours; due Sat 14 Feb 2026 16:00.",
    ),
    (
        "2026-02-13 16:00", "2 WD",
        "从 2026年2月13日（周五）16:00 起 2 个工作日：2月14日（调休上班） 1 天，2月24日 1 天；不计：2月13日（起始日不计）、2月15日–2月23日（春节放假）；2026年2月24日（周二）18:00 到期。",
        "2 working days from Fri 13 Feb 2026 16:00: 14 Feb (make-up workday) 1 day, 24 Feb 1 day; not counted: 13 Feb (the starting day does not count), 15 Feb–23 Feb (Spring Festival); due Tue 24 Feb 2026 18:00.",
    ),
    (
        "2026-03-05 09:00", "2 CD",
        "从 2026年3月5日（周四）09:00 起 2 天：3月6日–3月7日 2 天；不计：3月5日（起始日不计）、3月8日–3月9日（顺延）；2026年3月9日（周一）24:00 到期。",
        "2 calendar days from Thu 5 Mar 2026 09:00: 6 Mar–7 Mar 2 days; not counted: 5 Mar (the starting day does not count), 8 Mar–9 Mar (rolled to the next working day); due Mon 9 Mar 2026 24:00.",
    ),
    (
        "2026-03-02 09:00", "1 CM",
        "从 2026年3月2日（周一）09:00 起 1 个月：3月3日–4月2日 31 天；不计：3月2日（起始日不计）；2026年4月2日（周四）24:00 到期。",
        "1 month from Mon 2 Mar 2026 09:00: 3 Mar–2 Apr 31 days; not counted: 2 Mar (the starting day does not count); due Thu 2 Apr 2026 24:00.",
    ),
    (
        "2026-03-02 09:00", "48 H",
        "从 2026年3月2日（周一）09:00 起 48 小时；2026年3月4日（周三）09:00 到期。",
        "48 hours from Mon 2 Mar 2026 09:00; due Wed 4 Mar 2026 09:00.",
    ),
    (
        "2026-03-02 09:00", "1 MIN",
        "从 2026年3月2日（周一）09:00 起 1 分钟；2026年3月2日（周一）09:01 到期。",
        "1 minute from Mon 2 Mar 2026 09:00; due Mon 2 Mar 2026 09:01.",
    ),
    (
        "2026-03-01 00:00", "same day",
        "从 2026年3月1日（周日）00:00 起当日：3月2日 8 小时；不计：3月1日（周末）；2026年3月2日（周一）18:00 到期。",
        "The same day from Sun 1 Mar 2026 00:00: 2 Mar 8 hours; not counted: 1 Mar (weekend); due Mon 2 Mar 2026 18:00.",
    ),
    (
        "2026-11-24 10:00", "every year by 12-31",
        "从 2026年11月24日（周二）10:00 起，每年12月31日前；2026年12月31日（周四）18:00 到期。",
        "By 31 Dec of every year from Tue 24 Nov 2026 10:00; due Thu 31 Dec 2026 18:00.",
    ),
    (
        "2026-12-31 10:00", "1 WD",
        "从 2026年12月31日（周四）10:00 起 1 个工作日：1月1日 1 天；不计：12月31日（起始日不计）；2027年1月1日（周五）18:00 到期。该年放假安排尚未公布，为暂定时间。",
        "1 working day from Thu 31 Dec 2026 10:00: 1 Jan 1 day; not counted: 31 Dec (the starting day does not count); due Fri 1 Jan 2027 18:00. Provisional: the holidays of that year are not published yet.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("start", "text", "zh", "en"), SENTENCES)
def test_it_says_why_in_one_sentence(start, text, zh, en):
    explanation = explain(start, text)

    assert says(explanation, "zh") == zh
    assert says(explanation, "en") == en


@pytest.mark.parametrize("text", ["5000 WH", "200 WD", "60 CM", "20000 H"])
def test_a_long_limit_is_summed_up_instead_of_listed(text):
    explanation = explain("2024-01-02 09:00", text)

    for locale in ("zh", "en"):
        assert len(says(explanation, locale)) < 420


@pytest.mark.parametrize(
    "text", ["8 WH", "5 WD", "9 CD", "2 CM", "48 H", "30 MIN", "same day", "every month by 10"]
)
def test_it_survives_json(text):
    explanation = explain("2026-02-13 16:00", text)

    again = Explanation.from_data(json.loads(json.dumps(explanation.to_data(), ensure_ascii=False)))

    assert again == explanation
    assert again.to_data() == explanation.to_data()
    assert says(again, "zh") == says(explanation, "zh")


def test_it_names_the_calendar_its_version_and_the_notices_that_it_used():
    explanation = explain("2025-12-30 16:00", "5 WD")

    assert explanation.calendar == "cn"
    assert explanation.calendar_version == cn().version
    assert explanation.notices == ("国办发明电〔2024〕12号", "国办发明电〔2025〕7号")
    assert explain("2025-12-30 16:00", "48 H").notices == ()


def test_it_tells_breaks_nights_weekends_and_holidays_apart():
    explanation = explain("2026-02-13 11:00", "15 WH")

    assert [(one.kind, one.why, one.amount) for one in explanation.segments] == [
        ("counted", "weekday", 1),
        ("skipped", "break", 0),
        ("counted", "weekday", 5),
        ("skipped", "night", 0),
        ("counted", "make-up workday", 3),
        ("skipped", "break", 0),
        ("counted", "make-up workday", 5),
        ("skipped", "night", 0),
        ("skipped", "holiday", 0),
        ("skipped", "night", 0),
        ("counted", "weekday", 1),
    ]


def test_a_rule_whose_day_is_free_shows_the_days_that_it_rolls_over():
    # 10 October 2026 is a make-up Saturday, 10 May 2026 a Sunday.
    explanation = explain("2026-05-06 09:00", "every month by 10", plain_calendar())

    assert [(one.kind, one.why) for one in explanation.segments] == [("counted", "rule"), ("skipped", "roll")]
    assert "5月11日（顺延）" in says(explanation, "zh")
    assert "11 May (rolled to the next working day)" in says(explanation, "en")


def test_a_rule_that_reaches_the_start_only_by_its_roll_has_nothing_but_the_roll():
    explanation = explain("2026-05-10 09:00", "every month by 9", plain_calendar())

    assert [(one.kind, one.why) for one in explanation.segments] == [("skipped", "roll")]
    assert explanation.segments[0].start == explanation.started_at
    assert explanation.segments[-1].end == explanation.due_at
