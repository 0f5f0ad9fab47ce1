"""Reads the columns of a table: what each asks for, of which kind, and which values it allows."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from engine.decisions.cells import UnreadableCell, read_literal, read_unary_test
from engine.decisions.item_types import ItemType, kind_of
from engine.decisions.place import Place
from engine.decisions.table import TableInput, TableOutput
from engine.decisions.unary import UnaryTest
from engine.decisions.values import stored, takes

_WORDS = frozenset({"true", "false", "null", "not", "date"})


def read_input(
    node: etree._Element, place: Place, prefix: str, types: Mapping[str, ItemType], number: int
) -> TableInput:
    """Raises DecisionError."""
    expressions = node.findall(f"{prefix}inputExpression")
    text = place.text(expressions[0], prefix) if expressions else ""
    label = node.get("label") or text or str(number)
    at = place.inside(f"input {label!r}", f"输入列“{label}”")
    path = tuple(part.strip() for part in text.split("."))
    if not all(part.isidentifier() for part in path) or path[0] in _WORDS or len(expressions) > 1:
        raise at.refused(
            node, f"Expected the name of a variable as input, but it is {text!r}.", f"输入应为变量名，但写的是“{text}”。"
        )  # fmt: skip
    kind, named = kind_of(expressions[0], types, at)
    values = node.find(f"{prefix}inputValues")
    allowed = None
    for one in (named, values):
        text = "" if one is None else at.text(one, prefix)
        if one is not None and text not in ("", "-"):
            allowed = _allowed(text, kind, one, at)
    return TableInput(label, path, kind, allowed)


def _allowed(text: str, kind: str, node: etree._Element, place: Place) -> UnaryTest:
    try:
        test = read_unary_test(text)
    except UnreadableCell as problem:
        raise place.refused(
            node, f"Expected input values such as \"a\",\"b\" or [1..5], but it is {problem}.",
            f"输入值应写成 \"a\",\"b\" 或 [1..5]，但写的是“{problem}”。",
        ) from problem  # fmt: skip
    for value in test.literals():
        if not takes(kind, value):
            raise place.refused(
                node, f"Expected input values of kind {kind}, but one is {stored(value)!r}.",
                f"输入值应为 {kind} 类型，但有“{stored(value)}”。",
            )  # fmt: skip
    return test


def read_output(
    node: etree._Element, place: Place, prefix: str, types: Mapping[str, ItemType], number: int
) -> TableOutput:
    """Raises DecisionError."""
    name = node.get("name") or f"output_{number}"
    at = place.inside(f"output {name}", f"输出列“{name}”")
    kind, named = kind_of(node, types, at)
    allowed: tuple[Any, ...] = ()
    for one in (named, node.find(f"{prefix}outputValues")):
        text = "" if one is None else at.text(one, prefix)
        if one is not None and text:
            allowed = _output_values(text, kind, one, at)
    default = node.find(f"{prefix}defaultOutputEntry")
    text = "" if default is None else at.text(default, prefix)
    value = (
        None
        if default is None
        else read_output_value(text, kind, allowed, default, at.inside("default", "默认值"))
    )
    return TableOutput(node.get("label") or name, name, kind, allowed, value, text != "")


def _output_values(text: str, kind: str, node: etree._Element, place: Place) -> tuple[Any, ...]:
    at = place.inside("output values", "输出值")
    values = read_output_value(f"[{text}]", kind, (), node, at)
    return tuple(values)


def read_output_value(
    text: str, kind: str, allowed: tuple[Any, ...], node: etree._Element, place: Place
) -> Any:
    """What a rule answers: a literal, or a list of literals, of the column's kind. Raises DecisionError."""
    try:
        value = read_literal(text)
    except UnreadableCell as problem:
        raise place.refused(
            node, f"Expected a text in quotes, a number, a date(\"YYYY-MM-DD\"), true, false or null, but it is {problem}.",
            f"应为引号中的文字、数字、date(\"YYYY-MM-DD\")、true、false 或 null，但写的是“{problem}”。",
        ) from problem  # fmt: skip
    for one in _flat(value):
        if not takes(kind, one):
            remedy = ' (write date("YYYY-MM-DD"))' if kind == "date" else ""
            raise place.refused(
                node, f"Expected an output of kind {kind}{remedy}, but it is {text}.", f"此列类型为 {kind}{remedy}，但写的是“{text}”。"
            )  # fmt: skip
    kept = stored(value)
    for one in _flat(kept):
        if allowed and one is not None and not any(type(one) is type(may) and one == may for may in allowed):
            raise place.refused(
                node, f"Expected one of the output values, but it is {one!r}.", f"“{one}”不在输出值之内。"
            )
    return kept


def _flat(value: Any) -> list[Any]:
    return [inner for one in value for inner in _flat(one)] if isinstance(value, list) else [value]
