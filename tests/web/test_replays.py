"""Owners try a change on real cases: what it would have made of them, who may see it, and what stands in the way."""

import threading
from datetime import timedelta

import pytest
from engines import person
from finished_matters import PROFILE, SHORTER, change_profile, finish_matter

from engine.commands.replays.begin_replay import begin_replay
from engine.model import ReplayRun
from engine.rehearsal.replay.kept import ReplayPlan

PAGE = "/procedures/matter_family/replay"
MONTH = {"from": "2026-02-01", "to": "2026-02-28", "version": ""}


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What a thread of the server does, done before the answer."""
    monkeypatch.setattr(threading.Thread, "start", lambda self: self.run())


@pytest.fixture
def finished(engine):
    return finish_matter(engine)


def test_an_owner_sees_what_a_shorter_limit_would_have_made_of_last_months_cases(engine, signed_in, finished):
    change_profile(engine, *SHORTER)
    owner = signed_in("he_jing")
    owner.get(PAGE)
    page = owner.follow(PAGE, MONTH)
    assert "新增超时" in page.text
    assert f"/cases/{finished}" in page.text
    marks = owner.get(page.request.path + "/marks").json
    # The reminder beside the step opened a task that nobody did in this case then.
    assert [one["id"] for one in marks[0]["badges"] if one["is_grave"]] == ["press_answer", "answer_customer"]
    assert "完成" in owner.get(PAGE).text


def test_nothing_differs_where_nothing_was_changed(signed_in, finished):
    owner = signed_in("he_jing")
    owner.get(PAGE)
    assert "没有任何事项的结果会不同" in owner.follow(PAGE, MONTH).text


def test_a_month_without_cases_says_so(signed_in):
    owner = signed_in("he_jing")
    owner.get(PAGE)
    assert "没有办结此流程的事项" in owner.follow(PAGE, MONTH).text


def test_what_was_typed_wrongly_is_told_and_stays(signed_in):
    owner = signed_in("he_jing")
    owner.get(PAGE)
    answer = owner.post(PAGE, {"from": "2026-03-01", "to": "2026-02-01", "version": ""})
    assert answer.status_code == 400
    assert "起始日期应早于结束日期" in answer.text
    assert 'value="2026-03-01"' in answer.text
    assert owner.post(PAGE, {"from": "gestern", "to": "2026-02-01"}).status_code == 400
    assert owner.post(PAGE, {**MONTH, "version": "x"}).status_code == 400
    assert owner.post(PAGE, {**MONTH, "version": "99"}).status_code == 404


def test_a_working_copy_with_errors_is_told_instead_of_tried(engine, signed_in, finished):
    change_profile(engine, 'value = "1 WD"', "value = ")
    owner = signed_in("he_jing")
    owner.get(PAGE)
    page = owner.follow(PAGE, MONTH)
    assert PROFILE in page.text
    assert "case" not in page.text.split('role="alert"')[1][:200]


def test_two_owners_do_not_replay_at_once_and_one_that_died_is_told(engine, clock, signed_in, finished):
    now = clock.now()
    plan = ReplayPlan("matter_family", None, "", now - timedelta(days=1), now)
    key = begin_replay(engine, person(engine, "sun_li"), plan)
    owner = signed_in("he_jing")
    owner.get(PAGE)
    refused = owner.post(PAGE, MONTH)
    assert refused.status_code == 409
    assert "sun_li" in refused.text
    assert "取消重演" in owner.get(f"{PAGE}/{key}").text
    owner.follow(f"{PAGE}/{key}/cancel")
    with engine.store.reading() as session:
        assert session.get_one(ReplayRun, key).state == "cancelling"
    clock.advance(timedelta(minutes=2))
    assert "服务器已停止" in owner.get(f"{PAGE}/{key}").text
    assert owner.post(PAGE, MONTH).status_code == 303


def test_only_owners_begin_and_nobody_reads_of_cases_that_are_not_theirs(engine, signed_in, finished):
    change_profile(engine, *SHORTER)
    owner = signed_in("he_jing")
    owner.get(PAGE)
    page = owner.follow(PAGE, MONTH).request.path
    stranger = signed_in("zhao_min")
    assert finished not in stranger.get(page).text
    assert "开始重演" not in stranger.get(PAGE).text
    assert stranger.post(PAGE, MONTH).status_code == 403
    assert stranger.get(page + "/marks").json == []
    assert owner.get(f"{PAGE}/no-such-run").status_code == 404
