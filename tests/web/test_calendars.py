"""The calendars page: a year at a glance, a notice read and installed, a day of a site."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from engines import PROCESSES, SHANGHAI
from pages import Browser, new_case
from sqlalchemy import select

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine
from engine.commands.people.people_commands import grant_role
from engine.model import CalendarChangeRow, ClockRow, VirtualClock
from engine.people import SYSTEM

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕7号
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月6日（周六）至12日（周五）放假调休，共7天。2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日至5日放假调休，共5天。5月8日上班。
五、端午节：6月9日放假，共1天。
六、中秋节：9月15日放假，共1天。
七、国庆节：10月1日至7日放假调休，共7天。
"""


@pytest.fixture
def owner(engine: Engine, signed_in: Callable[[str], Browser]) -> Browser:
    engine.calendars = Calendars(Path(PROCESSES) / "calendars")
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="bank", role_key="process_owner")
    return signed_in("chen_bo")


def test_the_year_says_each_day_in_words_not_by_colour_alone(owner: Browser) -> None:
    page = owner.get("/calendars?year=2026").text

    assert page.count('class="calendar-month"') == 12
    assert 'title="春节"><span class="number">16</span><span class="day-sign">休</span>' in page
    assert '<span class="number">28</span><span class="day-sign">班</span>' in page
    assert "2月15日（周日） – 2月23日（周一）" in page
    assert "国办发明电〔2025〕7号" in page


def test_a_notice_is_told_before_and_installed_after(
    owner: Browser, engine: Engine, clock: VirtualClock
) -> None:
    clock.set(datetime(2026, 12, 31, 16, tzinfo=SHANGHAI))
    new_case(engine, "li_na")
    owner.sign_in("chen_bo")
    assert "还没有 2027 年的放假安排" in owner.get("/calendars").text

    page = owner.post("/calendars/cn/notice", {"text": NOTICE})

    assert page.status_code == 200
    assert "春节" in page.text
    assert "2月14日（周日）" in page.text
    assert 'name="reason" required maxlength="200" value="国办发明电〔2026〕7号"' in page.text
    assert "柜面排队过长" in page.text
    assert changes(engine) == []

    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    with engine.store.reading() as session:
        before = session.execute(select(ClockRow.due_at)).scalars().all()
    done = owner.follow(
        "/calendars/cn/notice",
        {"text": NOTICE, "install": "yes", "seen": seen, "year": "2027", "reason": "国办发明电〔2026〕7号"},
    )

    assert "日历已更改" in done.text
    assert "暂定：只按周一至周五" not in done.text
    assert changes(engine) == [("cn", 2027, "chen_bo")]
    with engine.store.reading() as session:
        assert session.execute(select(ClockRow.due_at)).scalars().all() != before
        assert session.execute(select(ClockRow.is_provisional)).scalars().all() == [False, False]


def changes(engine: Engine) -> list[tuple[str, int | None, str]]:
    with engine.store.reading() as session:
        rows = session.execute(
            select(CalendarChangeRow.calendar, CalendarChangeRow.year, CalendarChangeRow.made_by)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


def test_a_line_in_doubt_is_told_and_the_text_is_kept(owner: Browser, engine: Engine) -> None:
    wrong = NOTICE.replace("1月1日（周五）", "1月1日（周六）")

    page = owner.post("/calendars/cn/notice", {"text": wrong})

    assert page.status_code == 422
    assert "第 3 行" in page.text
    assert "文中写周六，但 2027-01-01 是周五。" in page.text
    assert "六、中秋节：9月15日放假，共1天。" in page.text.split("<textarea")[1]
    assert "install" not in page.text
    assert changes(engine) == []


def test_bad_text_is_no_fault_of_ours(owner: Browser) -> None:
    for text in ("", "你好", "<script>alert(1)</script>：1月1日放假。", "二〇二七年", "字" * 20_001):
        page = owner.post("/calendars/cn/notice", {"text": text, "year": "2027"})

        assert page.status_code in (200, 422)
        assert "<script>alert" not in page.text


def test_two_owners_do_not_install_over_each_other(owner: Browser, engine: Engine) -> None:
    values = {
        "text": NOTICE,
        "install": "yes",
        "year": "2027",
        "reason": "先",
        "seen": engine.calendars.get("cn").version,
    }
    assert owner.post("/calendars/cn/notice", values).status_code == 303

    page = owner.post("/calendars/cn/notice", values)

    assert page.status_code == 422
    assert "刚刚被其他人更改" in page.text
    assert len(changes(engine)) == 1


def test_a_half_day_is_told_set_and_taken_back(owner: Browser, engine: Engine) -> None:
    half = {"day": "2026-02-27", "kind": "half", "hours": "09:00-12:00", "name": "停电"}
    told = owner.post("/calendars/cn/days", half)
    assert "2月27日（周五）" in told.text
    assert "另设时段 09:00–12:00" in told.text
    for kind in ("half", "usual"):
        version = engine.calendars.get("cn").version
        page = owner.follow(
            "/calendars/cn/days", half | {"kind": kind, "install": "yes", "seen": version, "reason": "停电"}
        )
        assert ("09:00–12:00</span>" in page.text.split("calendar-year")[-1]) == (kind == "half")


BAD_DAYS: tuple[tuple[dict[str, str], str], ...] = (
    ({"day": "morgen"}, "请选择日期"),
    ({"day": "1999-01-01"}, "之间"),
    ({"kind": "feast"}, "性质"),
    ({"hours": "mittags"}, "时段"),
    ({"hours": "12:00-09:00"}, "班次"),
    ({"day": "2026-02-16"}, "不是工作日"),
    ({"kind": "closed", "name": ""}, "名称"),
)


def test_a_day_that_cannot_be_is_refused_and_what_was_typed_is_kept(owner: Browser, engine: Engine) -> None:
    for values, says in BAD_DAYS:
        given = {"day": "2026-02-27", "kind": "half", "hours": "09:00-12:00", "name": "停电"} | values

        page = owner.post("/calendars/cn/days", given | {"install": "yes", "reason": "x", "seen": "x"})

        assert page.status_code == 422, values
        assert says in page.text
        assert f'value="{given["hours"]}"' in page.text
    assert changes(engine) == []


def test_a_site_gets_days_of_its_own(owner: Browser) -> None:
    page = owner.follow("/calendars/cn/sites", {"key": "east", "title": "城东网点"})
    assert "沿用" in page.text
    assert "城东网点" in page.text

    again = owner.follow("/calendars/cn/sites", {"key": "east", "title": "城东网点"})
    assert "已经存在" in again.text
    assert "简称" in owner.follow("/calendars/cn/sites", {"key": "../east", "title": "城东"}).text


def test_who_may_not_change_sees_the_year_and_no_button(li_na: Browser) -> None:
    page = li_na.get("/calendars").text

    assert "更改此日历" not in page
    assert li_na.post("/calendars/cn/notice", {"text": NOTICE}).status_code == 403
    assert li_na.get("/calendars?calendar=../../etc").status_code == 404
