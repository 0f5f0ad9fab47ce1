"""`huiyin decide`: a decision table tried on a row, in words and as data."""

from pathlib import Path
from typing import Any

import pytest
from engines import PROCESSES
from tables import dmn

LEVEL = PROCESSES / "complaint" / "level.dmn"


@pytest.fixture
def fees(tmp_path: Path) -> Path:
    file = tmp_path / "fees.dmn"
    file.write_bytes(dmn(["amount:number"], ["fee:number"], ["< 10 | 1", "[5..20] | 2"]))
    return file


def test_it_says_the_answer_which_rule_hits_and_where_the_others_stop_fitting(call: Any) -> None:
    said = call("decide", LEVEL, "--input", "level=outlet", "--input", "first_asked=hand_on")

    assert said.code == 0
    assert '  rule 1: 首问 = "hand_on" does not fit not("hand_on")' in said.out
    assert "  rule 2 hits" in said.out
    assert said.out[-1].startswith('  = limit = "handle", handler = "handler"')


def test_it_speaks_chinese(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_LOCALE", "zh")

    said = call("decide", LEVEL, "--input", "level=outlet", "--input", "first_asked=hand_on")

    assert "  第 2 条规则命中" in said.out
    assert '  第 1 条规则：首问 = "hand_on"，不符合 not("hand_on")' in said.out


def test_it_takes_a_row_from_a_file_and_gives_one_object(call: Any) -> None:
    said = call(
        "decide", LEVEL, "--json", "--data", "-", stdin='{"level": "tier2_branch", "first_asked": null}'
    )

    assert (said.code, said.json["ok"], said.json["matched"]) == (0, True, [3])
    assert said.json["outputs"][0]["limit"] == "handle_tier2_branch"
    assert [one["column"] for one in said.json["rules"]][:3] == ["负责或协调的层级", "负责或协调的层级", None]


def test_a_row_without_an_answer_is_refused_with_the_rules_that_hit(call: Any, fees: Path) -> None:
    said = call("decide", fees, "--input", "amount=7")

    assert said.code == 1
    assert "  refused: Decision choose: hit policy UNIQUE allows one answer, but rules 1, 2 hit." in said.out
    assert "error: Rules 1, 2 hit together (amount = 5)." in said.out


def test_a_table_that_would_be_refused_at_deployment_is_not_taken_for_right(call: Any, fees: Path) -> None:
    said = call("decide", fees, "--input", "amount=1", "--json")

    assert (said.code, said.json["ok"], said.json["outputs"]) == (1, False, [{"fee": 1}])
    assert [one["rule"] for one in said.json["findings"]] == ["overlap", "gap"]


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (["--input", "amount=much"], "expected number for input 'amount', but it is 'much'"),
        ([], "expected a variable 'amount'"),
        (["--input", "amount"], "Expected NAME=VALUE"),
        (["--decision", "other"], "Expected one of choose as --decision"),
    ],
)
def test_what_is_wrong_with_the_row_is_said_also_as_data(
    call: Any, fees: Path, given: list[str], part: str
) -> None:
    said = call("decide", fees, "--json", *given)

    assert (said.code, said.json["ok"]) == (1, False)
    assert part in said.json["error"]


def test_a_file_that_is_refused_names_the_cell(call: Any, tmp_path: Path) -> None:
    file = tmp_path / "fees.dmn"
    file.write_bytes(dmn(["amount:number"], ["fee"], ["cheap | 1"]))

    said = call("decide", file, "--input", "amount=1")

    assert said.code == 1
    assert said.err[0].startswith(
        f"huiyin: {file}:1: choose, rule 1, input 'amount': Expected a test such as"
    )
    assert call("decide", file, "--json").json["ok"] is False


def test_a_file_that_is_not_there_is_said(call: Any, tmp_path: Path) -> None:
    said = call("decide", tmp_path / "none.dmn")

    assert (said.code, len(said.err)) == (1, 1)
    assert "No such file" in call("decide", tmp_path / "none.dmn", "--json").json["error"]


def test_of_several_decisions_one_must_be_named(call: Any, tmp_path: Path, fees: Path) -> None:
    content = fees.read_bytes()
    begin, end = content.index(b"<decision "), content.index(b"</definitions>")
    file = tmp_path / "two.dmn"
    file.write_bytes(content[:end] + content[begin:end].replace(b'"choose"', b'"second"') + content[end:])

    said = call("decide", file, "--input", "amount=1")

    assert said.code == 1
    assert "holds several: choose, second" in said.err[0]
    assert call("decide", file, "--decision", "second", "--input", "amount=1").out[0].startswith("second")


def test_a_table_outside_of_any_family_is_checked_by_itself(call: Any, fees: Path) -> None:
    said = call("lint", fees)

    assert said.code == 1
    assert said.out[0] == f"error [table-overlap] {fees}:1: choose: Rules 1, 2 hit together (amount = 5)."
    assert said.out[-1] == "1 errors, 1 warnings, 0 pieces of advice"
