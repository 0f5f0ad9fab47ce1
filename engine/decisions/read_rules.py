"""Reads the rules of a table: a test for each input, a value for each output."""

from lxml import etree

from engine.decisions.cells import UnreadableCell, read_unary_test
from engine.decisions.hit_policy import BY_PRIORITY
from engine.decisions.place import Place
from engine.decisions.read_columns import read_output_value
from engine.decisions.table import TableInput, TableOutput, TableRule
from engine.decisions.unary import Contains, Equal, Member, UnaryTest
from engine.decisions.values import family, family_of_kind, stored, takes


class RuleReader:
    def __init__(
        self, place: Place, prefix: str, inputs: tuple[TableInput, ...], outputs: tuple[TableOutput, ...]
    ) -> None:
        self.place, self.prefix, self.inputs, self.outputs = place, prefix, inputs, outputs
        names = [one.name for one in inputs]
        self.columns = {name: number for number, name in enumerate(names) if names.count(name) == 1}

    def rule(self, node: etree._Element, number: int) -> TableRule:
        """Raises DecisionError."""
        place = self.place.inside(f"rule {number}", f"第 {number} 条规则")
        cells = node.findall(f"{self.prefix}inputEntry")
        results = node.findall(f"{self.prefix}outputEntry")
        if len(cells) != len(self.inputs) or len(results) != len(self.outputs):
            raise place.refused(node, "Expected a cell for every column.", "单元格数与列数不一致。")
        tests = tuple(self._test(one, place, column) for column, one in enumerate(cells))
        outputs = tuple(self._output(one, place, column) for column, one in enumerate(results))
        return TableRule(node.get("id", f"rule_{number}"), number, node.sourceline, tests, outputs)

    def _output(self, node: etree._Element, place: Place, column: int) -> object:
        output = self.outputs[column]
        at = place.inside(f"output {column + 1} {output.name!r}", f"输出第 {column + 1} 列“{output.label}”")
        return read_output_value(at.text(node, self.prefix), output.kind, output.allowed, node, at)

    def _test(self, node: etree._Element, place: Place, column: int) -> UnaryTest:
        asked = self.inputs[column]
        at = place.inside(f"input {asked.label!r}", f"输入列“{asked.label}”")
        names = {name: number for name, number in self.columns.items() if number != column}
        try:
            test = read_unary_test(at.text(node, self.prefix), names)
        except UnreadableCell as problem:
            raise at.refused(
                node,
                "Expected a test such as \"a\",\"b\" or [1..5] or < 10 or date(\"2026-01-31\") or not(…) or -, "
                f"but it is {problem}.",
                f"应写成 \"a\",\"b\"、[1..5]、< 10、date(\"2026-01-31\")、not(…) 或 -，但写的是“{problem}”。",
            ) from problem  # fmt: skip
        self._check_kinds(test, node, at, asked)
        for other in test.beside():
            self._check_beside(asked, self.inputs[other], node, at)
        return test

    def _check_kinds(self, test: UnaryTest, node: etree._Element, at: Place, asked: TableInput) -> None:
        written = test.text.strip()
        dates = [one for one in test.literals() if family(one) == "date"]
        if dates and asked.kind != "date":
            raise at.refused(
                node, f"Expected values of kind {asked.kind}, but it is {written}: give the column the type date.",
                f"此列类型为 {asked.kind}，但写的是“{written}”：请把此列类型设为 date。",
            )  # fmt: skip
        is_list = any(isinstance(one, Contains) for one in test.tests)
        if not all(takes(asked.kind, one) for one in test.literals()) or (is_list and asked.kind != "Any"):
            remedy_en = ': write date("YYYY-MM-DD")' if asked.kind == "date" else ""
            raise at.refused(
                node, f"Expected values of kind {asked.kind}, but it is {written}{remedy_en}.",
                f"此列类型为 {asked.kind}，但写的是“{written}”{remedy_en}。",
            )  # fmt: skip
        if asked.allowed is None:
            return
        for one in test.tests:
            values = one.literals() if isinstance(one, Equal | Member | Contains) else []
            for value in values:
                if not asked.allowed.matches(value):
                    raise at.refused(
                        node, f"Expected one of the input values {asked.allowed.text}, but it is {stored(value)!r}.",
                        f"“{stored(value)}”不在输入值 {asked.allowed.text} 之内。",
                    )  # fmt: skip

    def _check_beside(self, asked: TableInput, other: TableInput, node: etree._Element, at: Place) -> None:
        kinds = family_of_kind(asked.kind), family_of_kind(other.kind)
        if None in kinds or kinds[0] != kinds[1]:
            raise at.refused(
                node, f"Expected two inputs of one type to compare, but {asked.label!r} is {asked.kind} and "
                f"{other.label!r} is {other.kind}: give both columns the same type.",
                f"比较的两列类型应相同，但“{asked.label}”为 {asked.kind}，“{other.label}”为 {other.kind}。",
            )  # fmt: skip


def check_outputs(
    place: Place, table: etree._Element, policy: str, aggregation: str | None,
    outputs: tuple[TableOutput, ...], rules: tuple[TableRule, ...],
) -> None:  # fmt: skip
    """What a hit policy asks of the outputs. Raises DecisionError."""
    at = place.inside("hit policy", "命中策略")
    if aggregation is not None and (policy != "COLLECT" or len(outputs) != 1):
        raise at.refused(
            table, f"Expected COLLECT with one output for {aggregation}.", f"汇总 {aggregation} 只能用于单列输出的 COLLECT。"
        )  # fmt: skip
    if policy in BY_PRIORITY and not any(one.allowed for one in outputs):
        raise at.refused(
            table, f"Expected output values in order of priority for {policy}.", f"命中策略 {policy} 需要按优先级列出输出值。"
        )  # fmt: skip
    if aggregation in (None, "COUNT"):
        return
    for rule in rules:
        if family(rule.outputs[0]) != "number":
            raise place.inside(
                f"rule {rule.number}, output {outputs[0].name}", f"第 {rule.number} 条规则，输出列“{outputs[0].label}”"
            ).refused(table, f"Expected a number for {aggregation}.", f"汇总 {aggregation} 需要数字。")  # fmt: skip
