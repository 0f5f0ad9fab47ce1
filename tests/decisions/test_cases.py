"""The table of cases in cases.tsv: hit policies, cells, types, allowed values, overlaps and gaps, one a line."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tables import dmn

from engine.decisions import DecisionError, DecisionFailed, analyse, read_decisions

FILE = Path(__file__).with_name("cases.tsv")
FEWEST = 200


def _cases() -> list[dict[str, str]]:
    lines = (line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _apart(text: str) -> list[str]:
    return text.split("; ") if text else []


def _content(case: dict[str, str]) -> bytes:
    policy, aggregation = case["policy"], None
    for one in ("SUM", "MIN", "MAX", "COUNT", "AVG"):
        if policy.endswith(f" {one}"):
            policy, aggregation = policy.removesuffix(f" {one}"), one
    return dmn(
        _apart(case["inputs"]), _apart(case["outputs"]), f" {case['rules']}".split(" ; "), policy=policy, aggregation=aggregation
    )  # fmt: skip


def _row(text: str) -> dict[str, object]:
    return {name: json.loads(value) for name, _, value in (one.partition("=") for one in _apart(text))}


def _found(content: bytes) -> Iterator[tuple[str, str]]:
    """What the analysis says, as the file writes it: (`overlap 1 2`, the example)."""
    for one in analyse(read_decisions(content, "case.dmn")[0]):
        example = (
            one.en[one.en.find("(") :]
            if one.rule == "overlap"
            else f"({one.en.removeprefix('No rule covers ')}"
        )
        yield " ".join([one.rule, *map(str, one.numbers)]), example


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["story"])
def test_it_comes_out_as_the_line_says(case):
    verb, _, told = case["expected"].partition(" ")
    content = _content(case)
    match verb:
        case "=":
            result = read_decisions(content, "case.dmn")[0].evaluate(_row(case["row"]))
            answer = result.value if result.is_aggregated else result.outputs
            assert json.dumps(answer, sort_keys=True) == json.dumps(json.loads(told), sort_keys=True)
        case "fails":
            with pytest.raises(DecisionFailed) as failed:
                read_decisions(content, "case.dmn")[0].evaluate(_row(case["row"]))
            assert told in failed.value.en
        case "refused":
            with pytest.raises(DecisionError) as refused:
                read_decisions(content, "case.dmn")
            assert told in refused.value.en
            assert refused.value.en.startswith("case.dmn:1: choose")
            assert refused.value.zh.startswith("case.dmn:1：决策“choose”")
        case "finds":
            wanted, _, example = told.partition(" (")
            found = list(_found(content))
            assert [one for one, _ in found] == ([] if wanted == "nothing" else _apart(wanted))
            assert not example or found[0][1].startswith(f"({example.removesuffix(')')}")
        case _:
            pytest.fail(f"The line says neither =, fails, refused nor finds: {case['expected']}")


def test_there_are_enough_cases_and_none_stands_twice():
    cases = _cases()
    asked = [
        tuple(value for name, value in case.items() if name not in ("story", "expected")) for case in cases
    ]

    assert len(cases) >= FEWEST
    assert len({case["story"] for case in cases}) == len(cases)
    assert sorted({*asked}) == sorted(asked)
