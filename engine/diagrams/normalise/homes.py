"""A flow that is written outside of the sub-process whose elements it joins: moved to them, or its token is lost."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.diagrams.normalise.made import scopes_of
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN

RULE = "flow-home"


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    home: dict[str | None, Any] = {
        node.get("id"): scope for scope in scopes_of(root) for node in scope if node.get("id")
    }
    for flow in list(root.iter(f"{BPMN}sequenceFlow")):
        scope = home.get(flow.get("sourceRef"))
        if scope is None or scope == flow.getparent() or scope != home.get(flow.get("targetRef")):
            continue
        if flow in scope.iterancestors():
            continue  # A flow that holds what it joins is none: lint refuses it.
        line = flow.sourceline
        scope.append(flow)
        yield Rewrite(
            RULE, flow.get("id"), line,
            f"连线移到它所连接的 {scope.get('id')} 里。",
            f"The flow is moved into {scope.get('id')}, whose elements it joins.",
        )  # fmt: skip
