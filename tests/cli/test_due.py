"""`huiyin due` on the oracle cases of the design, and on lines that are wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

FRIDAY = "2026-02-13T16:00+08:00"


def test_it_counts_a_make_up_saturday_with_its_segments(call: Any) -> None:
    said = call("due", FRIDAY, "8 WH", "--calendar", "cn", "--json")

    assert said.code == 0
    assert said.json["due_at"] == "2026-02-14T16:00:00+08:00"
    assert said.json["provisional"] is False
    counted = [
        (one["from"], one["to"], one["amount"], one["why"])
        for one in said.json["segments"]
        if one["kind"] == "counted"
    ]
    assert counted == [
        ("2026-02-13T16:00:00+08:00", "2026-02-13T18:00:00+08:00", 2, "weekday"),
        ("2026-02-14T09:00:00+08:00", "2026-02-14T12:00:00+08:00", 3, "make-up workday"),
        ("2026-02-14T13:00:00+08:00", "2026-02-14T16:00:00+08:00", 3, "make-up workday"),
    ]
    assert "2026年2月14日（周六）16:00 到期" in said.json["says"]["zh"]
    assert "due Sat 14 Feb 2026 16:00" in said.json["says"]["en"]


def test_it_counts_as_if_nobody_worked_on_make_up_days(call: Any) -> None:
    said = call("due", FRIDAY, "8 WH", "--without-makeup", "--json")

    assert said.json["due_at"] == "2026-02-24T16:00:00+08:00"


def test_it_reads_a_moment_without_zone_in_the_calendars(call: Any) -> None:
    here, in_utc = (
        call("due", one, "8 WH", "--json").json for one in ("2026-02-13T16:00", "2026-02-13T08:00Z")
    )

    assert here["due_at"] == in_utc["due_at"] == "2026-02-14T16:00:00+08:00"


def test_it_says_that_a_deadline_beyond_the_published_holidays_is_provisional(call: Any) -> None:
    said = call("due", "2026-12-30T10:00+08:00", "5 WD", "--json")

    assert said.json["provisional"] is True


def test_it_tells_people_in_plain_lines(call: Any) -> None:
    said = call("due", FRIDAY, "8 WH")

    assert said.out[0] == "2026-02-14T16:00:00+08:00"
    assert said.out[1].startswith("8 working hours from Fri 13 Feb 2026 16:00")
    assert len([line for line in said.out if line.startswith("  + ")]) == 3


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("soon", "8 WH"), "'soon'"),
        ((FRIDAY, "1.5 WD"), "'1.5 WD'"),
        ((FRIDAY, "8 wh"), "'8 wh'"),
        ((FRIDAY, "0 WD"), "'0 WD'"),
        (("2019-02-13T16:00+08:00", "8 WH"), "2019-02-13"),
        (("9999-12-31", "60 CM"), "9999-12-31"),
        (("2086-01-01", "5 WD"), "2086-01-01"),
        ((FRIDAY, "8 WH", "--calendar", "nowhere"), "nowhere"),
        ((FRIDAY, "8 WH", "--calendar", "../register"), "register"),
        ((FRIDAY,), "LIMIT"),
        ((), "MOMENT"),
    ],
)
def test_it_refuses_in_one_line_that_names_what_is_wrong(
    call: Any, arguments: tuple[str, ...], named: str
) -> None:
    said = call("due", *arguments)

    assert said.code != 0
    assert said.stdout == ""
    assert len(said.err) == 1
    assert said.err[0].startswith("huiyin: ")
    assert named in said.err[0]


def test_it_answers_a_batch_line_by_line_also_the_bad_ones(call: Any, tmp_path: Path) -> None:
    file = tmp_path / "batch.tsv"
    file.write_text(
        f"\ufeff{FRIDAY}\t8 WH\nbad line\n\n2026-02-13\t9 QQ\r\n2026-02-13T16:00\tsame day", encoding="utf-8"
    )

    said = call("due", "--batch", file)

    answers = [json.loads(line) for line in said.out]
    assert said.code == 0
    assert [sorted(one.keys() & {"due_at", "error"}) for one in answers] == [
        ["due_at"],
        ["error"],
        ["error"],
        ["error"],
        ["due_at"],
    ]
    assert answers[4]["due_at"] == "2026-02-13T18:00:00+08:00"


def test_it_reads_a_batch_from_a_pipe(call: Any) -> None:
    said = call("due", "--batch", "-", "--without-makeup", stdin=f"{FRIDAY}\t8 WH\n")

    assert json.loads(said.stdout)["due_at"] == "2026-02-24T16:00:00+08:00"


def test_it_speaks_the_language_of_the_terminal(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    said = call("due", "soon", "8 WH")

    assert said.err == ["huiyin: 时刻应写成 2026-02-13T16:00+08:00，但写的是“soon”。"]
