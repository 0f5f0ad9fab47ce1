"""Limits and rows of tables as their owners say them: `2 个工作日`, `amount < 5`."""

from engine.decisions import DecisionTable
from engine.decisions.table import TableRule
from engine.diagrams.diff import value_text
from engine.worktime import LimitError, parse_any_limit, parse_range

_COMPARISONS = ("<", ">", "=", "!", "not(", "[", "(", "]")


def spoken_limit(value: str, locale: str) -> str:
    """What a profile writes as a limit, in words; a text that is none stays as it is."""
    try:
        if any(dash in value for dash in "–-") and not value.startswith("every "):
            found = parse_range(value)
            return f"{found.lower.amount}–{found.upper.says(locale)}"
        return parse_any_limit(value).says(locale)
    except LimitError:
        return value


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
