"""Cells: what each unary test hits, and what is refused instead of guessed."""

import pytest
from tables import table

from engine.decisions import DecisionError


def hits(cell: str, value: object, kind: str = "Any") -> bool:
    found = table([f"x:{kind}"], ["y"], [f"{cell} | 1"]).evaluate({"x": value})
    return bool(found.outputs)


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("-", ["a", 1, None, True, []], []),
        ("", ["a", None], []),
        ('"outlet"', ["outlet"], ["Outlet", "outlet ", None, 1, ["outlet"]]),
        ('"a","b"', ["a", "b"], ["c", '"a"', "a,b", None]),
        ('"a, b", "c"', ["a, b", "c"], ["a", "b"]),
        ('"say \\"hi\\""', ['say "hi"'], ["say hi"]),
        ('"C:\\\\","D:"', ["C:\\", "D:"], ["C:"]),
        ('"one\\ntwo"', ["one\ntwo"], ["one\\ntwo"]),
        ('"网点"', ["网点"], ["網點"]),
        ("5", [5, 5.0], ["5", 4, None, True]),
        ("1", [1], [True, "1"]),
        ("0", [0], [False, None, ""]),
        ("-2.5", [-2.5], [2.5]),
        ("1,2,3", [1, 2, 3], [4]),
        ("true", [True], [1, "true", False, None]),
        ("false", [False], [0, None, ""]),
        ("null", [None], [False, 0, "", []]),
        ("< 10", [9, 9.99, -1], [10, 11, None, "9", True, [1]]),
        ("<= 10", [10], [10.01]),
        ("> 10", [10.01], [10]),
        (">= 10", [10], [9.99]),
        ('< "2026-02-01"', ["2026-01-31"], ["2026-02-01", 5, None]),
        ("[1..5]", [1, 3, 5], [0.99, 5.01, None, "3", True]),
        ("]1..5[", [1.01, 4.99], [1, 5]),
        ("(1..5)", [1.01, 4.99], [1, 5]),
        ("[1..5[", [1, 4.99], [5]),
        ("]1..5]", [1.01, 5], [1]),
        ("[-5..-1]", [-5, -1], [0]),
        ('["a".."c"]', ["a", "b", "c"], ["d", 1]),
        ("[1..2],[5..6]", [1, 6], [3]),
        ("]1..2[,]5..6[", [1.5, 5.5], [2, 5]),
        ("< 1, > 9", [0, 10], [5]),
        ('"a", [1..5], true', ["a", 3, True], ["b", 6, False]),
        ("not(5)", [4, None], [5, "5", True]),
        ('not("a","b")', ["c", None], ["a", "b", 1, ["a"]]),
        ("not([1..5])", [0, 6], [1, 5, None, "x"]),
        ("not (< 5)", [5, 6], [4, None]),
        ("not(null)", [0, "", False], [None]),
    ],
)
def test_a_cell_hits(cell, yes, no):
    assert [value for value in yes if not hits(cell, value)] == []
    assert [value for value in no if hits(cell, value)] == []


@pytest.mark.parametrize(
    "cell",
    [
        *("outlet", "'outlet'", '"open', 'open"', '"a" "b"', '"a",', ",", '"a",,"b"', '"a";"b"', "“a”"),
        *("5 6", "1e5", "1_000", ".5", "5.", "１", "+5", "0x1", "1..5", "[1..5", "[1...5]", "[1,5]", "[5..1]", '[1.."a"]', "[..5]"),
        *("= 5", "== 5", "!= 5", "< a", "<> 5", "=< 5", "5 >", "< 5 and > 1", "not", "not()", "not(-)", "not(not(5))", "not 5"),
        *('not("a"),not("b")', "-,-", "- 5", "? > 5", "x > 5", "amount", "now()", "True", "NULL", "nil"),
        *('"\\x41"', '"\\q"', "[]", "[[1]]", "{}", "__import__('os')", '"a".upper()', "1;2", "5 # five"),
    ],
)  # fmt: skip
def test_a_cell_that_is_no_test_is_refused_with_its_place(cell):
    with pytest.raises(DecisionError) as refused:
        table(["x"], ["y"], ["- | 1", f"{cell} | 2"])

    assert "level.dmn:1: choose, rule 2, input 'x': Expected a test" in refused.value.en
    assert "应写成" in refused.value.zh


@pytest.mark.parametrize(
    ("cell", "expected"),
    [('"a"', "a"), ("1", 1), ("1.50", 1.5), ("-3", -3), ("true", True), ("null", None), ("", None), ('["a","b"]', ["a", "b"]), ("[]", []), ("[[1],[2]]", [[1], [2]]), ('"a | b"', "a | b")],
)  # fmt: skip
def test_an_output_is_a_literal(cell, expected):
    if " | " in cell:
        cell, expected = '"a|b"', "a|b"

    assert table(["x"], ["y"], [f"- | {cell}"]).evaluate({"x": 1}).outputs == [{"y": expected}]


@pytest.mark.parametrize(
    "cell",
    [
        "amount * 0.1",
        "outlet",
        "-",
        '"a","b"',
        "1 + 1",
        "[1..5]",
        "today()",
        "'a'",
        "[1,]",
        "{a: 1}",
        "not(1)",
        "[" * 30 + "]" * 30,
    ],
)
def test_an_output_that_is_no_literal_is_refused_with_its_place(cell):
    with pytest.raises(DecisionError, match="rule 1, output 1"):
        table(["x"], ["y"], [f"- | {cell}"])


@pytest.mark.parametrize(
    ("kind", "cell"),
    [("string", "5"), ("string", "< 5"), ("number", '"5"'), ("integer", '["a".."b"]'), ("boolean", '"true"'), ("boolean", "1"), ("string", "true")],
)  # fmt: skip
def test_a_cell_of_another_kind_than_its_column_is_refused(kind, cell):
    with pytest.raises(DecisionError, match=f"Expected values of kind {kind}"):
        table([f"x:{kind}"], ["y"], [f"{cell} | 1"])


def test_a_cell_may_be_cut_by_a_comment_and_still_be_read_whole():
    from tables import dmn

    from engine.decisions import read_decisions

    cut = dmn(["x"], ["y"], ['"a","b" | 1']).replace(b'"a","b"', b'"a"<!-- both -->,"b"')

    assert read_decisions(cut, "level.dmn")[0].evaluate({"x": "b"}).outputs == [{"y": 1}]
