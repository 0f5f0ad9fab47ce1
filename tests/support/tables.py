"""Decision tables for tests, written as rows: `table(["level"], ["limit"], ['"outlet" | "3 WD"'])`."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from engine.decisions import DecisionTable, read_decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[str],
    *,
    policy: str | None = None,
    aggregation: str | None = None,
    values: str | None = None,
    extra: str = "",
    namespace: str = NAMESPACE,
) -> bytes:
    """`inputs` and `outputs`: `name` or `name:kind`, then maybe ` in VALUES`, of an output also ` default VALUE`.

    A rule holds its cells, apart by ` | `. `values`: of the first output.
    """
    columns = []
    for number, one in enumerate(inputs):
        column, _, allowed = one.partition(" in ")
        name, _, kind = column.partition(":")
        columns.append(
            f'<input id="i{number}" label="{escape(name)}"><inputExpression id="e{number}" typeRef="{kind or "Any"}">'
            f"<text>{escape(name)}</text></inputExpression>{_texts('inputValues', allowed)}</input>"
        )
    for number, one in enumerate(outputs):
        column, _, default = one.partition(" default ")
        column, _, allowed = column.partition(" in ")
        name, _, kind = column.partition(":")
        allowed = allowed or (values if values and not number else "")
        columns.append(
            f'<output id="o{number}" name="{name}" typeRef="{kind or "Any"}">{_texts("outputValues", allowed)}'
            f"{_texts('defaultOutputEntry', default)}</output>"
        )
    for number, row in enumerate(rules, 1):
        cells = row.split(" | ")
        entries = [
            f"<{'inputEntry' if place < len(inputs) else 'outputEntry'} id='c{number}_{place}'><text>{escape(cell.strip())}</text>"
            f"</{'inputEntry' if place < len(inputs) else 'outputEntry'}>"
            for place, cell in enumerate(cells)
        ]
        columns.append(f'<rule id="r{number}">{"".join(entries)}</rule>')
    attributes = f' hitPolicy="{policy}"' if policy else ""
    attributes += f' aggregation="{aggregation}"' if aggregation else ""
    return (
        f'<definitions xmlns="{namespace}" id="d" name="d" namespace="t">'
        f'<decision id="choose" name="定级">{extra}'
        f'<decisionTable id="t"{attributes}>{"".join(columns)}</decisionTable></decision></definitions>'
    ).encode()


def _texts(element: str, text: str) -> str:
    return f"<{element}><text>{escape(text)}</text></{element}>" if text else ""


def table(*args: Any, **options: Any) -> DecisionTable:
    return read_decisions(dmn(*args, **options), "level.dmn")[0]
