"""Every text of the pages stands in Chinese and in English."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from pages import Browser, new_case, task_of

from engine.commands.engine import Engine
from web.languages import FOLDER

WEB = FOLDER.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"%\((\w+)\)s")


def wanted() -> set[str]:
    found = extract_from_dir(
        str(WEB),
        method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2")],
        keywords={"_": None, "ngettext": (1, 2)},
    )
    return {
        message[0] if isinstance(message, tuple) else message
        for name, _, message, *_ in found
        if "frontend" not in Path(name).parts
    }


def catalogue() -> dict[str, Message]:
    with (FOLDER / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        read = read_po(file, locale="zh")
    return {(one.id[0] if isinstance(one.id, (tuple, list)) else one.id): one for one in read if one.id}


def test_each_text_has_a_chinese_one_and_none_is_left_over() -> None:
    known = catalogue()

    assert wanted() - known.keys() == set()
    assert known.keys() - wanted() == set()
    assert [one.id for one in known.values() if not one.string or one.fuzzy] == []


def test_translations_keep_the_places_for_facts() -> None:
    for message in catalogue().values():
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        for text in texts:
            assert set(PLACE.findall(text)) <= set(PLACE.findall("".join(ids))) | {"num"}, message.id


def test_no_template_and_no_view_carries_a_text_of_its_own() -> None:
    allowed = {"中文"}  # The name of a language stands in that language.
    found = []

    for path in [*WEB.rglob("templates/**/*.html")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            rest = line
            for word in allowed:
                rest = rest.replace(word, "")
            if CHINESE.search(rest):
                found.append((path.name, line.strip()))

    assert found == []


@pytest.mark.parametrize(
    "path",
    ["/inbox", "/inbox/group", "/cases", "/notices", "/intake/bank/MATTER", "/cases/{case}", "/tasks/{task}"],
)
def test_an_english_page_has_no_chinese_beside_what_people_wrote(
    li_na: Browser, engine: Engine, path: str
) -> None:
    case = new_case(engine, subject="queue")
    li_na.post("/preferences", {"locale": "en"})

    page = li_na.get(path.format(case=case, task=task_of(engine, case))).text

    left = page.replace("中文", "").replace("测试办法 第三章", "")
    assert [
        one for one in left.splitlines() if CHINESE.search(re.sub(r"国办发明电〔\d+〕\d+号", "", one))
    ] == []
    assert 'lang="en"' in page


def test_a_stranger_chooses_the_language_too(stranger: Browser) -> None:
    assert "登录" in stranger.get("/login").text

    stranger.post("/preferences", {"locale": "en", "next": "/login"})

    assert "Sign in" in stranger.get("/login").text
    stranger.sign_in("li_na")
    assert "My tasks" in stranger.get("/inbox").text, "the choice outlives the sign-in"


def test_the_look_is_remembered(li_na: Browser) -> None:
    li_na.post("/preferences", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in li_na.get("/inbox").text

    li_na.post("/preferences", {"theme": "system"})
    assert 'data-theme="system"' in li_na.get("/inbox").text
