"""The language is total: whatever is written and whatever the variables hold, it answers or says why, and soon."""

import contextlib
import gc
import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.expressions import ExpressionError, compile_expression, compile_script, compile_template

SOONEST = 0.5
NAMES = ["amount", "order", "names", "level", "投诉人", "nothing", "unknown"]
PIECES = [
    *NAMES,
    *("1", "0", "2.5", "999999999999", '"text"', "'x'", "true", "false", "null"),
    *("+", "-", "*", "/", "//", "%", "**", "=", "==", "!=", "<", "<=", ">", ">=", "and", "or", "not", "in", "!", "&&", "||"),
    *("(", ")", "[", "]", "{", "}", ",", ".", ":", "if", "else", "${", "}", "is", "lambda", "for", "__class__", ":=", "@"),
    *("len(", "min(", "sum(", "round(", "str(", "int(", "number(", "contains(", "coalesce(", "empty(", "lower(", "limit("),
]  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
variables = st.fixed_dictionaries(dict.fromkeys(NAMES[:-1], json_values))
examples = settings(max_examples=250, deadline=None, derandomize=True)


def answer(text: str, held: dict, compile_text=compile_expression) -> None:
    # The collector would go over all that the tests before have left in this process, and other threads have work too.
    gc.disable()
    try:
        began = time.thread_time()
        # Anything else that is raised fails the test.
        with contextlib.suppress(ExpressionError):
            compiled = compile_text(text)
            compiled.execute(held) if compile_text is compile_script else compiled.evaluate(held)
        assert time.thread_time() - began < SOONEST
    finally:
        gc.enable()


def is_whole(depth: int = 3) -> st.SearchStrategy[str]:
    """Expressions that are well formed, so that evaluation is reached and not only the first gate."""
    leaves = st.sampled_from(
        [*NAMES, "1", "0", "2.5", '"text"', "true", "null", "[]", "{}", "999999999999999999"]
    )
    if not depth:
        return leaves
    inner = is_whole(depth - 1)
    operators = st.sampled_from(
        ["+", "-", "*", "/", "//", "%", "=", "!=", "<", ">=", "and", "or", "in", "not in"]
    )
    functions = st.sampled_from(
        ["len", "min", "max", "sum", "round", "abs", "lower", "str", "int", "number", "empty", "coalesce"]
    )
    return st.one_of(
        leaves,
        st.tuples(inner, operators, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(functions, inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"[{parts[0]}, {parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]}[{parts[1]}]"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        inner.map(lambda part: f"not {part}"),
        inner.map(lambda part: f"-{part}"),
        inner.map(lambda part: f"{{'a': {part}}}.a"),
    )


@examples
@given(st.text(max_size=60), variables)
@example("\ud800", {})
@example("\x00", {})
@example("${" * 500, {})
@example("(" * 1999, {})
@example("{" * 40 + "1" + "}" * 40, {})
def test_any_text_is_answered(text, held):
    answer(text, held)


@examples
@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join), variables)
def test_any_row_of_words_is_answered(text, held):
    answer(text, held)
    answer(f"x = {text}", held, compile_script)
    answer(f"a ${{{text}}} b", held, compile_template)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(is_whole(), variables)
def test_any_whole_expression_over_any_values_is_answered(text, held):
    answer(text, held)


@examples
@given(variables)
def test_it_never_changes_what_it_reads(held):
    before = repr(held)

    for text in ("[amount, order, names]", "{'a': order}", "names + names", "coalesce(order, names)"):
        answer(text, held)

    assert repr(held) == before
