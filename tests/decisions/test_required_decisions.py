"""Decisions that require others: answered as drawn, or refused where the drawing has no one meaning."""

import pytest
from tables import NAMESPACE, dmn

from engine.decisions import DecisionError, DecisionFailed, analyse, read_decisions, try_decision


def decision(key: str, *args, requires: tuple[str, ...] = (), name: str | None = None, **options) -> str:
    arrows = "".join(
        f'<informationRequirement id="{key}_{one}"><requiredDecision href="{one}"/></informationRequirement>'
        for one in requires
    )
    content = dmn(*args, extra=arrows, **options).decode()
    inner = content[content.index("<decision ") : content.index("</definitions>")]
    return inner.replace('id="choose" name="定级"', f'id="{key}" name="{name or key}"')


def file_of(*decisions: str) -> bytes:
    return f'<definitions xmlns="{NAMESPACE}" id="d" name="d" namespace="t">{"".join(decisions)}</definitions>'.encode()


LEVEL = decision("level", ["amount:number"], ["rank:string"], ['< 100 | "low"', '>= 100 | "high"'])


def answer(content: bytes, key: str, **variables: object) -> list:
    return (
        next(one for one in read_decisions(content, "drd.dmn") if one.id == key).evaluate(variables).outputs
    )


def refused(*decisions: str) -> str:
    with pytest.raises(DecisionError) as caught:
        read_decisions(file_of(*decisions), "drd.dmn")
    assert caught.value.zh.startswith("drd.dmn:1：决策“")
    return caught.value.en


@pytest.mark.parametrize("called", ["level", "rank"])
def test_the_answer_is_found_under_the_decisions_name_as_in_dmn_and_under_the_outputs_as_in_camunda(called):
    limit = decision(
        "limit", [f"{called}:string"], ["days"], ['"low" | 5', '"high" | 1'], requires=("#level",)
    )

    assert answer(file_of(limit, LEVEL), "limit", amount=7) == [{"days": 5}]
    assert answer(file_of(LEVEL, limit), "limit", amount=700) == [{"days": 1}]


def test_several_outputs_are_parts_of_the_decisions_answer():
    level = decision("level", ["amount:number"], ["rank:string", "score:number"], ['- | "low" | 3'])
    by_part = decision("limit", ["level.score:number"], ["days"], ["3 | 5"], requires=("#level",))
    by_name = decision("limit", ["score:number"], ["days"], ["3 | 5"], requires=("#level",))

    assert answer(file_of(level, by_part), "limit", amount=1) == [{"days": 5}]
    assert answer(file_of(level, by_name), "limit", amount=1) == [{"days": 5}]


def test_what_is_required_wins_over_a_variable_of_that_name():
    limit = decision("limit", ["rank:string"], ["days"], ['"low" | 5', '"high" | 1'], requires=("#level",))

    assert answer(file_of(limit, LEVEL), "limit", amount=7, rank="high") == [{"days": 5}]


def test_no_answer_of_a_required_decision_is_nothing():
    level = decision("level", ["amount:number"], ["rank:string"], ['< 100 | "low"'])
    limit = decision("limit", ["rank:string"], ["days"], ["null | 9", '"low" | 5'], requires=("#level",))

    assert answer(file_of(level, limit), "limit", amount=700) == [{"days": 9}]


def test_a_sum_is_required_as_its_number():
    points = decision(
        "points",
        ["amount:number"],
        ["point:number"],
        ["- | 2", "> 5 | 3"],
        policy="COLLECT",
        aggregation="SUM",
    )
    limit = decision("limit", ["points:number"], ["days"], ["5 | 1", "2 | 9"], requires=("#points",))

    assert answer(file_of(points, limit), "limit", amount=7) == [{"days": 1}]


def test_a_chain_and_a_diamond_are_answered():
    left = decision("left", ["rank:string"], ["l:number"], ["- | 1"], requires=("#level",))
    right = decision("right", ["level:string"], ["r:number"], ["- | 2"], requires=("#level",))
    top = decision("top", ["left:number", "r:number"], ["y"], ["1 | 2 | 12"], requires=("#left", "#right"))

    assert answer(file_of(top, left, right, LEVEL), "top", amount=7) == [{"y": 12}]


