"""An owner's first pages keep the rules of accessibility, light and dark, wide and on a phone, with all that they may show."""

from collections.abc import Callable

import pytest
from accessibility import violations
from engines import person
from pages import MATTER_FAMILY
from playwright.sync_api import Page

from engine.commands.engine import Engine
from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file

HOUSE = "/procedures/matter_family"
PHONE = {"width": 390, "height": 844}


def begin_a_faulty_change(engine: Engine) -> None:
    owner = person(engine, "sun_li")
    copy_key = open_working_copy(engine, owner, family="matter_family")
    content = (
        (MATTER_FAMILY / "matter.bpmn").read_bytes().replace(b'candidateGroups="', b'candidateGroups="no_')
    )
    save_working_file(engine, owner, copy_key=copy_key, path="matter.bpmn", content=content, seen=0)


@pytest.mark.parametrize(("look", "locale"), [("light", "zh"), ("dark", "en")])
def test_families_and_one_family_with_a_faulty_change(
    visit: Callable[..., Page], engine: Engine, look: str, locale: str
) -> None:
    begin_a_faulty_change(engine)
    page = visit("he_jing", look=look, locale=locale)
    found = []
    for address in ("/procedures", HOUSE, f"{HOUSE}/diagrams"):
        page.goto(address)
        for summary in page.locator("main summary:visible").all():
            summary.click()
        found += violations(page)
    assert found == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for address in ("/procedures", HOUSE, f"{HOUSE}/diagrams"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
