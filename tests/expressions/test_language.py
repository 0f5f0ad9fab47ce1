"""What the language means, one row an expression; docs/expressions.md promises the same."""

from pathlib import Path

import pytest
from escapes import VARIABLES

from engine.expressions import (
    ENGINE_FUNCTIONS,
    FUNCTION_NAMES,
    Call,
    ExpressionError,
    compile_expression,
    compile_script,
    compile_template,
)


def value(text: str, **more):
    return compile_expression(text).evaluate(VARIABLES | more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # With or without ${}, in Chinese, with the words and signs that people know.
        ("amount", 1200),
        ("${amount}", 1200),
        ("  ${ amount > 1000 }  ", True),
        ('投诉人 = "张三"', True),
        ('level = "outlet"', True),
        ("level == 'outlet'", True),
        ('level != "outlet"', False),
        ("amount > 1000 and approved", True),
        ("amount > 1000 && !approved", False),
        ("amount > 5000 || approved", True),
        ("not approved or amount = 1200", True),
        ("amount gt 1000 and amount le 1200", True),
        ("amount lt 1000", False),
        ('level eq "outlet" and level ne "head_office"', True),
        ("amount ge 1200", True),
        ("1 < 2 < 3", True),
        ("1 < 3 < 2", False),
        ("true and not false", True),
        ("True and not False", True),
        ("null = nothing", True),
        ("None = nothing", True),
        # in: lists, objects, texts; nothing is in what is not there.
        ('level in ["outlet", "tier2_branch"]', True),
        ('level not in ["outlet"]', False),
        ('"number" in order', True),
        ('"let" in level', True),
        ("1 in nothing", False),
        ("1 not in nothing", True),
        ("{'a': 1} in [{'a': 1}]", True),
        # true is not 1, at any depth.
        ("true = 1", False),
        ("1 = 1.0", True),
        ("[true] = [1]", False),
        ("true in [1]", False),
        ("0 in [false]", False),
        ("contains([1], true)", False),
        ("{'a': true} = {'a': 1}", False),
        ('"1" = 1', False),
        ("[1, 2] = [1, 2.0]", True),
        # What is not there is neither smaller nor larger.
        ("nothing > 1", False),
        ("nothing <= 1", False),
        ("1 > nothing", False),
        # Members: by dot, by key, by number, from the end.
        ("order.number", "A-1"),
        ('order["number"]', "A-1"),
        ("order.lines[0].price", 9.5),
        ("names[-1]", "王伟"),
        ("order.note", None),
        # Numbers: tenths and hundredths stay exact; whole numbers go down, with and without a point.
        ("0.1 + 0.2", 0.3),
        ("1.1 * 3", 3.3),
        ("7 / 2", 3.5),
        ("-7 // 2", -4),
        ("-7.0 // 2", -4),
        ("-7 % 2", 1),
        ("-7.5 % 2", 0.5),
        ("7.5 % -2", -0.5),
        ("2 + 3 * 4 - 6 / 3", 12),
        ("-amount + 1", -1199),
        # Texts and lists are joined by +.
        ('"a" + "b"', "ab"),
        ("names + ['陈波']", ["李娜", "王伟", "陈波"]),
        ('"it\\"s"', 'it"s'),
        ("'tab\\t'", "tab\t"),
        # A choice; and/or give the value that decided, as in Python.
        ('"large" if amount > 1000 else "small"', "large"),
        ('order.note or "none"', "none"),
        ("nothing and nothing.x", None),
        ("[] or [1]", [1]),
        ("{'a': amount, 'b': [level]}", {"a": 1200, "b": ["outlet"]}),
    ],
)
def test_it_means(text, expected):
    found = value(text)

    assert found == expected
    assert type(found) is type(expected) or not isinstance(expected, bool)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("len(names)", 2),
        ("len(level) + len(order)", 9),
        ("min(3, 1, 2)", 1),
        ("max([3, 1, 2])", 3),
        ('min("b", "a")', "a"),
        ("sum([1, 2, 3])", 6),
        ("sum([0.1, 0.2])", 0.3),
        ("sum([])", 0),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(2.345, 2)", 2.35),
        ("round(7)", 7),
        ("abs(-3)", 3),
        ("lower('AbC')", "abc"),
        ("upper('AbC')", "ABC"),
        ("trim('  x ')", "x"),
        ("contains(names, '李娜')", True),
        ("contains(level, 'let')", True),
        ("starts_with(level, 'out')", True),
        ("ends_with(level, 'out')", False),
        ("str(3)", "3"),
        ("str(4 / 2)", "2"),
        ("str(1.5)", "1.5"),
        ("str(true)", "true"),
        ("str(null)", ""),
        ("int('42')", 42),
        ("int(4.9)", 4),
        ("number(' 3.50 ')", 3.5),
        ("number('-3')", -3),
        ("coalesce(null, nothing, 5)", 5),
        ("coalesce(null)", None),
        ("empty(null)", True),
        ("empty('')", True),
        ("empty([])", True),
        ("empty(0)", False),
        ("empty(false)", False),
    ],
)
def test_the_functions_give(text, expected):
    assert value(text) == expected


def test_every_function_is_tried_above():
    tried = {name for name in FUNCTION_NAMES if name + "(" in _source_of_this_file()}

    assert tried >= FUNCTION_NAMES - ENGINE_FUNCTIONS


