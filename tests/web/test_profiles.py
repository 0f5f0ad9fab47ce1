"""A profile as tables: figures beside their source, changed with care, told in words."""

from collections.abc import Callable

import pytest
from engines import person
from pages import Browser, new_case

from engine.commands.engine import Engine
from engine.commands.people.people_commands import grant_role
from engine.people import SYSTEM
from engine.queries.working_copies import find_working_copy

PROFILE = "/procedures/matter_family/profiles/profiles/MATTER.toml"


@pytest.fixture
def owner(engine: Engine, signed_in: Callable[[str], Browser]) -> Browser:
    for username in ("chen_bo", "zhao_min"):
        grant_role(engine, SYSTEM, username=username, unit_key="bank", role_key="process_owner")
    return signed_in("chen_bo")


def text_of(engine: Engine, browser: Browser) -> str:
    return str(browser.get("/procedures/matter_family/files/profiles/MATTER.toml").get_json()["text"])


def change(browser: Browser, values: dict[str, str]):
    return browser.post(PROFILE, {"seen": "0", "state": "on"} | values)


def test_the_page_shows_each_figure_with_its_kind_and_where_it_is_used(
    owner: Browser, engine: Engine
) -> None:
    new_case(engine)
    page = owner.get(PROFILE).text

    assert owner.get("/procedures/matter_family/profiles").status_code == 200
    assert "原文规定" in page
    assert "diagrams/matter.bpmn?element=" in page
    assert "制度登记中没有" in page or "register/rules/" in page


def test_a_limit_is_told_in_words_while_it_is_typed(owner: Browser) -> None:
    said = owner.get("/procedures/matter_family/meaning/profiles/MATTER.toml?value=2 WD").text
    assert "2026年2月13日（周五）16:00 开始 → 2026年2月24日（周二）18:00 到期" in said

    wrong = owner.get("/procedures/matter_family/meaning/profiles/MATTER.toml?value=2 days").text
    assert "field-error" in wrong


def test_leaving_the_source_asks_first_and_is_marked(owner: Browser, engine: Engine) -> None:
    before = text_of(engine, owner)
    page = owner.get(PROFILE + "?edit=limits.answer").text
    assert 'name="place" value="limits.answer"' in page

    asked = change(owner, {"place": "limits.answer", "value": "7 WD"})
    assert asked.status_code == 422
    assert "我知道这与原文不一致" in asked.text
    assert 'value="7 WD"' in asked.text
    assert text_of(engine, owner) == before

    done = change(owner, {"place": "limits.answer", "value": "7 WD", "consent": "yes"})
    assert done.status_code == 303
    after = text_of(engine, owner)
    lines = [one for one in after.splitlines() if one not in before.splitlines()]
    assert [one.replace(" ", "") for one in lines] == ['value="7WD"', "fact=false"]
    assert "现行：" in owner.get(PROFILE).text

    back = owner.post(
        PROFILE, {"seen": "1", "state": "on", "place": "limits.answer", "value": live_value(before)}
    )
    assert back.status_code == 303
    assert text_of(engine, owner) == before


def live_value(text: str) -> str:
    part = text.split("[limits.answer]")[1]
    return part.split("value", 1)[1].split('"')[1]


NO_LIMITS = ("", "2 days", "0 WD", "-1 WD", "99999999999 WD", '1 WD"\nid = "x', "９ WD", "<b>")


def test_what_is_no_limit_is_refused_and_kept_on_the_page(owner: Browser, engine: Engine) -> None:
    before = text_of(engine, owner)
    for value in NO_LIMITS:
        page = change(owner, {"place": "limits.answer", "value": value, "consent": "yes"})

        assert page.status_code == 422, value
        assert 'role="alert"' in page.text
        assert "<b>" not in page.text.split("limit-value")[1].split("</form>")[0]
    assert text_of(engine, owner) == before
    assert find_working_copy(engine, person(engine, "chen_bo"), "matter_family") is None


def test_a_promise_is_switched_off_with_its_reason_only(owner: Browser, engine: Engine) -> None:
    values = {"place": "limits.answer", "state": "off", "consent": "yes"}

    assert "写明原因" in change(owner, values).text
    assert change(owner, values | {"why": "本行不作承诺"}).status_code == 303

    page = owner.get(PROFILE).text
    assert "本行不作承诺" in page
    assert 'why = "本行不作承诺"' in text_of(engine, owner)


def test_the_second_of_two_owners_is_told_and_keeps_what_was_typed(
    owner: Browser, engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    other = signed_in("zhao_min")
    other.get(PROFILE)
    assert change(owner, {"place": "limits.answer", "value": "7 WD", "consent": "yes"}).status_code == 303

    late = change(other, {"place": "limits.answer", "value": "9 WD", "consent": "yes"})

    assert late.status_code == 422
    assert "chen_bo" in late.text or "陈波" in late.text
    assert 'value="9 WD"' in late.text
    assert "7 WD" in text_of(engine, owner)


def test_who_may_only_look_sees_no_way_to_change(li_na: Browser) -> None:
    page = li_na.get(PROFILE + "?edit=limits.answer")

    assert page.status_code == 200
    assert 'name="place"' not in page.text
    assert change(li_na, {"place": "limits.answer", "value": "7 WD"}).status_code == 403


def test_another_value_is_changed_on_its_own_line(owner: Browser, engine: Engine) -> None:
    before = text_of(engine, owner)
    assert 'value="M-{year}-{number:04d}"' in owner.get(PROFILE + "?edit=numbering.pattern").text

    refused = change(owner, {"place": "numbering.pattern", "value": "M-{year}"})
    assert refused.status_code == 422
    assert 'value="M-{year}"' in refused.text
    assert change(owner, {"place": "numbering.pattern", "value": "N-{year}-{number:04d}"}).status_code == 303

    assert text_of(engine, owner) == before.replace('"M-{year}', '"N-{year}')


def test_a_place_that_is_none_is_refused(owner: Browser) -> None:
    for place in ("limits.nothing", "id.x", "__class__", "options", "", "limits"):
        assert change(owner, {"place": place, "value": "1 WD"}).status_code == 422, place
    assert owner.get("/procedures/matter_family/profiles/README.md").status_code == 404
