"""Limits as texts: what is read, and what is refused with a reason."""

from datetime import timedelta

import pytest

from engine.worktime import (
    Limit,
    LimitError,
    Unit,
    parse_any_limit,
    parse_cycle,
    parse_iso_duration,
    parse_limit,
    parse_range,
)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("30 MIN", 30, Unit.MIN),
        ("48 H", 48, Unit.H),
        ("8 WH", 8, Unit.WH),
        ("3 WD", 3, Unit.WD),
        ("7 CD", 7, Unit.CD),
        ("60 CM", 60, Unit.CM),
        ("same day", 1, Unit.SAME_DAY),
    ],
)
def test_it_reads_each_unit_and_writes_it_again(text, amount, unit):
    found = parse_limit(text)

    assert found == Limit(amount, unit)
    assert str(found) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "3", "WD", "3WD", "3  WD", " 3 WD", "3 WD ", "3 WD\n", "3 wd", "3 Wd", "3 D", "3 days"),
        *("0 WD", "-1 WD", "+3 WD", "03 WD", "1.5 WD", "1,5 WD", "3e2 WD", "½ WD", "1_0 WD", "0x3 WD"),
        *("３ WD", "٣ WD", "1３ WD", "三 WD", "3\u00a0WD", "3 WD; 4 WD", "3–4 WD", "same  day", "Same day"),
        *(
            "PT48H",
            "every week by friday",
            "1001 WD",
            "20001 H",
            "5001 WH",
            "61 CM",
            "2001 CD",
            "9999999 MIN",
        ),
    ],
)
def test_it_refuses_everything_else(text):
    with pytest.raises(LimitError) as refused:
        parse_limit(text)

    assert repr(text) in refused.value.en
    assert text in refused.value.zh


def test_units_never_convert_into_each_other():
    assert parse_limit("1 CD") != parse_limit("24 H")
    assert parse_limit("8 WH") != parse_limit("1 WD")
    assert parse_limit("60 MIN") != parse_limit("1 H")


@pytest.mark.parametrize("text", ["1–3 WD", "1-3 WD", "1 – 3 WD"])
def test_a_range_is_a_warning_and_a_limit(text):
    found = parse_range(text)

    assert (found.lower, found.upper) == (parse_limit("1 WD"), parse_limit("3 WD"))


@pytest.mark.parametrize(
    "text", ["3–1 WD", "3–3 WD", "1–3", "1–3 WD/WH", "–3 WD", "0–3 WD", "1—3 WD", "１–3 WD"]
)
def test_a_range_that_is_none_is_refused(text):
    with pytest.raises(LimitError):
        parse_range(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT48H", timedelta(hours=48)),
        ("P2D", timedelta(days=2)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ],
)
def test_it_reads_iso_durations(text, span):
    assert parse_iso_duration(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "P",
        "PT",
        "P1DT",
        "48H",
        "P2D3",
        "P1M",
        "P1Y",
        "P0D",
        "PT0S",
        "-P1D",
        "PT-1H",
        "PT1.5H",
        "pt1h",
        "PT１H",
        "P1D ",
    ],
)
def test_it_refuses_durations_that_are_none_or_have_no_fixed_length(text):
    with pytest.raises(LimitError):
        parse_iso_duration(text)


def test_it_reads_repetitions():
    assert parse_cycle("R3/PT1H") == (3, timedelta(hours=1))
    assert parse_cycle("R/P1D") == (None, timedelta(days=1))


@pytest.mark.parametrize(
    "text", ["R0/PT1H", "R00/PT1H", "R-1/PT1H", "R3", "R3/", "3/PT1H", "R３/PT1H", "R3/P1M", "* * * * *"]
)
def test_it_refuses_repetitions_that_never_happen(text):
    with pytest.raises(LimitError):
        parse_cycle(text)


@pytest.mark.parametrize("text", ["3 WD", "same day", "every year by 12-31", "every week by friday"])
def test_any_limit_is_read_back_from_its_own_text(text):
    assert str(parse_any_limit(text)) == text
