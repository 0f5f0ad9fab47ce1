"""What goes out compressed, and what does not."""

import gzip
import json

import pytest
from pages import TOKEN

from web.assets import BUILD


def addresses():
    yield "/inbox"
    if (style := asset_path("look.css")) is not None:
        yield style


def asset_path(name):
    built = BUILD / "manifest.json"
    return f"/static/build/{json.loads(built.read_text())[name]}" if built.is_file() else None


@pytest.mark.parametrize("path", list(addresses()), ids=lambda path: path[:7])
@pytest.mark.parametrize(
    ("offered", "used"), [("gzip, deflate", "gzip"), ("gzip, deflate, br", "br"), ("", None)]
)
def test_pages_and_our_own_files_are_compressed_as_the_browser_wishes(signed_in, path, offered, used):
    answer = signed_in("li_na").client.get(path, headers={"Accept-Encoding": offered})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == used
    assert "Accept-Encoding" in answer.headers["Vary"]
    if used == "gzip":
        assert b"body" in gzip.decompress(answer.data)


def test_the_token_looks_different_on_each_page_and_each_of_them_counts(signed_in):
    """Else its letters could be guessed from the length of compressed pages, one by one."""
    browser = signed_in("li_na")
    first, second = (TOKEN.search(browser.get("/inbox").text)[1] for _ in range(2))
    assert first != second
    for token in (first, second):
        browser.token = token
        assert browser.post("/preferences", {"theme": "dark"}).status_code < 400
    browser.token = second[:-8] + "AAAAAAA="
    assert browser.post("/preferences", {"theme": "dark"}).status_code == 400
    browser.token = "not base64 at all"
    assert browser.post("/preferences", {"theme": "dark"}).status_code == 400