def _source_of_this_file() -> str:
    return Path(__file__).read_text(encoding="utf-8")


def test_the_engine_brings_its_own_functions():
    functions = {"limit": lambda name: f"{name}: 3 WD", "now": lambda: "2026-02-13T16:00:00+08:00"}

    assert compile_expression('limit("handle")').evaluate({}, functions) == "handle: 3 WD"
    assert compile_expression("now()").evaluate({}, functions) == "2026-02-13T16:00:00+08:00"


def test_a_function_that_refuses_its_argument_is_an_error_of_the_expression():
    def limit(name: str) -> str:
        raise LookupError(f"There is no limit {name}.")

    with pytest.raises(ExpressionError, match="There is no limit handle"):
        compile_expression('limit("handle")').evaluate({}, {"limit": limit})


def test_it_tells_the_names_and_calls_that_a_linter_asks_for():
    found = compile_expression('limit("handle") if order.number in names else limit(level)')

    assert found.names == {"order", "names", "level"}
    assert set(found.calls) == {Call("limit", ("handle",)), Call("limit", (None,))}


def test_a_name_that_is_not_known_is_refused_with_a_suggestion():
    with pytest.raises(ExpressionError) as refused:
        compile_expression("amout > 1", known_names={"amount", "level"})

    assert "There is no variable 'amout'. Did you mean 'amount'?" in refused.value.en
    assert "是否想写“amount”" in refused.value.zh


def test_a_function_that_is_not_known_is_refused_with_a_suggestion():
    with pytest.raises(ExpressionError, match="Did you mean 'limit'"):
        compile_expression('limt("handle")')


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("len()", "len() takes 1"),
        ("round(1, 2, 3)", "1 to 2"),
        ("now(1)", "now() takes 0"),
        ("limit()", "limit() takes 1"),
    ],
)
def test_the_number_of_arguments_is_checked_before_anything_runs(text, wanted):
    with pytest.raises(ExpressionError) as refused:
        compile_expression(text)

    assert wanted in refused.value.en
    assert "个参数" in refused.value.zh


@pytest.mark.parametrize(
    ("text", "character"), [("amount @ 1", 8), ("${ amount @ 1 }", 11), ("  ${__x}", 5), ("a + ‘b’", 5)]
)
def test_an_error_shows_the_character_as_written(text, character):
    with pytest.raises(ExpressionError) as refused:
        compile_expression(text)

    assert f"(character {character})" in refused.value.en
    assert f"第 {character} 个字符" in refused.value.zh


def test_a_forgotten_comma_does_not_join_two_texts():
    with pytest.raises(ExpressionError, match="side by side"):
        compile_expression('level in ["outlet" "tier2_branch"]')


def test_the_branch_that_is_not_taken_is_not_evaluated():
    assert value("1 if approved else nothing.x.y") == 1
    assert value("approved or nothing.x") is True
    assert value("nothing and nothing.x") is None


def test_what_it_gives_shares_nothing_with_what_it_read():
    variables = {"order": {"lines": [1]}}

    found = compile_expression("{'copy': order.lines}").evaluate(variables)
    found["copy"].append(2)

    assert variables == {"order": {"lines": [1]}}


def test_a_value_that_json_does_not_know_is_refused():
    with pytest.raises(ExpressionError, match="no JSON value"):
        compile_expression("thing").evaluate({"thing": object()})
    with pytest.raises(ExpressionError, match="no JSON value"):
        compile_expression("[thing]").evaluate({"thing": {1, 2}})


def test_a_large_value_of_a_case_may_still_be_read():
    history = [{"step": f"{number}", "note": "x" * 90} for number in range(5_000)]

    assert compile_expression("len(history)").evaluate({"history": history}) == 5_000
    assert compile_expression("history[4999].step").evaluate({"history": history}) == "4999"


def test_a_script_assigns_line_by_line_and_sees_earlier_lines():
    script = compile_script(
        "# fee\nfee = round(amount * 0.015, 2)\n\ntotal = amount + fee\n结果 = total > 1000"
    )

    assert script.execute(VARIABLES) == {"fee": 18.0, "total": 1218.0, "结果": True}
    assert script.names == {"amount"}
    assert script.assigned == {"fee", "total", "结果"}


def test_a_script_that_fails_assigns_nothing():
    variables = {"amount": 1}

    with pytest.raises(ExpressionError, match="divides by zero"):
        compile_script("a = amount\nb = amount / 0").execute(variables)

    assert variables == {"amount": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投诉 ${order.number}：${amount} 元", "投诉 A-1：1200 元"),
        ("${amount}", 1200),
        ("${names}", ["李娜", "王伟"]),
        (" ${amount}", " 1200"),
        ("${amount / 100} and ${nothing}|${approved}", "12 and |true"),
        ("no parts", "no parts"),
        ("", ""),
        ("$ {amount} $", "$ {amount} $"),
        ("${ {'a': '}'}['a'] }", "}"),
        ("${'${amount}'}", "${amount}"),
    ],
)
def test_a_text_is_filled(text, expected):
    assert compile_template(text).evaluate(VARIABLES) == expected


def test_a_text_tells_its_expressions():
    assert [one.names for one in compile_template("${amount} of ${order.number}").expressions] == [
        {"amount"},
        {"order"},
    ]
