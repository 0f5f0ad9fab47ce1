"""What WCAG 2.2 (A and AA) says of a page, as far as a checker can see it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}


def violations(page: Page, part: str | None = None) -> list[tuple[Any, ...]]:
    """(address, rule, first places) of each rule that the page breaks, or only the part that a selector names."""
    found = Axe().run(page, context=part, options=_OPTIONS).response["violations"]
    return [(page.url, one["id"], [node["html"][:160] for node in one["nodes"][:4]]) for one in found]
