"""An extension with the id of a flow node (a form field `amount`, a task `amount`): flows would lead to the extension."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import scopes_of
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, tag_of

RULE = "extension-id"


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    nodes = {node.get("id") for scope in scopes_of(root) for node in (scope, *scope) if node.get("id")}
    for process in root.findall(f"{BPMN}process"):
        for node in process.iter():
            key = node.get("id")
            if not isinstance(node.tag, str) or node.tag.startswith(BPMN) or key not in nodes:
                continue
            del node.attrib["id"]
            yield Rewrite(
                RULE, key, node.sourceline,
                f"扩展 {tag_of(node)} 借用了图元的编号，其编号不读取。",
                f"The extension {tag_of(node)} bears the id of an element; its own id is not read.",
            )  # fmt: skip
