"""A year's notice is read as it is published; the files of the years that we know are what must come out."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.worktime import ReadHoliday, read_notice, weekday_doubts

CN = Path(__file__).parents[2] / "processes" / "calendars" / "cn"
WEEKDAYS = "一二三四五六日"

NOTICE_2024 = """国务院办公厅关于2024年部分节假日安排的通知
国办发明电〔2023〕7号

各省、自治区、直辖市人民政府：
现将2024年元旦、春节等节假日的安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
各单位要妥善安排好值班。
国务院办公厅
2023年10月25日
"""
NOTICE_2025 = """国务院办公厅关于2025年
部分节假日安排的通知
国办发明电〔2024〕12号

　　一、元旦：1月1日（周三）放假1天，不调休。
　　二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
　　三、清明节：4月4日（周五）至6日（周日）放假，共3天。
　　四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
　　五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
　　六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。

国务院办公厅
2024年11月12日
"""
# On one line, as it comes out of a chat.
NOTICE_2026 = (
    "国务院办公厅关于2026年部分节假日安排的通知 国办发明电〔2025〕7号。"
    "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"
    "二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。"
    "2月14日（周六）、2月28日（周六）上班。三、清明节：4月4日（周六）至6日（周一）放假，共3天。"
    "四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。"
    "五、端午节：6月19日（周五）至21日（周日）放假，共3天。六、中秋节：9月25日（周五）至27日（周日）放假，共3天。"
    "七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。\n2025年11月4日"
)


def of_file(year):
    data = tomllib.loads((CN / f"{year}.toml").read_text(encoding="utf-8"))
    days = [(h["name"]["zh"], h["from"], h["to"], tuple(h.get("makeup", ()))) for h in data["holiday"]]
    return data["notice"]["title"], data["notice"]["number"], str(data["notice"]["published"]), days


def days_of(read):
    return [(one.name, one.first, one.last, one.makeup) for one in read.holidays]


@pytest.mark.parametrize(("year", "text"), [(2024, NOTICE_2024), (2025, NOTICE_2025), (2026, NOTICE_2026)])
def test_the_published_text_gives_the_days_of_our_files(year, text):
    read = read_notice(text)

    assert (read.title, read.number, read.published, days_of(read)) == of_file(year)
    assert read.is_sound


def test_a_day_that_is_only_recommended_is_told_and_not_taken():
    read = read_notice(NOTICE_2024)

    assert [(one.line, one.is_harmless) for one in read.doubts] == [(7, True)]
    assert "2月9日" in read.doubts[0].said


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("1月1日（周三）", "1月1日（周四）", "2025-01-01 是周三"),
        ("放假调休，共5天", "放假调休，共6天", "是 5 天"),
        ("4月27日（周日）上班", "4月31日（周日）上班", "4月31日不存在"),
        ("4月27日（周日）上班", "5月2日上班", "又是放假日"),
        ("6月2日（周一）放假", "6月2日（周一）放架", "没有写明放假或上班"),
        ("4月4日（周五）至6日", "4日（周五）至6日", "没有写明月份"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_line_and_stands_in_the_way(right, wrong, says):
    read = read_notice(NOTICE_2025.replace(right, wrong))

    assert says in " ".join(one.zh for one in read.doubts)
    assert [one.line in range(4, 12) for one in read.doubts if not one.is_harmless] == [True]
    assert not read.is_sound


def test_new_year_may_begin_in_the_year_before():
    read = read_notice(
        "现将2019年安排通知如下。\n一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。"
    )

    assert days_of(read) == [("元旦", date(2018, 12, 30), date(2019, 1, 1), (date(2018, 12, 29),))]
    assert read.is_sound


def test_text_without_a_year_asks_for_it_and_takes_the_one_that_is_chosen():
    text = "元旦：1月1日至3日放假。"

    assert [one.zh for one in read_notice(text).doubts] == ["文中没有写明是哪一年：请选择年份。"]
    assert days_of(read_notice(text, 2027)) == [("元旦", date(2027, 1, 1), date(2027, 1, 3), ())]


def test_a_table_gives_the_same_days():
    rows = ["日期,类型,名称"]
    for name, first, last, makeup in of_file(2026)[3]:
        rows.append(f"{first}至{last},放假,{name}")
        rows += [f"{day.year}/{day.month}/{day.day}\t上班\t{name}".replace("\t", ",") for day in makeup]

    read = read_notice("\n".join(rows))

    assert (read.year, days_of(read), read.doubts) == (2026, of_file(2026)[3], ())


def test_each_bad_line_of_a_table_is_told():
    read = read_notice(
        "2027-01-01\t放假\t元旦\n2027-13-01\t放假\t元旦\n2027-01-02\t吃饭\t元旦\n2027-01-03\t放假\n"
    )

    assert [one.line for one in read.doubts] == [2, 3, 4]
    assert not read.is_sound


def test_what_is_strange_beside_the_calendar_is_told_and_stops_nothing():
    read = read_notice("2027-01-01,放假,元旦\n2027-01-04,上班,元旦")

    told = weekday_doubts(read, frozenset(range(5)), ["元旦", "春节"])

    assert [one.is_harmless for one in told] == [True, True]
    assert "2027-01-04" in told[0].zh
    assert "春节" in told[1].zh


@st.composite
def years(draw):
    """A year's holidays, apart from each other, with make-up weekend days in between."""
    year = draw(st.integers(2020, 2040))
    day, found = date(year, 1, 1), []
    for name in ("元旦", "春节", "清明节", "劳动节", "国庆节"):
        first = day + timedelta(days=draw(st.integers(0, 20)))
        last = first + timedelta(days=draw(st.integers(0, 9)))
        after = last + timedelta(days=draw(st.integers(1, 9)))
        makeup = (after,) if draw(st.booleans()) else ()
        found.append(ReadHoliday(name, first, last, makeup, 0, ""))
        day = after + timedelta(days=1)
    return year, found


def written(year, holidays, words):
    def told(day, before=None):
        month = (
            "" if before is not None and before.month == day.month and words["short"] else f"{day.month}月"
        )
        beside = f"（{words['week']}{WEEKDAYS[day.weekday()]}）" if words["week"] else ""
        return f"{month}{day.day}日{beside}"

    lines = [f"现将{year}年安排通知如下。"]
    for one in holidays:
        span = told(one.first) + (f"至{told(one.last, one.first)}" if one.last > one.first else "")
        count = f"，共{len(one.days)}天" if words["count"] else ""
        work = "、".join(told(day) for day in one.makeup)
        lines.append(f"一、{one.name}：{span}放假{count}。" + (f"{work}上班。" if work else ""))
    return words["between"].join(lines)


WORDS = st.fixed_dictionaries(
    {"short": st.booleans(), "week": st.sampled_from(["", "周", "星期"]), "count": st.booleans(), "between": st.sampled_from(["", "\n", "\r\n　　"])}
)  # fmt: skip


@given(years(), WORDS)
def test_whatever_is_written_in_the_published_style_is_read_back(year, words):
    read = read_notice(written(*year, words))

    assert days_of(read) == [(one.name, one.first, one.last, one.makeup) for one in year[1]]
    assert read.is_sound


@given(st.text(alphabet="元旦春节：:，。、（）()周一二日月年放假上班至共天0123456789 \n,\t-/", max_size=80))
def test_no_text_breaks_the_reader(text):
    read = read_notice(text, 2027)

    assert read.holidays or read.doubts
