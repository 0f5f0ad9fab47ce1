"""A sequence flow may lack an id; the engine would lose its token."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import made_id
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN

RULE = "flow-id"


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    given: dict[str, int] = {}
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        if flow.get("id"):
            continue
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        stem = f"to_{target.replace('.', '_')}"
        given[source + stem] = count = given.get(source + stem, 0) + 1
        flow.set("id", made_id(source, stem if count == 1 else f"{stem}_{count}"))
        yield Rewrite(
            RULE, source, flow.sourceline,
            f"从 {source} 到 {target} 的连线没有编号，已补上。",
            f"The flow from {source} to {target} has no id and was given one.",
        )  # fmt: skip
