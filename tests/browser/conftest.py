"""A real Chromium before a real server. Skipped where there is no Chromium."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from engines import make_engine
from pages import PASSWORD, PageSettings, settle_pages
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from engine.commands.engine import Engine
from engine.model import VirtualClock
from engine.store import Store
from web.app import create_app
from web.assets import BUILD
from web.live.hub import hub_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
WIDE = {"width": 1280, "height": 850}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("There is no Chromium here. On Debian: apt-get install chromium fonts-noto-cjk")
    if not (BUILD / "manifest.json").is_file():
        pytest.skip("The pages are not built: make setup")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def engine(shared_url: str, clock: VirtualClock) -> Iterator[Engine]:
    store = Store(shared_url)
    made = make_engine(store, clock)
    settle_pages(made)
    yield made
    store.close()


def read_at_once(app: Callable[..., Any]) -> Callable[..., Any]:
    """A browser that leaves a page early makes werkzeug's server forget to close the file that it was sending.

    What is not closed is told as a warning in some later test. So all but streams of events is read and closed before
    it is sent; Huiyin itself runs on another server (web/cli).
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        types: list[str] = []

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            types.extend(value for name, value in headers if name.lower() == "content-type")
            return start_response(status, headers, *more)

        sent = app(environ, begin)
        if any(one.startswith("text/event-stream") for one in types):
            return sent
        with closing(sent):
            return list(sent)

    return answer


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Tests print nothing."""


@pytest.fixture
def address(engine: Engine) -> Iterator[str]:
    app = create_app(engine, PageSettings())
    engine.told = hub_of(app).tell
    server = make_server("127.0.0.1", 0, read_at_once(app), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    hub_of(app).close()
    server.shutdown()
    thread.join()
    server.server_close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """Signs a person in on a fresh page; the page fails the test when a script or the policy complains."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        username: str, *, size: dict[str, int] = WIDE, look: str = "light", locale: str = "zh"
    ) -> Page:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=address,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme=look,  # type: ignore[arg-type]
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on(
            "console",
            lambda line: (
                complaints.append(line.text)
                if line.type == "error" and "status of 4" not in line.text
                else None
            ),
        )
        page.goto("/login")
        page.get_by_role("button", name="English" if locale == "en" else "中文").click()
        page.locator("#username").fill(username)
        page.locator("#password").fill(PASSWORD)
        page.locator("main .btn-primary").click()
        # Own tasks, or the board for a supervisor who has none.
        page.wait_for_url(re.compile(r"/(inbox|board)$"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
