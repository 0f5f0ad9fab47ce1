"""docs/calendars.md is true: its files can be read, and its examples are what the code says."""

import re
from pathlib import Path

import pytest
from work_calendars import cn, limit, moment, shown

from engine.worktime import due_at, load_calendar

PAGE = (Path(__file__).parents[2] / "docs" / "calendars.md").read_text(encoding="utf-8")
EXAMPLES = {
    "48 H": ("Sun 15, 16:00", "2026-02-15 16:00"),
    "8 WH": ("Sat 14 (make-up), 16:00", "2026-02-14 16:00"),
    "2 WD": ("Tue 24, 18:00", "2026-02-24 18:00"),
    "2 CD": ("Tue 24, 24:00", "2026-02-25 00:00"),
    "1 CM": ("Fri 13 March, 24:00", "2026-03-14 00:00"),
    "same day": ("Fri 13, 18:00", "2026-02-13 18:00"),
    "every year by 12-31": ("Thu 31 December, 18:00", "2026-12-31 18:00"),
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_of_the_page_is_due_when_it_says(text):
    said, expected = EXAMPLES[text]
    (row,) = (line for line in PAGE.splitlines() if line.startswith("| `") and f"`{text}`" in line)

    assert said in row
    assert shown(due_at(moment("2026-02-13 16:00"), limit(text), cn()).due_at) == expected


def test_the_files_of_the_page_can_be_read(tmp_path):
    base, year = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    place = tmp_path / "site"
    place.mkdir()
    (place / "calendar.toml").write_text(base, encoding="utf-8")
    (place / "2026.toml").write_text(year, encoding="utf-8")

    site = load_calendar(tmp_path, "site")

    assert len(site.own_shifts) == len(site.closed) == len(site.extra) == 1
    assert site.notices[0].number == "国办发明电〔2025〕7号"
