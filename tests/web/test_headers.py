"""What the browser is told, on every page: our own files only, and nothing inline that could be smuggled in."""

from collections.abc import Callable
from html.parser import HTMLParser

from pages import Browser, new_case, task_of

from engine.commands.engine import Engine


class Inline(HTMLParser):
    """Collects what would run or style from inside the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not (given.get("src") or "").startswith("/static/")):
            self.found.append(tag)
        self.found += [name for name in given if name == "style" or name.startswith("on")]
        self.found += [
            text for text in given.values() if (text or "").strip().lower().startswith("javascript:")
        ]


def inline_in(html: str) -> list[str]:
    parser = Inline()
    parser.feed(html)
    return parser.found


EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def pages_of(engine: Engine) -> list[str]:
    case = new_case(engine, subject=EVIL, customer_name=EVIL)
    task = task_of(engine, case)
    return [
        *("/inbox", "/inbox/group", "/cases", "/notices", "/board", "/head", "/nowhere", "/intake"),
        *(f"/cases/{case}", f"/tasks/{task}", f"/tasks/{task}/pane", f"/intake/done/{case}"),
        "/intake/bank/MATTER",
    ]


def test_no_page_carries_inline_script_or_style_even_when_texts_try_to(
    engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    browser = signed_in("wang_wei")

    for path in pages_of(engine):
        page = browser.get(path)
        assert inline_in(page.text) == [], path
        assert "default-src 'self'" in page.headers["Content-Security-Policy"], path
        assert "unsafe" not in page.headers["Content-Security-Policy"], path


def test_the_check_above_would_see_what_it_looks_for() -> None:
    assert inline_in(EVIL) == ["script", "onerror"]
    assert inline_in('<p style="color:red"><a href="JavaScript:x()">x</a><style></style>') != []


def test_pages_are_not_framed_sniffed_or_kept(li_na: Browser) -> None:
    headers = li_na.get("/inbox").headers

    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
