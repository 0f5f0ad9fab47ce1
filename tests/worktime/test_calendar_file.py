"""Calendar files: each mistake is named with its file, its place and what to write instead."""

from pathlib import Path

import pytest
from work_calendars import CALENDARS

from engine.worktime import CalendarFileError, load_calendar

BASE = 'zone = "Asia/Shanghai"\nshifts = [["09:00", "12:00"], ["13:00", "18:00"]]\n'
HOLIDAY = '[[holiday]]\nname = { zh = "元旦", en = "New Year" }\nfrom = 2026-01-01\nto = 2026-01-03\n'


def write(folder: Path, base: str = BASE, **years: str) -> Path:
    place = folder / "site"
    place.mkdir()
    (place / "calendar.toml").write_text(base, encoding="utf-8")
    for name, text in (years or {"y2026": HOLIDAY}).items():
        (place / f"{name[1:]}.toml").write_text(text, encoding="utf-8")
    return folder


def test_it_reads_a_small_calendar(tmp_path):
    calendar = load_calendar(write(tmp_path), "site")

    assert calendar.known_from.isoformat() == "2026-01-01"
    assert calendar.weekdays == {0, 1, 2, 3, 4}
    assert calendar.version.startswith("site-2026-")


def test_the_version_changes_with_any_change_of_a_file(tmp_path):
    before = load_calendar(write(tmp_path), "site").version

    (tmp_path / "site" / "2026.toml").write_text(HOLIDAY.replace("元旦", "新年"), encoding="utf-8")

    assert load_calendar(tmp_path, "site").version != before


@pytest.mark.parametrize("name", ["nowhere", "../cn", "cn/../cn", "", ".", "cn\0", "/etc"])
def test_a_calendar_that_does_not_exist_is_refused_with_those_that_do(name):
    with pytest.raises(CalendarFileError, match="known: cn"):
        load_calendar(CALENDARS, name)


@pytest.mark.parametrize(
    ("base", "place"),
    [
        (BASE.replace("Asia/Shanghai", "Asia/Nowhere"), "zone"),
        (BASE.replace("Asia/Shanghai", "../Asia"), "zone"),
        (BASE.replace('"Asia/Shanghai"', "8"), "zone"),
        ('zone = "UTC"\n', "shifts"),
        ('zone = "UTC"\nshifts = []\n', "shifts"),
        ('zone = "UTC"\nshifts = [["18:00", "09:00"]]\n', "shifts"),
        ('zone = "UTC"\nshifts = [["09:00", "09:00"]]\n', "shifts"),
        ('zone = "UTC"\nshifts = [["22:00", "06:00"]]\n', "shifts"),
        ('zone = "UTC"\nshifts = [["13:00", "18:00"], ["09:00", "12:00"]]\n', "shifts"),
        ('zone = "UTC"\nshifts = [["09:00", "13:00"], ["12:00", "18:00"]]\n', "shifts"),
        ('zone = "UTC"\nshifts = [["09:00", "24:00"]]\n', "shifts"),
        ('zone = "UTC"\nshifts = [["nine", "six"]]\n', "shifts"),
        ('zone = "UTC"\nshifts = "09:00-18:00"\n', "shifts"),
        (BASE + "weekdays = []\n", "weekdays"),
        (BASE + "weekdays = [1, 7]\n", "weekdays"),
        (BASE + 'weekdays = "Mon"\n', "weekdays"),
        (BASE + "holydays = 1\n", "holydays"),
        (BASE + '[own_shifts]\n"2026-01-05" = []\n', "own_shifts"),
        (BASE + '[closed]\n"5 January" = { zh = "停", en = "Closed" }\n', "closed"),
        ("zone = \n", "calendar.toml"),
    ],
)
def test_a_wrong_base_file_is_refused_with_its_place(tmp_path, base, place):
    with pytest.raises(CalendarFileError) as refused:
        load_calendar(write(tmp_path, base), "site")

    assert "calendar.toml" in refused.value.en
    assert place in refused.value.en
    assert "应为" in refused.value.zh or "TOML" in refused.value.zh


@pytest.mark.parametrize(
    ("year", "part"),
    [
        (HOLIDAY.replace("2026-01-03", "2025-12-31"), "from and to"),
        (HOLIDAY.replace("to = 2026-01-03\n", ""), "from and to"),
        (HOLIDAY.replace("2026-01-03", "2026-12-31"), "from and to"),  # surely a slip: a year of holidays
        (HOLIDAY.replace("2026-01-01", "2026-01-01T09:00:00"), "from and to"),
        (HOLIDAY.replace(', en = "New Year"', ""), "name"),
        (HOLIDAY + "make-up = [2026-01-04]\n", "makeup"),
        (HOLIDAY + "makeup = [2027-01-04]\n", "2027-01-04"),
        (HOLIDAY + "makeup = [2026-01-02]\n", "2026-01-02"),  # free and worked
        ('[holidays]\nx = "y"\n', "holidays"),
        ("[[holiday]\n", "TOML"),
    ],
)
def test_a_wrong_year_is_refused_with_its_place(tmp_path, year, part):
    with pytest.raises(CalendarFileError) as refused:
        load_calendar(write(tmp_path, y2026=year), "site")

    assert part in refused.value.en


def test_a_missing_year_in_between_is_refused(tmp_path):
    with pytest.raises(CalendarFileError, match="2025"):
        load_calendar(write(tmp_path, y2024="", y2026=HOLIDAY), "site")


def test_a_calendar_without_years_is_refused(tmp_path):
    folder = write(tmp_path)
    (folder / "site" / "2026.toml").unlink()

    with pytest.raises(CalendarFileError, match="at least one year"):
        load_calendar(folder, "site")
