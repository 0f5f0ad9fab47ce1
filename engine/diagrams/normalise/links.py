"""A pair of link events is a flow that was not drawn through the whole page."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import definitions_of, flows_in, made_id, make_flow, scopes_of
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN

RULE = "link"
_LINK = "linkEventDefinition"


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for scope in scopes_of(root):
        catchers = _links(scope, "intermediateCatchEvent")
        throwers = _links(scope, "intermediateThrowEvent")
        for name, sources in throwers.items():
            targets = catchers.get(name, [])
            # Without exactly one other end nobody knows where the token goes: lint refuses what is left.
            if name and len(targets) == 1 and not _has_flows(scope, sources, targets[0]):
                for source in sources:
                    yield _join(scope, source, targets[0])
                _plain(targets[0])


def _links(scope: etree._Element, tag: str) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for node in scope.findall(f"{BPMN}{tag}"):
        if definitions_of(node) == [_LINK]:
            found.setdefault((node.find(f"{BPMN}{_LINK}").get("name") or "").strip(), []).append(node)
    return found


def _has_flows(scope: etree._Element, sources: list[etree._Element], target: etree._Element) -> bool:
    """Something leaves the throwing end or enters the catching one."""
    thrown = {source.get("id") for source in sources}
    return any(
        flow.get("sourceRef") in thrown or flow.get("targetRef") == target.get("id")
        for flow in flows_in(scope)
    )


def _join(scope: etree._Element, source: etree._Element, target: etree._Element) -> Rewrite:
    _plain(source)
    make_flow(
        scope,
        made_id(source.get("id", ""), "link"),
        source.get("id", ""),
        target.get("id", ""),
        source.sourceline,
    )
    return Rewrite(
        RULE, source.get("id"), source.sourceline,
        f"链接事件按直接连到 {target.get('id')} 执行。",
        f"The link is carried out as a flow to {target.get('id')}.",
    )  # fmt: skip


def _plain(event: etree._Element) -> None:
    """An intermediate event without a definition: it is passed."""
    event.tag = f"{BPMN}intermediateThrowEvent"
    for child in event.findall(f"{BPMN}{_LINK}"):
        event.remove(child)
