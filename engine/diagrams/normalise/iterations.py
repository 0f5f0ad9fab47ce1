"""A multi-instance that names its list by `loopDataInputRef`: the same as `camunda:collection` where it names a variable."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, CAMUNDA

RULE = "collection"
_VARIABLE = re.compile(r"[^\W\d]\w*")


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    ids = {node.get("id") for node in root.iter(f"{BPMN}*")}
    for loop in root.iter(f"{BPMN}multiInstanceLoopCharacteristics"):
        reference, item = loop.find(f"{BPMN}loopDataInputRef"), loop.find(f"{BPMN}inputDataItem")
        name = "" if reference is None else (reference.text or "").strip()
        # What names a data object or gives something back is more than a list to go through: lint refuses it.
        gives = any(loop.find(f"{BPMN}{tag}") is not None for tag in ("loopDataOutputRef", "outputDataItem"))
        if not _VARIABLE.fullmatch(name) or name in ids or gives or loop.get(f"{CAMUNDA}collection"):
            continue
        loop.set(f"{CAMUNDA}collection", name)
        loop.remove(reference)
        if item is not None:
            variable = item.get("name") or item.get("id")
            if variable and not loop.get(f"{CAMUNDA}elementVariable"):
                loop.set(f"{CAMUNDA}elementVariable", variable)
            loop.remove(item)
        holder = loop.getparent()
        yield Rewrite(
            RULE, None if holder is None else holder.get("id"), loop.sourceline,
            f"对变量 {name} 中的每一项执行。", f"It is carried out for each entry of the variable {name}.",
        )  # fmt: skip
