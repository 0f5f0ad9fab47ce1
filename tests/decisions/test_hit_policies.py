"""Hit policies and aggregations, each over rules that hit together."""

import pytest
from tables import table

from engine.decisions import DecisionFailed, DecisionResult, map_decision_result

RULES = ["< 10 | 30", "< 20 | 10", "< 30 | 20", ">= 30 | 5"]


def answers(policy: str, x: int, rules: list[str] = RULES, **options) -> list:
    found = table(["x:number"], ["fee"], rules, policy=policy, **options).evaluate({"x": x})
    return [one["fee"] for one in found.outputs]


def test_unique_answers_when_one_rule_hits():
    assert answers("UNIQUE", 25) == [20]
    assert answers("UNIQUE", 99) == [5]


def test_unique_is_what_a_table_without_a_policy_has():
    with pytest.raises(DecisionFailed, match="UNIQUE allows one answer, but rules 1, 2, 3 hit"):
        table(["x"], ["fee"], RULES).evaluate({"x": 5})


def test_unique_says_which_rules_hit_together():
    with pytest.raises(DecisionFailed) as failed:
        answers("UNIQUE", 15)

    assert "rules 2, 3" in failed.value.en
    assert "第 2, 3 条规则同时命中" in failed.value.zh


def test_any_takes_rules_that_agree_and_refuses_those_that_do_not():
    agreeing = ["< 10 | 7", "< 20 | 7", "< 30 | 8"]

    assert answers("ANY", 25, agreeing) == [8]
    with pytest.raises(DecisionFailed, match="rules 1, 2, 3"):
        answers("ANY", 5, agreeing)
    assert answers("ANY", 5, agreeing[:2]) == [7]


def test_first_takes_the_first_from_the_top():
    assert answers("FIRST", 5) == [30]
    assert answers("FIRST", 15) == [10]


def test_priority_takes_the_answer_that_stands_first_among_the_output_values():
    assert answers("PRIORITY", 5, values="5,20,10,30") == [20]
    assert answers("PRIORITY", 15, values="10,20,30,5") == [10]


def test_output_order_gives_all_in_the_order_of_the_output_values():
    assert answers("OUTPUT ORDER", 5, values="5,20,10,30") == [20, 10, 30]


def test_rule_order_and_collect_give_all_in_the_order_of_the_table():
    assert answers("RULE ORDER", 5) == [30, 10, 20]
    assert answers("COLLECT", 5) == [30, 10, 20]


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collect_aggregates(aggregation, expected):
    found = table(["x"], ["fee"], RULES, policy="COLLECT", aggregation=aggregation).evaluate({"x": 5})

    assert (found.value, found.is_aggregated, found.matched) == (expected, True, ("r1", "r2", "r3"))
    assert map_decision_result(found, "singleEntry") == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", None), ("MIN", None), ("MAX", None), ("COUNT", 0)]
)
def test_an_aggregation_of_nothing_is_nothing_and_a_count_is_none(aggregation, expected):
    found = table(["x"], ["fee"], RULES[:1], policy="COLLECT", aggregation=aggregation).evaluate({"x": 99})

    assert found.value == expected


def test_a_sum_of_tenths_is_exact():
    rules = ["- | 0.1", "- | 0.2"]

    assert table(["x"], ["fee"], rules, policy="COLLECT", aggregation="SUM").evaluate({"x": 1}).value == 0.3


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "RULE ORDER", "COLLECT"])
def test_no_rule_gives_an_empty_answer_under_every_policy(policy):
    assert answers(policy, 99, RULES[:1]) == []


def test_all_inputs_of_a_rule_must_fit():
    both = table(
        ["level:string", "amount:number"],
        ["limit"],
        ['"outlet" | < 100 | "1 WD"', '"outlet" | >= 100 | "3 WD"', '- | - | "5 WD"'],
        policy="FIRST",
    )

    assert both.evaluate({"level": "outlet", "amount": 100}).outputs == [{"limit": "3 WD"}]
    assert both.evaluate({"level": "head_office", "amount": 1}).outputs == [{"limit": "5 WD"}]


def test_it_reads_an_input_inside_an_object():
    inside = table(["order.customer.level"], ["y"], ['"vip" | 1'])

    assert inside.evaluate({"order": {"customer": {"level": "vip"}}}).outputs == [{"y": 1}]


@pytest.mark.parametrize("variables", [{}, {"order": None}, {"order": {}}, {"order": {"customer": "x"}}])
def test_a_missing_input_is_named(variables):
    with pytest.raises(DecisionFailed, match=r"expected a variable 'order\.customer\.level'"):
        table(["order.customer.level"], ["y"], ["- | 1"]).evaluate(variables)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "5"),
        ("integer", True),
        ("string", 5),
        ("boolean", "true"),
        ("boolean", 0),
        ("string", ["a"]),
    ],
)
def test_an_input_of_another_kind_fails_instead_of_hitting_nothing(kind, value):
    with pytest.raises(DecisionFailed) as failed:
        table([f"x:{kind}"], ["y"], ["- | 1"]).evaluate({"x": value})

    assert f"expected {kind} for input 'x'" in failed.value.en
    assert f"应为 {kind}" in failed.value.zh


@pytest.mark.parametrize("kind", ["string", "number", "boolean", "Any"])
def test_an_input_that_is_not_filled_in_is_of_every_kind(kind):
    assert table([f"x:{kind}"], ["y"], ["- | 1"]).evaluate({"x": None}).outputs == [{"y": 1}]


TWO = DecisionResult([{"a": 1}, {"a": 2}], ("r1", "r2"), decision_id="choose")
ONE = DecisionResult([{"a": 1}], ("r1",), decision_id="choose")
WIDE = DecisionResult([{"a": 1, "b": 2}], ("r1",), decision_id="choose")
NONE = DecisionResult([], (), decision_id="choose")


@pytest.mark.parametrize(
    ("result", "mapping", "expected"),
    [
        (ONE, "singleEntry", 1),
        (NONE, "singleEntry", None),
        (WIDE, "singleResult", {"a": 1, "b": 2}),
        (NONE, "singleResult", None),
        (TWO, "collectEntries", [1, 2]),
        (NONE, "collectEntries", []),
        (TWO, "resultList", [{"a": 1}, {"a": 2}]),
        (NONE, "resultList", []),
    ],
)
def test_the_answer_is_mapped(result, mapping, expected):
    assert map_decision_result(result, mapping) == expected


@pytest.mark.parametrize(
    ("result", "mapping"),
    [(TWO, "singleEntry"), (TWO, "singleResult"), (WIDE, "singleEntry"), (WIDE, "collectEntries")],
)
def test_a_mapping_that_would_drop_a_part_of_the_answer_fails(result, mapping):
    with pytest.raises(DecisionFailed, match=f"choose: {mapping} takes one"):
        map_decision_result(result, mapping)
