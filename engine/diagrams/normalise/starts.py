"""No start event: everything that nothing leads to starts at once when its process or sub-process does."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import flows_in, made_id, make_flow, make_node, scopes_of
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, tag_of

RULE = "start"
_FIRST = frozenset({
    *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
    *("callActivity", "subProcess", "transaction", "adHocSubProcess", "intermediateThrowEvent"),
    *("intermediateCatchEvent", "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"),
})  # fmt: skip


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for scope in scopes_of(root):
        scope_id = scope.get("id")
        if not scope_id or tag_of(scope) == "adHocSubProcess" or scope.get("triggeredByEvent") == "true":
            continue
        if scope.find(f"{BPMN}startEvent") is not None:
            continue
        first = _first(scope)
        if not first:
            continue
        start = make_node(scope, "startEvent", made_id(scope_id, "start"), scope.sourceline)
        for node in first:
            key = made_id(node.get("id", ""), "from_start")
            make_flow(scope, key, start.get("id"), node.get("id", ""), node.sourceline)
        names = ", ".join(node.get("id", "") for node in first)
        yield Rewrite(
            RULE, scope_id, scope.sourceline,
            f"没有开始事件，从 {names} 开始。", f"It has no start event and starts with {names}.",
        )  # fmt: skip


def _first(scope: etree._Element) -> list[etree._Element]:
    reached = {flow.get("targetRef") for flow in flows_in(scope)}
    return [
        node
        for node in scope
        if tag_of(node) in _FIRST
        and node.get("id")
        and node.get("id") not in reached
        and node.get("triggeredByEvent") != "true"
        and node.get("isForCompensation") != "true"
        and node.get("instantiate") != "true"
    ]
