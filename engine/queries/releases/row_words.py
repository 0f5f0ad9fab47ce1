"""Rows of tables as their owners say them: `amount < 5`."""

from engine.decisions import DecisionTable
from engine.decisions.table import TableRule
from engine.diagrams.diff import value_text

_COMPARISONS = ("<", ">", "=", "!", "not(", "[", "(", "]")


def row_words(table: DecisionTable, rule: TableRule) -> dict[str, str]:
    """`if` and `then` of a row, each test with the label of its column; what is not asked is left out."""
    tests = [
        _test(column.label or column.name, test.text.strip())
        for column, test in zip(table.inputs, rule.tests, strict=True)
        if not test.is_any
    ]
    answers = [value_text(one) or "-" for one in rule.outputs]
    if len(table.outputs) > 1:
        answers = [
            f"{column.label or column.name} = {answer}"
            for column, answer in zip(table.outputs, answers, strict=True)
        ]
    return {"if": "; ".join(tests) or "-", "then": "; ".join(answers)}


def _test(label: str, text: str) -> str:
    return f"{label} {text}" if text.startswith(_COMPARISONS) else f"{label} = {text}"
