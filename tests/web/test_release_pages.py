"""A version on its pages: handed in, checked, compared, reviewed by another person, live from a moment, taken back."""

from datetime import timedelta

import pytest
from engines import person
from pages import new_case

from engine.commands.working_copies.copies import release_files
from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file
from engine.model import ProcessInstance
from web.releases.background import Background

HOME = "/procedures/matter_family"
PROFILE = "profiles/MATTER.toml"


def changed_profile(engine, value="1 H", username="he_jing"):
    """The working copy with another limit for the answer."""
    with engine.store.reading() as session:
        release = engine.releases.newest(session, "matter")
        before = release_files(session, release.release_key)[PROFILE]
    copy_key = open_working_copy(engine, person(engine, username), family="matter_family")
    save_working_file(
        engine,
        person(engine, username),
        copy_key=copy_key,
        path=PROFILE,
        content=before.replace(b'value = "1 WD"', f'value = "{value}"'.encode()),
        seen=0,
    )


@pytest.fixture(autouse=True)
def at_once(app):
    """What runs beside the pages is done before they answer: a database in memory is for one thread."""
    app.extensions["huiyin_release_acts"] = Background(run=lambda work: work())


@pytest.fixture
def he_jing(signed_in):
    return signed_in("he_jing")


@pytest.fixture
def sun_li(signed_in):
    return signed_in("sun_li")


def handed_in(engine, he_jing):
    changed_profile(engine)
    page = he_jing.follow(f"{HOME}/hand-in", {"reason": "客户等得太久"})
    assert "已送审为版本 2" in page.text
    # The page that asks how far the check is learns that it is over, and is shown anew.
    assert he_jing.get(f"{HOME}/versions/2/check").headers["HX-Refresh"] == "true"


def reviewed(engine, he_jing, sun_li):
    handed_in(engine, he_jing)
    sun_li.follow(f"{HOME}/versions/2/review", {"reason": "看过"})


def release_of(engine, case):
    with engine.store.reading() as session:
        return engine.releases.get(session, session.get(ProcessInstance, case).release_key).number


def test_a_change_is_handed_in_checked_and_reviewed_by_another_person(engine, he_jing, sun_li):
    handed_in(engine, he_jing)

    own, other = he_jing.get(f"{HOME}/versions/2").text, sun_li.get(f"{HOME}/versions/2").text
    assert "您参与了此版本的修改，须由另一人复核" in own
    assert "可复核：孙莉" in own
    assert "同意，复核通过" not in own
    assert "同意，复核通过" in other
    assert "期限：“1 个工作日”→“1 小时”" in other
    assert "客户等得太久" in other
    refused = he_jing.post(f"{HOME}/versions/2/review", {"reason": "自己看过"})
    assert refused.status_code == 403
    assert "须由未参与编辑的另一人复核" in refused.text

    sun_li.get(f"{HOME}/compare?old=1&new=2")
    assert "已记录" in sun_li.follow(f"{HOME}/versions/2/look", {"against": "1"}).text
    assert "孙莉 已看过与版本 1 的全部差别" in sun_li.get(f"{HOME}/versions/2").text
    assert "版本 2 已复核" in sun_li.follow(f"{HOME}/versions/2/review", {"reason": "看过差别"}).text


def test_two_who_review_at_once_are_told_who_and_when(engine, he_jing, sun_li, signed_in):
    reviewed(engine, he_jing, sun_li)

    second = sun_li.post(f"{HOME}/versions/2/review", {"reason": "我也看过了"})

    assert second.status_code == 409
    assert "孙莉" in second.text
    assert "我也看过了" in second.text  # what was typed is not lost


def test_live_from_next_monday_by_the_clock_of_the_house(engine, he_jing, sun_li, signed_in, clock):
    reviewed(engine, he_jing, sun_li)

    page = he_jing.follow(
        f"{HOME}/versions/2/live",
        {"from": "monday", "reason": "约定", "note_zh": "答复时限改为一小时", "note_en": "Answer in an hour"},
    )
    assert "预定" in page.text
    assert "2月16日" in he_jing.get(f"{HOME}/versions").text  # FRIDAY is the 13th
    assert "答复时限改为一小时" not in signed_in("li_na").get("/inbox").text

    clock.advance(timedelta(days=2, hours=8))
    li_na = signed_in("li_na")
    told = li_na.get("/inbox").text
    assert "答复时限改为一小时" in told
    assert release_of(engine, new_case(engine)) == 2
    (number,) = {one.split("/aside")[0] for one in told.split("/changes/matter_family/")[1:]}
    assert (
        "答复时限改为一小时"
        not in li_na.follow(f"/changes/matter_family/{number}/aside", {"next": "/inbox"}).text
    )
    assert "答复时限改为一小时" in li_na.get("/changes").text


