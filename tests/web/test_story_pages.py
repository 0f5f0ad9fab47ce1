"""An owner's stories in the page: begun, played, broken, mended; recorded from a case; tried by hand."""

import json
import re
import time
from collections.abc import Callable
from html import unescape

import pytest
from pages import Browser, new_case

from engine.commands.engine import Engine

STORIES = "/procedures/matter_family/stories"
ONE = f"{STORIES}/of/scenarios/on_time.toml"


@pytest.fixture
def owner(signed_in: Callable[[str], Browser]) -> Browser:
    return signed_in("he_jing")


def begin(owner: Browser, name: str = "on_time", title: str = "来客事项按时办结") -> str:
    return owner.follow(STORIES, {"name": name, "title": title, "profile": "MATTER"}).text


def wait_for_the_run(owner: Browser) -> str:
    """The list when the run is over."""
    until = time.monotonic() + 60
    while "hx-get" in (shown := owner.get(f"{STORIES}/lines").text):
        assert time.monotonic() < until
        time.sleep(0.1)
    return shown


def save(owner: Browser, text: str, seen: int) -> int:
    answer = owner.client.put(
        "/procedures/matter_family/files/scenarios/on_time.toml",
        json={"text": text, "seen": seen},
        headers={"X-CSRF-Token": owner.token},
    )
    assert answer.status_code == 200, answer.text
    return int(answer.get_json()["revision"])


def check(owner: Browser, text: str) -> dict[str, object]:
    answer = owner.client.post(
        f"{STORIES}/check",
        json={"path": "scenarios/on_time.toml", "text": text},
        headers={"X-CSRF-Token": owner.token},
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def test_a_story_is_begun_played_broken_and_mended(owner: Browser, li_na: Browser) -> None:
    page = begin(owner)
    assert "来客事项按时办结" in page
    assert "尚未按当前文件演练" in page
    text = owner.get("/procedures/matter_family/files/scenarios/on_time.toml").get_json()["text"]

    owner.post(f"{STORIES}/run")
    owner.post(f"{STORIES}/run")  # Once more while it is under way: no second run.
    assert "story-passed" in wait_for_the_run(owner)
    way = owner.get(f"{STORIES}/way/scenarios/on_time.toml").get_json()
    assert way[0]["process_key"] == "matter"
    assert "1" in way[0]["order"].values()
    assert owner.get(f"{STORIES}/drawing/matter").mimetype == "application/xml"
    covered = owner.get(f"{STORIES}/coverage/drawn").get_json()
    assert {one["process_key"] for one in covered} == {"matter", "visit"}
    missed = {element for one in covered for element in one["missed"]}
    assert missed
    assert missed.isdisjoint(way[0]["finished"])

    # A change of the story makes its last result say nothing any more.
    wrong = text.replace("then_ended       = true", 'then_waiting_at  = ["answer_customer"]')
    assert wrong != text
    assert save(owner, wrong, 1) == 2
    assert "story-unplayed" in owner.get(f"{STORIES}/lines").text
    assert "应停在 answer_customer" in unescape(owner.follow(ONE).text)
    found = check(owner, text.replace("when_walked_past", "when_walkd_past"))
    assert found["problem"]["line"] == 1 + text[: text.index("when_walked_past")].count("\n")  # type: ignore[index]
    assert check(owner, "title = ")["problem"]["line"] == 1  # type: ignore[index]
    assert check(owner, text)["problem"] is None

    # Everybody may look; only an owner plays, writes and records.
    assert li_na.get(STORIES).status_code == 200
    assert li_na.get(ONE).status_code == 200
    for refused in (f"{STORIES}/run", STORIES, ONE, f"{STORIES}/try"):
        assert li_na.post(refused).status_code == 403
    assert owner.get(f"{STORIES}/of/scenarios/none.toml").status_code == 404
    assert owner.get(f"{STORIES}/of/matter.bpmn").status_code == 404
    assert owner.post(STORIES, {"name": "../up", "title": "x", "profile": "MATTER"}).status_code == 400
    assert owner.post(STORIES, {"name": "on_time", "title": "x", "profile": "MATTER"}).status_code == 409
    assert owner.post(STORIES, {"name": "other", "title": "x", "profile": "NONE"}).status_code == 400


def test_a_case_becomes_a_story_and_so_does_a_try(owner: Browser, engine: Engine) -> None:
    case = new_case(engine, subject="张三的电话 13912345678")
    assert case in owner.get(f"{STORIES}/record").text
    preview = owner.get(f"{STORIES}/record/{case}").text
    assert "与事项经过一致" in preview
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", preview, re.S)
    assert found
    text = unescape(found[1])
    assert "13912345678" not in text
    assert "then_waiting_at" in text
    saved = owner.follow(f"{STORIES}/record", {"name": "recorded", "text": text})
    assert "录自事项" in saved.text
    assert owner.get(f"{STORIES}/record/nothing").status_code == 404
    assert owner.post(f"{STORIES}/record", {"name": "empty", "text": " "}).status_code == 400

    page = owner.post(f"{STORIES}/try", {"profile": "MATTER", "at": "2026-03-02T10:00"}).text
    tried = tried_of(page)
    assert not json.loads(tried)["steps"]
    page = owner.post(f"{STORIES}/try", {"tried": tried, "move": "pass", "stretch": "2 WD"}).text
    assert "2026-03-04" in page
    tried = tried_of(page)
    # What the engine refuses is told, and the case stands where it stood.
    refused = owner.post(
        f"{STORIES}/try", {"tried": tried, "move": "complete", "element": "answer_customer", "by": "nobody"}
    ).text
    assert 'role="alert"' in refused
    assert tried_of(refused) == tried
    assert owner.post(f"{STORIES}/try", {"tried": "{", "move": "look"}).status_code == 400
    assert (
        owner.post(f"{STORIES}/try", {"tried": tried, "move": "pass", "stretch": "soon"}).status_code == 400
    )
    saved = owner.follow(
        f"{STORIES}/try", {"tried": tried, "move": "save", "name": "by_hand", "title": "手工试走两天"}
    )
    assert "手工试走两天" in saved.text
    assert "通过：" in owner.follow(f"{STORIES}/of/scenarios/by_hand.toml").text


def tried_of(page: str) -> str:
    found = re.search(r'name="tried" value="([^"]*)"', page)
    assert found, page
    return unescape(found[1])
