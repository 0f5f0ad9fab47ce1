"""What would go wrong with the decision tables of a family: in themselves, among each other, and where diagrams ask them."""

from collections.abc import Iterator, Sequence, Set

from engine.decisions import DecisionTable, analyse
from engine.diagrams import Diagram, Element, Finding

_LISTS = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


def decision_findings(
    tables: Sequence[DecisionTable], diagrams: Sequence[Diagram], variables: Set[str] | None
) -> Iterator[Finding]:
    """`variables`: every name that something in the family sets; None when that is not known."""
    by_id: dict[str, DecisionTable] = {}
    for table in tables:
        if table.id in by_id:
            first = by_id[table.id].file_name
            yield _finding(
                "error", "same-id", table.file_name, table.id, None,
                f"决策编号与 {first} 中的重复，请改名。", f"A decision of this id stands in {first} too: rename one.",
            )  # fmt: skip
        by_id.setdefault(table.id, table)
        for one in analyse(table):
            yield _finding(one.severity, one.rule, table.file_name, table.id, one.line, one.zh, one.en)
    for diagram in diagrams:
        for process in diagram.processes:
            for element in process.elements.values():
                asked = by_id.get(element.decision_ref or "")
                if asked is not None:
                    yield from _mapping(diagram, element, asked)
                    yield from _inputs(diagram, element, asked, variables)


def _mapping(diagram: Diagram, element: Element, table: DecisionTable) -> Iterator[Finding]:
    """Mappings that would drop a part of the answer fail in the case; better to hear of it before."""
    mapping = element.map_decision_result
    if table.aggregation is not None:
        return
    if mapping in ("singleEntry", "collectEntries") and len(table.outputs) > 1:
        yield _finding(
            "error", "mapping", diagram.file_name, element.id, element.line,
            f"{mapping} 只取一列输出，但决策表“{table.id}”有 {len(table.outputs)} 列：请改用 singleResult 或 resultList。",
            f"{mapping} takes one output column, but decision {table.id} has {len(table.outputs)}: use singleResult or resultList.",
        )  # fmt: skip
    if mapping in ("singleEntry", "singleResult") and table.hit_policy in _LISTS:
        yield _finding(
            "warning", "mapping", diagram.file_name, element.id, element.line,
            f"{mapping} 只取一个结果，但决策表“{table.id}”的 {table.hit_policy} 可能给出多个：请改用 collectEntries 或 resultList。",
            f"{mapping} takes one answer, but {table.hit_policy} of decision {table.id} may give several: "
            "use collectEntries or resultList.",
        )  # fmt: skip


def _inputs(
    diagram: Diagram, element: Element, table: DecisionTable, variables: Set[str] | None
) -> Iterator[Finding]:
    if variables is None:
        return
    for name in sorted(table.asked() - variables):
        yield _finding(
            "error", "input", diagram.file_name, element.id, element.line,
            f"决策表“{table.id}”需要变量“{name}”，但没有表单、脚本或映射给出它。",
            f"Decision {table.id} asks for the variable {name!r}, but no form, script or mapping gives it.",
        )  # fmt: skip


def _finding(
    severity: str, rule: str, file: str, element_id: str, line: int | None, zh: str, en: str
) -> Finding:
    return Finding(
        severity, f"table-{rule}", file, element_id, None, line, {"zh": zh, "en": en}, {"zh": "", "en": ""}
    )
