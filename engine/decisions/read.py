"""Reads DMN files (1.1 to 1.5) as dmn-js and Camunda write them. What it does not understand it refuses."""

from functools import lru_cache

from lxml import etree

from engine.decisions.failure import DecisionError
from engine.decisions.item_types import read_item_types
from engine.decisions.place import Place, tag
from engine.decisions.read_table import TableReader
from engine.decisions.requirements import join_required
from engine.decisions.safe import parse_table_xml
from engine.decisions.table import DecisionTable

NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "http://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
# What may stand beside decisions because it only explains them, or is looked up where it is used.
_EXPLAINS = frozenset(
    {
        "description", "extensionElements", "itemDefinition", "inputData", "knowledgeSource", "textAnnotation", "association",
        "group", "elementCollection", "performanceIndicator", "organizationUnit", "decision", "DMNDI",
    }
)  # fmt: skip
_EXPLAINS_DECISION = frozenset(
    {
        "description", "extensionElements", "question", "allowedAnswers", "variable", "informationRequirement",
        "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker", "decisionOwner",
        "usingProcess", "usingTask", "decisionTable",
    }
)  # fmt: skip


# Compiling the cells is what loading a release costs most, and the same bytes are always the same tables.
@lru_cache(maxsize=1_024)
def read_decisions(content: bytes, file_name: str) -> tuple[DecisionTable, ...]:
    """All decision tables of one file, each with the tables that it requires. Raises DecisionError."""
    root = parse_table_xml(content, file_name, DecisionError)
    namespace = etree.QName(root).namespace or ""
    if namespace not in NAMESPACES or tag(root) != "definitions":
        raise DecisionError(
            file_name, "definitions", root.sourceline, "Expected a DMN 1.1 to 1.5 file.", "不是 DMN 1.1–1.5 文件。"
        )  # fmt: skip
    prefix = f"{{{namespace}}}"
    place = Place(file_name, "definitions", "文件")
    for node in root.iterchildren(f"{prefix}*"):
        if tag(node) not in _EXPLAINS:
            raise place.refused(
                node, f"The element {tag(node)} is not executed: expected decision tables only. Take it out.",
                f"不支持 {tag(node)}，文件中只应有决策表，请删去。",
            )  # fmt: skip
    place.refuse_other_language(root)
    types = read_item_types(root, prefix, place)
    nodes = root.findall(f"{prefix}decision")
    ids = [_id(node) for node in nodes]
    tables: list[DecisionTable] = []
    for node, key in zip(nodes, ids, strict=True):
        at = Place(file_name, key or "decision", f"决策“{key}”")
        if not key or ids.count(key) > 1:
            raise at.refused(node, "Expected an id of its own.", "决策编号缺失或重复。")
        _refuse_other_decisions(node, prefix, at)
        tables.append(TableReader(at, prefix, node, key, types).table())
    return tuple(join_required(tables, dict(zip(ids, nodes, strict=True)), prefix, file_name))


def _id(node: etree._Element) -> str:
    """Ids are optional in DMN, names are not: a table without an id is called by its name."""
    return str(node.get("id") or node.get("name", "").strip())


def _refuse_other_decisions(node: etree._Element, prefix: str, place: Place) -> None:
    for child in node.iterchildren(f"{prefix}*"):
        if tag(child) == "knowledgeRequirement":
            raise place.refused(
                child, "A business knowledge model is not called: put its rules into the table.",
                "不会调用业务知识模型，请把规则写进决策表。",
            )  # fmt: skip
        if tag(child) not in _EXPLAINS_DECISION:
            raise place.refused(
                child,
                f"Expected a decision table, but it is a {tag(child)}, which is not executed: "
                "write it as a table, or as a script task in the diagram.",
                f"只支持决策表，{tag(child)} 不会执行：请改为决策表，或在流程图中用脚本任务。",
            )  # fmt: skip
    if node.find(f"{prefix}decisionTable") is None:
        raise place.refused(
            node, "Expected a decision table, but the decision is empty: draw its table, or take it out.",
            "决策是空的，应有决策表：请补上或删去。",
        )  # fmt: skip
