"""How heavy the pages are, and how soon they can be used. Weights are held; times are printed, for machines differ."""

from typing import Any

import pytest
from pages import new_case

MOST_BYTES = 60_000  # of a staff page's first load, compressed, all that it needs included


class Scale:
    """Adds up what comes over the wire, as the browser counts it."""

    def __init__(self, page: Any) -> None:
        self.weights: dict[str, int] = {}
        self._addresses: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.requestWillBeSent", self._begun)
        session.on("Network.loadingFinished", self._finished)

    def _begun(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"].rsplit("/", 1)[1]

    def _finished(self, event: dict[str, Any]) -> None:
        name = self._addresses.get(event["requestId"], "?")
        self.weights[name] = self.weights.get(name, 0) + int(event["encodedDataLength"])


@pytest.fixture
def say(capsys):
    def printed(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", end="")  # noqa: T201 - figures are what these tests are for.

    return printed


def test_a_staff_page_weighs_little(visit, engine, say):
    for number in range(40):
        new_case(engine, subject=f"第 {number} 件：柜面排队时间过长，客户要求说明原因")
    page = visit("li_na")
    scale = Scale(page)
    page.goto("/inbox", wait_until="load")
    page.wait_for_timeout(300)
    total = sum(scale.weights.values())
    say(f"first load of the inbox with 40 tasks: {total / 1000:.1f} kB compressed {scale.weights}")
    assert total <= MOST_BYTES


def test_how_soon_a_diagram_can_be_seen_and_drawn(visit, engine, say):
    key = new_case(engine)
    page = visit("he_jing")
    page.goto(f"/cases/{key}")
    say(
        f"viewer: {_between(page, 'huiyin-viewer-begun', 'huiyin-viewer-ready'):.0f} ms from its script to the picture"
    )
    page.goto("/procedures/matter_family/diagrams/matter.bpmn")
    page.locator("[data-modeler][data-ready]").wait_for()
    say(f"modeler: usable {_ready(page, 'huiyin-modeler-ready'):.0f} ms after the first opening began")
    page.reload()
    page.locator("[data-modeler][data-ready]").wait_for()
    say(f"modeler: usable {_ready(page, 'huiyin-modeler-ready'):.0f} ms after the second opening began")


def _ready(page: Any, name: str) -> float:
    page.wait_for_function("(name) => performance.getEntriesByName(name).length > 0", arg=name)
    return float(page.evaluate("(name) => performance.getEntriesByName(name)[0].startTime", name))


def _between(page: Any, begun: str, ready: str) -> float:
    return _ready(page, ready) - _ready(page, begun)
