"""Rewrites what is drawn into what the engine carries out rightly, before anybody else looks at it.

Each rule is one small file with a `RULE` name and a `rewrite(root)` that changes the copy and says what it changed.
Ids of drawn elements are kept; what is added has an id that `is_made` tells. Read `made.py`, then the rules in the
order of `_RULES`: later ones rely on earlier ones.
"""

import copy

from lxml import etree

from engine.diagrams.finding import DiagramError, Finding
from engine.diagrams.normalise import (
    data,
    definitions,
    ends,
    event_subprocesses,
    expressions,
    extension_ids,
    flow_ids,
    global_tasks,
    homes,
    links,
    receives,
    splits,
    starts,
    texts,
)
from engine.diagrams.normalise.made import drawn_of, is_made
from engine.diagrams.normalise.rewrite import Normalised, Rewrite
from engine.diagrams.unread import BPMN

_RULES = (
    texts,
    extension_ids,
    flow_ids,
    homes,
    global_tasks,
    definitions,
    expressions,
    data,
    receives,
    links,
    starts,
    ends,
    splits,
    event_subprocesses,
)


def normalise(root: etree._Element, file_name: str) -> Normalised:
    """Works on a copy of `root`. Raises DiagramError for an id that only rewrites may give."""
    for node in root.iter(f"{BPMN}*"):
        if is_made(node.get("id")):
            raise DiagramError(_kept(file_name, node))
    rewritten = copy.deepcopy(root)
    notes = tuple(note for rule in _RULES for note in rule.rewrite(rewritten))
    return Normalised(rewritten, notes)


def _kept(file_name: str, node: etree._Element) -> Finding:
    return Finding(
        "error", "reserved-id", file_name, node.get("id"), node.get("name"), node.sourceline,
        {"zh": "编号为系统保留。", "en": "The id is kept for the engine."},
        {"zh": "换一个不以 .made 结尾的编号。", "en": "Give it an id that does not end in .made."},
    )  # fmt: skip


__all__ = ["Normalised", "Rewrite", "drawn_of", "is_made", "normalise"]
