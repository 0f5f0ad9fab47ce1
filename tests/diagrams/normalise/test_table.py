"""The page on diagrams names every rewrite, in the order in which they are done."""

import re
from pathlib import Path

from engine.diagrams.normalise import REWRITES

PAGE = Path(__file__).parents[3] / "docs" / "diagrams.md"
TESTS = Path(__file__).parent


def test_the_page_has_a_row_for_each_rewrite():
    part = PAGE.read_text(encoding="utf-8").partition("## What is rewritten")[2].partition("## ")[0]

    assert tuple(re.findall(r"^\| `([a-z-]+)` \|", part, re.MULTILINE)) == REWRITES


def test_each_rewrite_has_a_story():
    stories = "".join(
        path.read_text(encoding="utf-8") for path in TESTS.glob("test_*.py") if path != Path(__file__)
    )

    assert [rule for rule in REWRITES if f'"{rule}"' not in stories] == []
