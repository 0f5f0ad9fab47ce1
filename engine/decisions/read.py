"""Reads DMN files (1.1 to 1.3) as dmn-js writes them. What it does not understand it refuses, with the cell."""

from lxml import etree

from engine.decisions.safe import parse_table_xml
from engine.decisions.table import (
    AGGREGATIONS,
    HIT_POLICIES,
    DecisionTable,
    TableInput,
    TableOutput,
    TableRule,
)
from engine.decisions.unary import UnaryTest, UnreadableCell, read_literal, read_unary_test

NAMESPACES = (
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
)


class DecisionError(ValueError):
    """A table that would not be executed as drawn: file, decision, rule, column, reason, remedy."""

    def __init__(self, file_name: str, place: str, line: int | None, en: str, zh: str) -> None:
        at = f"{file_name}{f':{line}' if line else ''}"
        super().__init__(f"{at}: {place}: {en}")
        self.file_name, self.place, self.line = file_name, place, line
        self.en, self.zh = f"{at}: {place}: {en}", f"{at}：{place}：{zh}"


def read_decisions(content: bytes, file_name: str) -> list[DecisionTable]:
    """All decision tables of one file. Raises DecisionError."""
    root = parse_table_xml(content, file_name, DecisionError)
    namespace = etree.QName(root).namespace or ""
    if namespace not in NAMESPACES:
        raise DecisionError(
            file_name,
            "definitions",
            root.sourceline,
            "Expected a DMN 1.1 to 1.3 file.",
            "不是 DMN 1.1–1.3 文件。",
        )
    readers = [
        _Reader(file_name, f"{{{namespace}}}", one) for one in root.findall(f"{{{namespace}}}decision")
    ]
    keys = [one.id for one in readers]
    for reader in readers:
        if keys.count(reader.id) > 1 or not reader.id:
            raise reader.refused("", reader.node, "Expected an id of its own.", "决策编号缺失或重复。")
    return [reader.table() for reader in readers]


