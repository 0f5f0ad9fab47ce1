"""Reads one decision table: policy, columns, rules. Each refusal names decision, rule and column."""

from collections.abc import Mapping

from lxml import etree

from engine.decisions.failure import DecisionError
from engine.decisions.hit_policy import AGGREGATIONS, HIT_POLICIES
from engine.decisions.item_types import ItemType
from engine.decisions.place import Place, tag
from engine.decisions.read_columns import read_input, read_output
from engine.decisions.read_rules import RuleReader, check_outputs
from engine.decisions.table import DecisionTable, TableInput, TableOutput

MOST_COLUMNS = 100
# By namespace: attributes of other makers that say nothing about what a table answers.
_HARMLESS = {
    "http://camunda.org/schema/1.0/dmn": {"historyTimeToLive", "versionTag", "inputVariable", "diagramRelationId"},
    "http://www.w3.org/2001/XMLSchema-instance": {"schemaLocation"},
}  # fmt: skip
_EDITOR = "http://bpmn.io/schema/dmn/biodi/"
_ATTRIBUTES = frozenset(
    {
        "id", "name", "label", "typeRef", "expressionLanguage", "hitPolicy", "aggregation", "preferredOrientation", "outputLabel",
        "href", "textFormat",
    }
)  # fmt: skip
_ELEMENTS = frozenset(
    {
        "input", "output", "rule", "annotation", "description", "extensionElements", "inputExpression", "inputValues", "outputValues",
        "defaultOutputEntry", "inputEntry", "outputEntry", "annotationEntry", "text",
    }
)  # fmt: skip


class TableReader:
    def __init__(
        self, place: Place, prefix: str, node: etree._Element, key: str, types: Mapping[str, ItemType]
    ) -> None:
        self.place, self.prefix, self.node, self.id, self.types = place, prefix, node, key, types

    def table(self) -> DecisionTable:
        """Raises DecisionError."""
        tables = self.node.findall(f"{self.prefix}decisionTable")
        table = tables[0]
        if len(tables) > 1:
            raise self.place.refused(tables[1], "Expected one table in a decision.", "一个决策只能有一张表。")
        self._refuse_unread(table)
        policy, aggregation = self._policy(table)
        inputs = tuple(
            read_input(one, self.place, self.prefix, self.types, number)
            for number, one in enumerate(table.findall(f"{self.prefix}input"), 1)
        )
        outputs = tuple(
            read_output(one, self.place, self.prefix, self.types, number)
            for number, one in enumerate(table.findall(f"{self.prefix}output"), 1)
        )
        self._check_columns(table, inputs, outputs)
        reader = RuleReader(self.place, self.prefix, inputs, outputs)
        rules = tuple(
            reader.rule(one, number) for number, one in enumerate(table.findall(f"{self.prefix}rule"), 1)
        )
        if len({one.id for one in rules}) < len(rules):
            raise self.place.refused(table, "Expected an id of its own for each rule.", "规则编号重复。")
        check_outputs(self.place, table, policy, aggregation, outputs, rules)
        name = self.node.get("name", self.id)
        variable = self.node.find(f"{self.prefix}variable")
        called = name if variable is None else variable.get("name", name)
        return DecisionTable(
            self.id, name, self.place.file_name, policy, aggregation, inputs, outputs, rules, called,
            unread=tuple(self._unread_attributes()),
        )  # fmt: skip

    def _policy(self, table: etree._Element) -> tuple[str, str | None]:
        policy, aggregation = table.get("hitPolicy", "UNIQUE"), table.get("aggregation")
        place = self.place.inside("hit policy", "命中策略")
        if policy not in HIT_POLICIES:
            raise place.refused(
                table, f"Expected one of {', '.join(HIT_POLICIES)}, but it is {policy}.",
                f"命中策略“{policy}”不受支持，应为 {'、'.join(HIT_POLICIES)} 之一。",
            )  # fmt: skip
        if aggregation not in AGGREGATIONS:
            raise place.refused(
                table, f"Expected SUM, MIN, MAX or COUNT, but it is {aggregation}.",
                f"汇总方式“{aggregation}”不受支持，应为 SUM、MIN、MAX 或 COUNT。",
            )  # fmt: skip
        return policy, aggregation

    def _check_columns(
        self, table: etree._Element, inputs: tuple[TableInput, ...], outputs: tuple[TableOutput, ...]
    ) -> None:
        if not outputs:
            raise self._refused(table, "Expected at least one output.", "至少要有一列输出。")
        if len(inputs) + len(outputs) > MOST_COLUMNS:
            raise self._refused(
                table, f"Expected at most {MOST_COLUMNS} columns.", f"最多 {MOST_COLUMNS} 列。"
            )
        names = [one.name for one in outputs]
        for name in names:
            if names.count(name) > 1:
                raise self._refused(
                    table, f"Expected a name of its own for each output, but {name!r} stands twice.",
                    f"输出列名“{name}”重复，每列应有自己的名称。",
                )  # fmt: skip

    def _refuse_unread(self, table: etree._Element) -> None:
        """What another engine might execute and this one would not see, such as a misspelt attribute."""
        rules = {rule: number for number, rule in enumerate(table.findall(f"{self.prefix}rule"), 1)}
        for node in table.iter(f"{self.prefix}*"):
            number = next((rules[one] for one in (node, *node.iterancestors()) if one in rules), None)
            place = (
                self.place if number is None else self.place.inside(f"rule {number}", f"第 {number} 条规则")
            )
            place.refuse_other_language(node)
            if tag(node) not in _ELEMENTS and node is not table:
                raise place.refused(
                    node,
                    f"An element {tag(node)} is not read here: take it out.",
                    f"此处不支持 {tag(node)}，请删去。",
                )
            for name in node.attrib:
                if not str(name).startswith("{") and name not in _ATTRIBUTES:
                    raise place.refused(
                        node, f"The attribute {name!r} of {tag(node)} is not known: correct or remove it.",
                        f"{tag(node)} 的属性“{name!s}”不认识，请更正或删去。",
                    )  # fmt: skip

    def _unread_attributes(self) -> list[str]:
        found: dict[str, None] = {}
        for node in self.node.iter(f"{self.prefix}*"):
            for name in node.attrib:
                known = etree.QName(str(name))
                if known.namespace is None or known.namespace.startswith(_EDITOR):
                    continue
                if known.localname not in _HARMLESS.get(known.namespace, ()):
                    found[f"{known.localname} ({tag(node)})"] = None
        return list(found)

    def _refused(self, node: etree._Element, en: str, zh: str) -> DecisionError:
        return self.place.refused(node, en, zh)
