"""A very long row of steps, cut into stretches: the engine follows a level step by step into the depth of its stack.

Each stretch becomes a made sub-process that is entered and left once, so that nothing else changes.
"""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import flows_in, made_id, make_flow, make_node, scopes_of
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, tag_of

RULE = "stretch"
LONGEST_ROW = 150
STRETCH = 50
_STEPS = frozenset({
    *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
    *("callActivity", "subProcess", "transaction", "intermediateCatchEvent", "intermediateThrowEvent"),
})  # fmt: skip


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for scope in scopes_of(root):
        if tag_of(scope) == "adHocSubProcess":
            continue
        level = _Level(scope)
        for row in level.rows():
            if len(row) <= LONGEST_ROW:
                continue
            for begin in range(0, len(row), STRETCH):
                level.wrap(row[begin : begin + STRETCH])
            yield Rewrite(
                RULE, row[0].get("id"), row[0].sourceline,
                f"从这里起的 {len(row)} 步分段执行。",
                f"The {len(row)} steps in a row from here are carried out in stretches.",
            )  # fmt: skip


class _Level:
    def __init__(self, scope: etree._Element) -> None:
        self.scope = scope
        self.nodes = {node.get("id"): node for node in scope if node.get("id")}
        self.leaving: dict[str | None, list[etree._Element]] = {}
        self.entering: dict[str | None, list[etree._Element]] = {}
        for flow in flows_in(scope):
            self.leaving.setdefault(flow.get("sourceRef"), []).append(flow)
            self.entering.setdefault(flow.get("targetRef"), []).append(flow)
        self.hosts = {one.get("attachedToRef") for one in scope.findall(f"{BPMN}boundaryEvent")}

    def rows(self) -> list[list[etree._Element]]:
        """Steps that follow each other, each entered and left by one flow only."""
        found = []
        for key, node in self.nodes.items():
            if not self._is_step(key) or self._is_step(self.entering[key][0].get("sourceRef")):
                continue
            row = [node]
            following = self.leaving[key][0].get("targetRef")
            while self._is_step(following):
                row.append(self.nodes[following])
                following = self.leaving[following][0].get("targetRef")
            found.append(row)
        return found

    def _is_step(self, key: str | None) -> bool:
        node = self.nodes.get(key)
        if node is None or tag_of(node) not in _STEPS or key in self.hosts:
            return False
        if node.get("triggeredByEvent") == "true" or node.get("isForCompensation") == "true":
            return False
        entering, leaving = self.entering.get(key, []), self.leaving.get(key, [])
        if len(entering) != 1 or len(leaving) != 1:
            return False
        before = self.nodes.get(entering[0].get("sourceRef"))
        # What stands behind an event gateway belongs to it.
        return before is not None and tag_of(before) != "eventBasedGateway"

    def wrap(self, steps: list[etree._Element]) -> None:
        first, last, line = steps[0].get("id", ""), steps[-1].get("id", ""), steps[0].sourceline
        inside = [self.leaving[step.get("id")][0] for step in steps[:-1]]
        into, out = self.entering[first][0], self.leaving[last][0]
        stretch = make_node(self.scope, "subProcess", made_id(first, "stretch"), line)
        start = make_node(stretch, "startEvent", made_id(first, "stretch_start"), line)
        end = make_node(stretch, "endEvent", made_id(first, "stretch_end"), line)
        for moved in (*steps, *inside):
            stretch.append(moved)
        into.set("targetRef", stretch.get("id"))
        out.set("sourceRef", stretch.get("id"))
        make_flow(stretch, made_id(first, "stretch_in"), start.get("id"), first, line)
        make_flow(stretch, made_id(first, "stretch_out"), last, end.get("id"), line)
