"""Overlaps, gaps and rules that can never decide are found, with an example, and nothing is found in a sound table."""

import random
import time

import pytest
from tables import table

from engine.decisions import analyse


def found(*args, **options) -> list[tuple]:
    return [(one.severity, one.rule, one.numbers) for one in analyse(table(*args, **options))]


OVERLAP, GAP = ("error", "overlap"), ("warning", "gap", ())


@pytest.mark.parametrize(
    ("inputs", "rules", "policy", "expected"),
    [
        (["x:string"], ['"a" | 1', 'not("a") | 2'], "UNIQUE", []),
        (["x:number"], ["< 10 | 1", ">= 10 | 2"], "UNIQUE", []),
        (["x:boolean"], ["true | 1", "false | 2"], "UNIQUE", []),
        (["x"], ["true | 1", "not(true) | 2"], "UNIQUE", []),
        (["x:integer"], ["<= 5 | 1", "[6..9] | 2", ">= 10 | 3"], "UNIQUE", []),
        (["x:string"], ["null | 1", "not(null) | 2"], "UNIQUE", []),
        (["x:string"], ['< "2026-07-01" | 1', '>= "2026-07-01" | 2'], "UNIQUE", []),
        (
            ["x:string", "y:boolean"],
            ['"a" | - | 1', 'not("a") | true | 2', 'not("a") | not(true) | 3'],
            "UNIQUE",
            [],
        ),
        (["x:string"], ['"a" | 1', "- | 2"], "FIRST", []),
        # Overlaps
        (["x:number"], ["< 10 | 1", "< 20 | 2", ">= 20 | 3"], "UNIQUE", [(*OVERLAP, (1, 2))]),
        (["x:number"], ["[1..5] | 1", "[5..9] | 2", "not([1..9]) | 3"], "UNIQUE", [(*OVERLAP, (1, 2))]),
        (["x:number"], ["[1..5[ | 1", "[5..9] | 2", "not([1..9]) | 3"], "UNIQUE", []),
        (["x:string"], ['"a","b" | 1', '"b" | 2', 'not("a","b") | 3'], "UNIQUE", [(*OVERLAP, (1, 2))]),
        (["x:string"], ['"a" | 1', "- | 1"], "ANY", []),
        (["x:string"], ['"a" | 1', "- | 2"], "ANY", [(*OVERLAP, (1, 2))]),
        (["x:boolean"], ["- | 1", "true | 2"], "UNIQUE", [(*OVERLAP, (1, 2))]),
        (["x"], ["true | 1", "true | 2", "not(true) | 3"], "UNIQUE", [(*OVERLAP, (1, 2))]),
        (["x:string"], ['< "b" | 1', '< "c" | 2', '>= "c" | 3'], "UNIQUE", [(*OVERLAP, (1, 2))]),
        (["x:string"], ['not("a") | 1', "null | 2", '"a" | 3'], "UNIQUE", [(*OVERLAP, (1, 2))]),
        (["x:string"], ['"a" | 1', "- | 2"], "COLLECT", []),
        # Gaps
        (["x:string"], ['"a" | 1'], "UNIQUE", [GAP]),
        (["x:number"], ["< 10 | 1", "> 10 | 2"], "UNIQUE", [GAP]),
        (["x:number"], ["<= 5 | 1", "[6..9] | 2", ">= 10 | 3"], "UNIQUE", [GAP]),
        (["x:boolean"], ["true | 1"], "UNIQUE", [GAP]),
        (["x:string", "y:boolean"], ['"a" | - | 1', 'not("a") | true | 2'], "UNIQUE", [GAP]),
        (["x:string"], ['< "b" | 1', '> "b" | 2'], "UNIQUE", [GAP]),
        # Rules that can never decide
        (["x:string"], ["- | 1", '"a" | 2'], "FIRST", [("warning", "masked", (2,))]),
        (["x:number"], ["< 10 | 1", "< 5 | 2", "- | 3"], "FIRST", [("warning", "masked", (2,))]),
        (["x:number"], ["[5..5[ | 1", "- | 2"], "UNIQUE", [("warning", "unreachable", (1,))]),
    ],
)
def test_it_finds(inputs, rules, policy, expected):
    assert found(inputs, ["y"], rules, policy=policy) == expected


def test_it_shows_an_example_in_both_languages():
    overlap, gap = analyse(
        table(["level:string", "amount:number"], ["y"], ['"outlet" | < 10 | 1', '"outlet" | [5..20] | 2'])
    )

    assert overlap.en == "Rules 1, 2 hit together (level = outlet, amount = 5)."
    assert overlap.zh == "第 1、2 条规则同时命中（level = outlet, amount = 5）。"
    assert gap.en.startswith("No rule covers level = outlet, amount = 2")
    assert "没有规则覆盖" in gap.zh


