"""`eventDefinitionRef`: the definition stands at the root of the file; a copy of it is put where it is named."""

import copy
from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, tag_of

RULE = "event-definition"


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    known = {
        one.get("id"): one
        for one in root.iter(f"{BPMN}*")
        if tag_of(one).endswith("EventDefinition") and one.get("id")
    }
    for reference in list(root.iter(f"{BPMN}eventDefinitionRef")):
        event = reference.getparent()
        definition = known.get((reference.text or "").strip())
        if event is None or definition is None:
            continue  # Lint refuses a reference that leads nowhere.
        taken = copy.deepcopy(definition)
        taken.attrib.pop("id", None)
        taken.tail = None
        event.replace(reference, taken)
        yield Rewrite(
            RULE, event.get("id"), event.sourceline,
            f"引用的事件定义 {definition.get('id')} 写入本事件。",
            f"The event definition {definition.get('id')} that it refers to is put into it.",
        )  # fmt: skip