class _Reader:
    def __init__(self, file_name: str, prefix: str, node: etree._Element) -> None:
        self.file_name, self.prefix, self.node = file_name, prefix, node
        self.id = node.get("id", "")

    def table(self) -> DecisionTable:
        table = self.node.find(f"{self.prefix}decisionTable")
        if table is None:
            raise self.refused(
                "", self.node, "Expected a decision table; other kinds of decision are not executed.",
                "只支持决策表，其他形式不会执行。",
            )  # fmt: skip
        self._refuse_unread(table)
        policy = table.get("hitPolicy", "UNIQUE")
        aggregation = table.get("aggregation")
        if policy not in HIT_POLICIES or aggregation not in AGGREGATIONS:
            raise self.refused(
                "hit policy", table, f"Expected one of {', '.join(HIT_POLICIES)}, but it is {policy}.",
                f"命中策略“{policy}”不受支持。",
            )  # fmt: skip
        inputs = tuple(self._input(one) for one in table.findall(f"{self.prefix}input"))
        outputs = tuple(
            self._output(one, number) for number, one in enumerate(table.findall(f"{self.prefix}output"))
        )
        if not outputs:
            raise self.refused("", table, "Expected at least one output.", "至少要有一列输出。")
        rules = tuple(
            self._rule(one, number, inputs, len(outputs))
            for number, one in enumerate(table.findall(f"{self.prefix}rule"), 1)
        )
        self._check_policy(table, policy, aggregation, outputs, rules)
        return DecisionTable(
            self.id,
            self.node.get("name", self.id),
            self.file_name,
            policy,
            aggregation,
            inputs,
            outputs,
            rules,
        )

    def _refuse_unread(self, table: etree._Element) -> None:
        """What other engines would execute and this one does not."""
        if self.node.find(f"{self.prefix}informationRequirement/{self.prefix}requiredDecision") is not None:
            raise self.refused(
                "", self.node, "Decisions are not chained: call one after the other in the diagram.",
                "决策之间不会自动串联，请在流程图中依次调用。",
            )  # fmt: skip
        for node in table.iter(f"{self.prefix}defaultOutputEntry"):
            raise self.refused(
                "default output",
                node,
                "A default output is not executed: add a last rule.",
                "默认输出不会执行，请加一条规则。",
            )
        for node in table.iter(f"{self.prefix}*"):
            language = node.get("expressionLanguage", "feel")
            if "feel" not in language.lower():
                raise self.refused(
                    "",
                    node,
                    f"Expected FEEL, but a cell is written in {language}.",
                    f"单元格语言“{language}”不受支持，应为 FEEL。",
                )

    def _check_policy(
        self, table: etree._Element, policy: str, aggregation: str | None,
        outputs: tuple[TableOutput, ...], rules: tuple[TableRule, ...],
    ) -> None:  # fmt: skip
        if aggregation is not None and (policy != "COLLECT" or len(outputs) != 1):
            raise self.refused(
                "hit policy", table, f"Expected COLLECT with one output for {aggregation}.",
                f"汇总 {aggregation} 只能用于单列输出的 COLLECT。",
            )  # fmt: skip
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(one.allowed for one in outputs):
            raise self.refused(
                "hit policy", table, f"Expected output values in order of priority for {policy}.",
                f"命中策略 {policy} 需要按优先级列出输出值。",
            )  # fmt: skip
        for rule in rules:
            for output, value in zip(outputs, rule.outputs, strict=True):
                place = f"rule {rule.number}, output {output.name}"
                if aggregation not in (None, "COUNT") and (
                    isinstance(value, bool) or not isinstance(value, int | float)
                ):
                    raise self.refused(
                        place,
                        table,
                        f"Expected a number for {aggregation}.",
                        f"汇总 {aggregation} 需要数字。",
                    )
                if output.allowed and value is not None and value not in output.allowed:
                    raise self.refused(
                        place,
                        table,
                        f"Expected one of the output values, but it is {value!r}.",
                        f"“{value}”不在输出值之内。",
                    )

    def _input(self, node: etree._Element) -> TableInput:
        expression = node.find(f"{self.prefix}inputExpression")
        text = "" if expression is None else self._text(expression)
        path = tuple(part.strip() for part in text.split("."))
        if not all(part.isidentifier() for part in path):
            raise self.refused(
                f"input {node.get('label', text)}", node,
                f"Expected the name of a variable as input, but it is {text!r}.", f"输入应为变量名，但写的是“{text}”。",
            )  # fmt: skip
        kind = "Any" if expression is None else expression.get("typeRef", "Any")
        return TableInput(node.get("label") or text, path, kind)

    def _output(self, node: etree._Element, number: int) -> TableOutput:
        values = node.find(f"{self.prefix}outputValues")
        allowed: tuple[object, ...] = ()
        if values is not None:
            literal = self._literal(f"[{self._text(values)}]", "output values", values)
            allowed = tuple(literal) if isinstance(literal, list) else ()
        return TableOutput(
            node.get("label") or node.get("name", ""), node.get("name") or f"output_{number + 1}",
            node.get("typeRef", "Any"), allowed,
        )  # fmt: skip

    def _rule(
        self, node: etree._Element, number: int, inputs: tuple[TableInput, ...], outputs: int
    ) -> TableRule:
        cells = node.findall(f"{self.prefix}inputEntry")
        results = node.findall(f"{self.prefix}outputEntry")
        if len(cells) != len(inputs) or len(results) != outputs:
            raise self.refused(
                f"rule {number}", node, "Expected a cell for every column.", "单元格数与列数不一致。"
            )
        return TableRule(
            node.get("id", f"rule_{number}"),
            number,
            node.sourceline,
            tuple(self._test(one, number, column) for column, one in zip(inputs, cells, strict=True)),
            tuple(
                self._literal(self._text(one), f"rule {number}, output {column}", one)
                for column, one in enumerate(results, 1)
            ),
        )

    def _test(self, node: etree._Element, number: int, column: TableInput) -> UnaryTest:
        place = f"rule {number}, input {column.label!r}"
        try:
            test = read_unary_test(self._text(node))
        except UnreadableCell as problem:
            raise self.refused(
                place, node,
                f"Expected a test such as \"a\",\"b\" or [1..5] or < 10 or not(…) or -, but it is {problem}.",
                f"应写成 \"a\",\"b\"、[1..5]、< 10、not(…) 或 -，但写的是“{problem}”。",
            ) from problem  # fmt: skip
        if not all(column.takes(value) for value in test.literals()):
            raise self.refused(
                place, node, f"Expected values of kind {column.kind}, but it is {test.text.strip()}.",
                f"此列类型为 {column.kind}，但写的是“{test.text.strip()}”。",
            )  # fmt: skip
        return test

    def _literal(self, text: str, place: str, node: etree._Element) -> object:
        try:
            return read_literal(text)
        except UnreadableCell as problem:
            raise self.refused(
                place, node, f"Expected a text in quotes, a number, true, false or null, but it is {problem}.",
                f"应为引号中的文字、数字、true、false 或 null，但写的是“{problem}”。",
            ) from problem  # fmt: skip

    def _text(self, node: etree._Element) -> str:
        child = node.find(f"{self.prefix}text")
        return "" if child is None else (child.text or "").strip()

    def refused(self, place: str, node: etree._Element, en: str, zh: str) -> DecisionError:
        where = f"{self.id}{f', {place}' if place else ''}"
        return DecisionError(self.file_name, where, node.sourceline, en, zh)
