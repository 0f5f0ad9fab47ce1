"""The escape corpus: no attack gets anything, each answer names the place, and none takes long."""

import builtins
import sys
import time

import pytest
from escapes import ATTACKS, BOMBS, SCRIPTS, VARIABLES

from engine.expressions import ExpressionError, compile_expression, compile_script, compile_template

CORPUS = [(kind, text) for kind, texts in ATTACKS.items() for text in texts]
LONGEST_SECONDS = 0.5


def name_of(value: object) -> str:
    return ascii(value)[:48]


def test_the_corpus_is_large_and_has_no_text_twice():
    texts = [text for _, text in CORPUS]

    assert len(texts) >= 300
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(("kind", "text"), CORPUS, ids=name_of)
def test_an_attack_is_refused_and_names_its_place(kind, text):
    before = (set(sys.modules), set(vars(builtins)), repr(VARIABLES))
    began = time.process_time()

    with pytest.raises(ExpressionError) as refused:
        compile_expression(text).evaluate(VARIABLES)

    assert time.process_time() - began < LONGEST_SECONDS
    assert (set(sys.modules), set(vars(builtins)), repr(VARIABLES)) == before
    placed = refused.value.at("is_amount_large", 12, "complaint.bpmn")
    assert placed.en.startswith("complaint.bpmn, is_amount_large, line 12: In `")
    assert placed.zh.startswith("complaint.bpmn, is_amount_large, line 12：表达式“")
    assert placed.reason_en
    assert placed.reason_zh
    assert len(placed.en) < 600
    assert "__main__" not in placed.en
    assert "Traceback" not in placed.en


@pytest.mark.parametrize("text", SCRIPTS, ids=name_of)
def test_an_attack_in_a_script_is_refused(text):
    with pytest.raises(ExpressionError):
        compile_script(text).execute(VARIABLES)


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_script_that_would_fill_the_memory_is_stopped(text):
    began = time.process_time()

    with pytest.raises(ExpressionError, match=r"too (large|long)"):
        compile_script(text).execute({})

    assert time.process_time() - began < LONGEST_SECONDS


@pytest.mark.parametrize(
    "text",
    ["投诉 ${amount.__class__}", "${open('/etc/passwd')}", "a ${", "${'}'", "${amount} ${x for x in names}", "${order}!", "${names} ", "${amount}" * 41, "x" * 20_001],
    ids=name_of,
)  # fmt: skip
def test_an_attack_in_a_text_is_refused(text):
    with pytest.raises(ExpressionError):
        compile_template(text).evaluate(VARIABLES)


def test_a_very_long_script_is_refused_before_it_is_compiled():
    began = time.process_time()

    with pytest.raises(ExpressionError, match="1 to 50"):
        compile_script("\n".join(f"x{number} = amount + {number}" for number in range(200_000)))

    assert time.process_time() - began < LONGEST_SECONDS


def test_a_long_key_that_is_missing_is_not_compared_with_other_long_keys():
    holder = {"table": {f"{number}{'x' * 5000}": number for number in range(300)}, "code": "y" * 5000}
    began = time.process_time()

    with pytest.raises(ExpressionError, match="There is no variable"):
        compile_expression("table[code]").evaluate(holder)

    assert time.process_time() - began < LONGEST_SECONDS


def test_a_message_shows_only_the_beginning_of_a_long_value():
    with pytest.raises(ExpressionError) as refused:
        compile_expression("order[text]").evaluate(VARIABLES)

    assert len(refused.value.en) < 200