def test_an_example_says_what_it_means_by_other_null_and_behind():
    texts = [
        analyse(table([f"x:{kind}"], ["y"], [f"{cell} | 1"]))[0].en
        for kind, cell in (("string", '"a"'), ("string", "not(null)"), ("string", '<= "b"'))
    ]

    assert texts == ["No rule covers x = 其他/other.", "No rule covers x = null.", "No rule covers x = > b."]


def test_a_table_without_inputs_has_one_answer():
    assert found([], ["y"], ["1"]) == []
    assert found([], ["y"], ["1", "2"]) == [(*OVERLAP, (1, 2))]


def test_a_table_without_rules_covers_nothing():
    assert found(["x"], ["y"], []) == [GAP]


def test_a_table_of_many_columns_is_examined_exactly_and_in_no_time():
    """Forty columns of 61 values each: 10⁷¹ rows, none of which need be looked at one by one."""
    began = time.process_time()
    rules = [" | ".join([f"{number}"] * 40 + ["1"]) for number in range(30)]

    assert found([f"x{number}:number" for number in range(40)], ["y"], rules) == [GAP]
    assert (
        found(
            [f"x{number}:number" for number in range(40)], ["y"], [*rules, "- | " * 40 + "1"], policy="FIRST"
        )
        == []
    )
    assert time.process_time() - began < 5


def test_a_table_that_is_too_large_to_examine_says_so_and_takes_no_time():
    """Eight columns compared with each other, with a hundred boundaries: more orders than anybody could look at."""
    began = time.process_time()
    names = [f"x{number}" for number in range(8)]
    cells = [f"< {name}" for name in names[1:]] + ["-"]
    rules = [" | ".join([*cells, "1"]), *(f"{number} | {' | '.join(['-'] * 7)} | 1" for number in range(100))]

    [said] = analyse(table([f"{name}:number" for name in names], ["y"], rules, policy="FIRST"))

    assert (said.severity, said.rule, said.numbers) == ("warning", "too-large", ())
    assert "split the table" in said.en
    assert "拆成几张表" in said.zh
    assert time.process_time() - began < 5


def test_a_search_for_gaps_that_would_take_too_long_is_given_up_and_says_so():
    """Each rule wants two of 24 switches to differ; whether a row escapes all of 300 such rules is a riddle."""
    dice = random.Random(4)
    names = [f"x{number}:boolean" for number in range(60)]
    rules = []
    for _ in range(252):
        chosen = {place: dice.choice(["true", "false"]) for place in dice.sample(range(60), 3)}
        rules.append(" | ".join([chosen.get(place, "-") for place in range(60)] + ["1"]))
    began = time.process_time()

    said = analyse(table(names, ["y"], rules, policy="ANY"))

    assert [one.rule for one in said] in (["too-large"], ["gap"])
    assert time.process_time() - began < 10


def test_a_table_full_of_overlaps_is_not_told_of_without_end():
    rules = [f"> {number} | {number}" for number in range(60)]

    said = analyse(table(["x:number"], ["y"], rules))

    assert len(said) <= 20
    assert any(one.en == "1758 more pairs of rules hit together." for one in said)


def test_examining_the_largest_allowed_table_takes_a_moment_only():
    rules = [f"{number} | {number} | 1" for number in range(50)]
    began = time.process_time()

    examined = analyse(table(["a:number", "b:number"], ["y"], rules))

    assert [one.rule for one in examined] == ["gap"]
    assert time.process_time() - began < 5


def test_a_rule_that_never_decides_is_told_with_those_that_take_its_place():
    masked, unreachable = analyse(
        table(["x:number"], ["y"], ["< 5 | 1", ">= 5 | 2", "[3..7] | 3", "]5..5[ | 4"], policy="FIRST")
    )

    assert (
        masked.en
        == "Rule 3 can never decide: rules 1, 2 come first and take all of it. Move it up or remove it."
    )
    assert masked.zh == "第 3 条规则永远不会用到：优先的第 1、2 条规则已全部覆盖。请上移或删去。"
    assert unreachable.en == "Rule 4 can never hit: no input fits all of its cells. Correct or remove it."
    assert unreachable.zh == "第 4 条规则永远不会命中：它的条件互相矛盾，请更正或删去。"


@pytest.mark.parametrize("bound", ["100000000000000000.5", "0.1", "-99999999999999999.0"])
def test_there_is_always_something_below_and_above(bound):
    assert found(["x:number"], ["y"], [f">= {bound} | 1"]) == [GAP]
    assert found(["x:number"], ["y"], [f"<= {bound} | 1"]) == [GAP]
    assert found(["x:number"], ["y"], [f"<= {bound} | 1", f"> {bound} | 2"]) == []
