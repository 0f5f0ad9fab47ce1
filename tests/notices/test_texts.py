"""Notice texts: complete in both languages, filled with facts, and a family's own texts checked."""

from importlib.resources import files
from pathlib import Path

import pytest

from engine.notices import KINDS, check_texts, compose
from engine.notices.texts import _PLACE, FACTS, LOCALES

TEMPLATES = files("engine.notices") / "templates"
FAMILIES = sorted((Path(__file__).parents[2] / "processes").glob("*/texts/*/*.md"))
EVERYTHING = {name: f"<{name}>" for name in FACTS}


def template(kind: str, locale: str) -> str:
    return (TEMPLATES / locale / f"{kind}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_text_in_every_language(kind, locale):
    text = template(kind, locale)

    assert text.startswith("# ")
    assert set(_PLACE.findall(text)) <= FACTS
    subject, body = compose({}, kind, locale, EVERYTHING)
    assert subject
    assert body.strip()
    assert "${" not in subject + body


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_tell_the_same_facts(kind):
    assert set(_PLACE.findall(template(kind, "zh"))) == set(_PLACE.findall(template(kind, "en")))


def test_there_is_no_template_that_nobody_uses():
    for locale in LOCALES:
        assert {one.name.removesuffix(".md") for one in (TEMPLATES / locale).iterdir()} == set(KINDS)


def test_chinese_texts_are_chinese_and_english_ones_english():
    for kind in KINDS:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in template(kind, "zh"))
        assert template(kind, "en").replace("“", "").replace("”", "").isascii()


@pytest.mark.parametrize("path", FAMILIES, ids=lambda path: "/".join(path.parts[-4:]))
def test_the_texts_of_the_families_are_sound(path):
    assert check_texts({path.parent.name: {path.stem: path.read_text(encoding="utf-8")}}) == []


def test_a_familys_own_text_comes_before_the_built_in_one():
    texts = {"zh": {"closed": "# 结案 ${number}\n再见，${customer}。\n"}}

    assert compose(texts, "closed", "zh", {"number": "A-1", "customer": "张三"}) == (
        "结案 A-1",
        "再见，张三。\n",
    )
    assert compose(texts, "closed", "en", {"number": "A-1"})[0] == "Closed: A-1"


def test_a_line_whose_facts_are_all_missing_is_left_out():
    texts = {"zh": {"closed": "# ${number}\n甲 ${customer}\n乙 ${due} ${unit}\n丙\n"}}

    assert compose(texts, "closed", "zh", {"number": "A", "unit": "网点"})[1] == "乙  网点\n丙\n"


def test_a_kind_of_a_familys_own_without_a_text_reads_like_a_reminder():
    assert compose({}, "result_feedback", "en", {"number": "A-1"})[0].startswith("For your information: A-1")


@pytest.mark.parametrize("locale", ["zh-CN", "zh", "en-GB", "en", "de"])
def test_every_locale_gets_a_language(locale):
    assert ("已办结" in compose({}, "closed", locale, EVERYTHING)[0]) is locale.startswith("zh")


def test_a_fact_cannot_bring_places_or_headers_of_its_own():
    subject, body = compose(
        {}, "closed", "en", {"number": "1\r\nBcc: x@y\r\n\r\n<b>", "subject": "${link}", "link": "L"}
    )

    assert "\n" not in subject
    assert "\r" not in subject
    assert subject == "Closed: 1 Bcc: x@y <b>"
    assert "${link} is closed" in body


def test_a_long_subject_is_cut():
    assert len(compose({}, "closed", "zh", {"number": "长" * 5_000})[0]) <= 200


@pytest.mark.parametrize(
    ("locale", "kind", "text", "said"),
    [
        ("zh", "closed", "没有主题\n", "subject as first line"),
        ("zh", "closed", "", "subject as first line"),
        ("zh", "closed", "# 办结 ${numbr}\n", "found 'numbr'"),
        ("zh", "closed", "# 办结\n${ password }\n", "found 'password'"),
        ("zh", "closed", "# 办结\n${number.__class__}\n", "found 'number.__class__'"),
        ("zh", "task_asigned", "# 待办\n", "did you mean task_assigned"),
        ("de", "closed", "# Erledigt\n", "did you mean zh / en"),
    ],
)
def test_a_wrong_text_is_named_in_both_languages(locale, kind, text, said):
    (found,) = check_texts({locale: {kind: text}})

    assert (found.locale, found.kind) == (locale, kind)
    assert said in found.en
    assert not found.zh.isascii()


def test_a_family_may_have_kinds_of_its_own():
    assert check_texts({"zh": {"result_feedback": "# 结果反馈 ${number}\n${message}\n"}}) == []
