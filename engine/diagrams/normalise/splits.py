"""Several flows out of a task or an event: all are taken, each that has a condition only if it holds.

The same is said with gateways: one that takes all, and one that asks. The default flow goes with the conditions: it is
taken when none of them holds, whatever stands beside (BPMN 2.0.2, 13.2.1).
"""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import flows_in, made_id, make_flow, make_node, scopes_of
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, tag_of

RULE = "split"
_ACTIVITIES = frozenset({
    *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"),
    *("callActivity", "subProcess", "transaction", "adHocSubProcess"),
})  # fmt: skip
# A condition behind an event has no meaning by the standard: lint refuses it.
_EVENTS = frozenset({"startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for scope in scopes_of(root):
        leaving: dict[str | None, list[etree._Element]] = {}
        for flow in flows_in(scope):
            leaving.setdefault(flow.get("sourceRef"), []).append(flow)
        for node in list(scope):
            flows = leaving.get(node.get("id"), [])
            asked = [flow for flow in flows if _has_condition(flow)]
            if tag_of(node) in _ACTIVITIES and (len(flows) > 1 or asked):
                yield _of_activity(scope, node, flows, asked)
            elif tag_of(node) in _EVENTS and len(flows) > 1 and not asked:
                _all_taken(scope, node, flows)
                yield _note(node, "多条出线同时走。", "All of its outgoing flows are taken.")


def _of_activity(
    scope: etree._Element, node: etree._Element, flows: list[etree._Element], asked: list[etree._Element]
) -> Rewrite:
    default = node.attrib.pop("default", None)
    if not asked:
        # Nothing is asked, so the default is taken as well.
        _all_taken(scope, node, flows)
        return _note(node, "多条出线同时走。", "All of its outgoing flows are taken.")
    choice = [*asked, *(flow for flow in flows if flow.get("id") == default and flow not in asked)]
    always = [flow for flow in flows if flow not in choice]
    chooser = _chooser(scope, node, choice, asked, default)
    if always:
        _nothing_else(scope, node, chooser)
        into = make_flow(scope, made_id(node.get("id"), "to_choice"), "", chooser.get("id"), node.sourceline)
        _all_taken(scope, node, [*always, into])
    else:
        _lead_to(scope, node, chooser)
    return _note(
        node, "出线上的条件分别判断，成立的都走。",
        "The conditions on its outgoing flows are asked one by one, and each that holds is taken.",
    )  # fmt: skip


def _chooser(
    scope: etree._Element,
    node: etree._Element,
    choice: list[etree._Element],
    asked: list[etree._Element],
    default: str | None,
) -> etree._Element:
    """Asks all conditions; where only one stands against the default, exactly one flow is taken."""
    tag = "exclusiveGateway" if len(asked) == 1 else "inclusiveGateway"
    chooser: etree._Element = make_node(scope, tag, made_id(node.get("id"), "choice"), node.sourceline)
    for flow in choice:
        flow.set("sourceRef", chooser.get("id"))
        if flow.get("id") == default:
            chooser.set("default", default)
    return chooser


def _nothing_else(scope: etree._Element, node: etree._Element, chooser: etree._Element) -> None:
    """Beside flows that are always taken it is no mistake when no condition holds: then nothing more happens."""
    if chooser.get("default"):
        return
    line = node.sourceline
    end = make_node(scope, "endEvent", made_id(node.get("id"), "none"), line)
    flow = make_flow(scope, made_id(node.get("id"), "to_none"), chooser.get("id"), end.get("id"), line)
    chooser.set("default", flow.get("id"))


def _all_taken(scope: etree._Element, node: etree._Element, flows: list[etree._Element]) -> None:
    split = make_node(scope, "parallelGateway", made_id(node.get("id"), "split"), node.sourceline)
    for flow in flows:
        flow.set("sourceRef", split.get("id"))
    _lead_to(scope, node, split)


def _lead_to(scope: etree._Element, node: etree._Element, gateway: etree._Element) -> None:
    make_flow(
        scope, made_id(node.get("id"), "to_split"), node.get("id", ""), gateway.get("id", ""), node.sourceline
    )


def _has_condition(flow: etree._Element) -> bool:
    condition = flow.find(f"{BPMN}conditionExpression")
    return condition is not None and bool((condition.text or "").strip())


def _note(node: etree._Element, zh: str, en: str) -> Rewrite:
    return Rewrite(RULE, node.get("id"), node.sourceline, zh, en)
