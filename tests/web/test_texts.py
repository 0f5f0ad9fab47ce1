"""Texts of a family side by side, with a preview; names of drawn things as a table."""

import json
from collections.abc import Callable

import pytest
from pages import Browser

from engine.commands.engine import Engine
from engine.commands.people.people_commands import grant_role
from engine.people import SYSTEM

HERE = "/procedures/matter_family"


@pytest.fixture
def owner(engine: Engine, signed_in: Callable[[str], Browser]) -> Browser:
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="bank", role_key="process_owner")
    return signed_in("chen_bo")


def write(browser: Browser, text: str, seen: str = "0", kind: str = "reply", locale: str = "zh"):
    return browser.post(f"{HERE}/texts/{kind}", {"locale": locale, "text": text, "seen": seen})


def test_a_text_of_ones_own_is_previewed_saved_and_its_other_language_missed(owner: Browser) -> None:
    assert "内置" in owner.get(f"{HERE}/texts/reply").text
    text = "# 答复：${number}\r\n${customer}您好：\r\n${message}\r\n${level}"
    said = owner.post(f"{HERE}/texts/reply/preview", {"locale": "zh", "text": text}).text
    assert "答复：TS-2026-0012" in said
    assert "王女士您好" in said

    assert write(owner, text).status_code == 303

    page = owner.get(f"{HERE}/texts/reply").text
    assert "只有一种语言的文本" in page
    assert "缺失" in owner.get(f"{HERE}/texts").text
    saved = owner.get(f"{HERE}/files/texts/zh/reply.md").get_json()
    assert saved["text"] == text.replace("\r\n", "\n") + "\n"

    assert write(owner, "", seen="1").status_code == 303
    assert "本流程没有自己的文本" in owner.get(f"{HERE}/texts").text


def test_what_is_wrong_with_a_text_is_told_beside_it(owner: Browser) -> None:
    said = owner.post(f"{HERE}/texts/reply/preview", {"locale": "zh", "text": "${nummer}"}).text

    assert "不认识的占位符“nummer”" in said
    assert "第一行应为" in said


def test_bad_requests_lose_nothing(owner: Browser) -> None:
    assert write(owner, "# a").status_code == 303
    late = write(owner, "# b", seen="0")
    assert late.status_code == 422
    assert "# b" in late.text
    assert write(owner, "# x", locale="fr").status_code in (400, 422)
    assert owner.get(f"{HERE}/texts/..%2Fx").status_code == 404
    assert write(owner, "# x", kind="Big").status_code == 404


def test_a_name_changes_its_own_line(owner: Browser) -> None:
    before = owner.get(f"{HERE}/files/labels/en.json").get_json()["text"]
    page = owner.get(f"{HERE}/labels?edit=answer_customer").text
    assert 'name="id" value="answer_customer"' in page

    done = owner.post(f"{HERE}/labels", {"id": "answer_customer", "label": 'Answer "them"', "seen": "0"})

    assert done.status_code == 303
    after = owner.get(f"{HERE}/files/labels/en.json").get_json()["text"]
    assert json.loads(after) == json.loads(before) | {"answer_customer": 'Answer "them"'}
    assert len(after.splitlines()) == len(before.splitlines())
    assert owner.post(f"{HERE}/labels", {"id": "nothing", "label": "x", "seen": "1"}).status_code == 422


def test_who_may_only_look_may_not_write(li_na: Browser) -> None:
    assert "<textarea" not in li_na.get(f"{HERE}/texts/reply").text
    assert write(li_na, "# x").status_code == 403
