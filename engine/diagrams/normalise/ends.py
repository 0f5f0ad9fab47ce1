"""A path that ends without an end event: the token is consumed there, so a made end event says so."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import definitions_of, flows_in, made_id, make_flow, make_node, scopes_of
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import tag_of

RULE = "end"
# Gateways, start events and boundary events lead somewhere by the standard: without a flow they are a mistake.
_MAY_END = frozenset({
    *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
    *("callActivity", "subProcess", "transaction", "adHocSubProcess"),
    *("intermediateCatchEvent", "intermediateThrowEvent"),
})  # fmt: skip


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for scope in scopes_of(root):
        if tag_of(scope) == "adHocSubProcess":
            continue
        sources = {flow.get("sourceRef") for flow in flows_in(scope)}
        for node in list(scope):
            element_id = node.get("id")
            if tag_of(node) not in _MAY_END or not element_id or element_id in sources:
                continue
            if _stands_aside(node):
                continue
            end = make_node(scope, "endEvent", made_id(element_id, "end"), node.sourceline)
            make_flow(scope, made_id(element_id, "to_end"), element_id, end.get("id"), node.sourceline)
            yield Rewrite(
                RULE, element_id, node.sourceline,
                "没有出线，走到这里即结束。", "Nothing leads on from here, so the path ends here.",
            )  # fmt: skip


def _stands_aside(node: etree._Element) -> bool:
    """Not on any path: an event sub-process, a compensation handler, a link that finds no other end."""
    return (
        node.get("triggeredByEvent") == "true"
        or node.get("isForCompensation") == "true"
        or "linkEventDefinition" in definitions_of(node)
    )