def test_twenty_layers_of_diamonds_take_no_time():
    layers = [
        decision("a0", ["amount:number"], ["p0:number"], ["- | 0"]),
        decision("b0", ["amount:number"], ["q0:number"], ["- | 0"]),
    ]
    for depth in range(1, 20):
        inputs, both = [f"p{depth - 1}:number", f"q{depth - 1}:number"], (f"#a{depth - 1}", f"#b{depth - 1}")
        layers.append(decision(f"a{depth}", inputs, [f"p{depth}:number"], ["- | - | 1"], requires=both))
        layers.append(decision(f"b{depth}", inputs, [f"q{depth}:number"], ["- | - | 1"], requires=both))
    tables = read_decisions(file_of(*layers), "drd.dmn")

    assert tables[-1].evaluate({"amount": 1}).outputs == [{"q19": 1}]
    assert try_decision(tables[-1], {"amount": 1}).result == tables[-1].evaluate({"amount": 1})


def test_a_required_decision_that_fails_is_named():
    limit = decision("limit", ["rank:string"], ["days"], ["- | 5"], requires=("#level",))

    with pytest.raises(DecisionFailed, match="Decision level: expected number for input 'amount'"):
        answer(file_of(limit, LEVEL), "limit", amount="7")


def test_a_trial_shows_the_required_decisions_too():
    limit = decision("limit", ["rank:string"], ["days"], ['"low" | 5', '"high" | 1'], requires=("#level",))
    trial = try_decision(read_decisions(file_of(limit, LEVEL), "drd.dmn")[0], {"amount": 7})

    assert (trial.inputs, trial.result.outputs) == ({"rank": "low"}, [{"days": 5}])
    assert [(one.number, one.is_hit, one.column, one.value) for one in trial.rules] == [
        (1, True, None, None),
        (2, False, "rank", "low"),
    ]
    [level] = trial.required
    assert (level.decision_id, [one.is_hit for one in level.rules]) == ("level", [True, False])


def test_each_table_is_examined_by_itself():
    limit = decision("limit", ["rank:string"], ["days"], ['"low" | 5', '"high" | 1'], requires=("#level",))

    found = [
        (one.decision_id, one.rule)
        for table in read_decisions(file_of(limit, LEVEL), "drd.dmn")
        for one in analyse(table)
    ]

    assert found == [("limit", "gap")]


def test_a_requirement_that_cannot_be_met_is_refused():
    plain = ["rank:string"], ["days"], ["- | 5"]
    many = decision("level", ["amount"], ["rank"], ["- | 1"], policy="COLLECT")

    assert "none: draw it in the same file" in refused(decision("limit", *plain, requires=("#other",)))
    assert "none: draw it in the same file" in refused(
        decision("limit", *plain, requires=("other.dmn#level",)), LEVEL
    )
    assert "COLLECT gives many" in refused(decision("limit", *plain, requires=("#level",)), many)
    assert "no input asks for its answer (level / rank)" in refused(
        decision("limit", ["amount"], ["days"], ["- | 5"], requires=("#level",)), LEVEL
    )


def test_decisions_in_a_circle_are_refused():
    one = decision("one", ["b:number"], ["a:number"], ["- | 1"], requires=("#two",))
    two = decision("two", ["a:number"], ["b:number"], ["- | 1"], requires=("#one",))

    assert "in a circle: one → two → one" in refused(one, two)
    assert "one → one" in refused(decision("one", ["a"], ["a"], ["- | 1"], requires=("#one",)))


def test_a_chain_without_end_is_refused():
    chain = [decision("d0", ["amount"], ["o0"], ["- | 1"])]
    chain += [
        decision(f"d{n}", [f"o{n - 1}"], [f"o{n}"], ["- | 1"], requires=(f"#d{n - 1}",)) for n in range(1, 40)
    ]

    assert "more than 20 deep" in refused(*chain)
    assert "more than 20 deep" in refused(*reversed(chain))


def test_a_name_with_two_meanings_is_refused():
    one = decision("one", ["amount"], ["rank"], ["- | 1"])
    two = decision("two", ["amount"], ["rank"], ["- | 2"])
    itself = decision("rank", ["amount"], ["rank", "score"], ["- | 1 | 2"])

    assert "'rank' would mean two answers, of one and of two" in refused(
        decision("limit", ["rank"], ["days"], ["- | 5"], requires=("#one", "#two")), one, two
    )
    assert "'rank' would mean two answers" in refused(
        decision("limit", ["rank"], ["days"], ["- | 5"], requires=("#rank",)), itself
    )