def test_a_moment_that_is_past_or_none_is_refused_in_words(engine, he_jing, sun_li):
    reviewed(engine, he_jing, sun_li)

    for moment, words in (("2026-01-01T00:00", "已过去"), ("bald", "请填写日期和时间")):
        refused = he_jing.post(
            f"{HOME}/versions/2/live", {"from": "picked", "moment": moment, "reason": "约定"}
        )
        assert (refused.status_code, words in refused.text) == (400, True)
    assert "已复核" in he_jing.get(f"{HOME}/versions/2").text


def test_running_cases_stay_until_they_are_moved(engine, he_jing, sun_li, li_na):
    case, other = new_case(engine), new_case(engine, subject="另一件事项")
    reviewed(engine, he_jing, sun_li)
    before = he_jing.get(f"{HOME}/versions/2/cases").text
    assert "可以迁移" in before
    assert "生效后才能迁移" in before
    early = he_jing.post(f"{HOME}/versions/2/cases", {"case": case, "reason": "尽快"})
    assert early.status_code == 409

    he_jing.follow(f"{HOME}/versions/2/live", {"from": "now", "reason": "约定"})
    assert (release_of(engine, case), release_of(engine, new_case(engine))) == (1, 2)
    he_jing.follow(f"{HOME}/versions/2/cases", {"case": case, "reason": "尽快"})
    part = he_jing.get(f"{HOME}/versions/2/cases").text

    assert (release_of(engine, case), release_of(engine, other)) == (2, 1)
    assert "1 件事项已迁移" in part
    assert li_na.post(f"{HOME}/versions/2/cases", {"case": other, "reason": "我要"}).status_code == 403


def test_rolled_back_with_words_for_staff(engine, he_jing, sun_li, li_na):
    reviewed(engine, he_jing, sun_li)
    he_jing.follow(f"{HOME}/versions/2/live", {"from": "now", "reason": "约定", "note_zh": "改为一小时"})
    stays = new_case(engine)

    page = he_jing.follow(f"{HOME}/roll-back", {"number": "1", "reason": "太紧", "note_zh": "恢复原时限"})

    assert "版本 1 重新生效" in page.text
    assert (release_of(engine, stays), release_of(engine, new_case(engine))) == (2, 1)
    assert "恢复原时限" in li_na.get("/inbox").text
    assert "改为一小时" not in li_na.get("/inbox").text


def test_withdrawn_with_a_reason(engine, he_jing):
    handed_in(engine, he_jing)

    assert he_jing.post(f"{HOME}/versions/2/withdraw", {"reason": " "}).status_code == 400
    assert "版本 2 已撤回" in he_jing.follow(f"{HOME}/versions/2/withdraw", {"reason": "想错了"}).text


def test_the_working_copy_against_what_is_live(engine, he_jing, li_na):
    new_case(engine)
    changed_profile(engine, "1 MIN")
    engine.clock.advance(timedelta(minutes=30))

    page = he_jing.get(f"{HOME}/compare").text
    marks = he_jing.get(f"{HOME}/compare.json?new=copy").json

    assert "期限：“1 个工作日”→“1 分钟”" in page
    assert "按新时限计算，其中 1 件将立即超时" in page
    (one,) = marks
    assert one["process_key"] == "matter"
    assert "uses" in one["old"].values()
    for side in ("old", "new"):
        assert he_jing.get(one[f"{side}_drawing"]).mimetype == "application/xml"
    english = he_jing.get(one["old_drawing"].replace("/1/", "/copy/"))
    assert english.status_code == 200
    assert he_jing.get(f"{HOME}/compare?old=9").status_code == 404
    assert he_jing.get(f"{HOME}/drawings/1/nothing").status_code == 404
    assert he_jing.get(f"{HOME}/drawings/nothing/matter").status_code == 404
    # Staff may look, but nothing is offered to them.
    assert "开始修改" not in li_na.get(f"{HOME}/versions").text
    assert "送审" not in li_na.get(f"{HOME}/versions/1").text


def test_only_owners_act(li_na, engine, he_jing):
    handed_in(engine, he_jing)

    li_na.get("/inbox")
    for path in ("hand-in", "versions/2/check", "versions/2/look", "versions/2/review", "versions/2/live",
                 "versions/2/withdraw", "roll-back"):  # fmt: skip
        assert li_na.post(f"{HOME}/{path}", {"reason": "我要"}).status_code == 403
