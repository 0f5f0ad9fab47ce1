"""Rewrites what is drawn into what the engine carries out rightly, before anybody else looks at it.

Each rule is one small file with a `RULE` name and a `rewrite(root)` that changes the copy and says what it changed.
Ids of drawn elements are kept; what is added has an id that `is_made` tells. Read `made.py`, then the rules in the
order of `_RULES`: later ones rely on earlier ones.
"""

import copy

from lxml import etree

from engine.diagrams.normalise import (
    data,
    definitions,
    ends,
    event_subprocesses,
    expressions,
    extension_ids,
    first_rounds,
    flow_ids,
    global_tasks,
    homes,
    iterations,
    links,
    receives,
    splits,
    starts,
    stretches,
    texts,
)
from engine.diagrams.normalise.made import drawn_of, is_made
from engine.diagrams.normalise.rewrite import Normalised, Rewrite

_RULES = (
    texts,
    extension_ids,
    flow_ids,
    homes,
    global_tasks,
    definitions,
    expressions,
    first_rounds,
    iterations,
    data,
    receives,
    links,
    starts,
    ends,
    splits,
    event_subprocesses,
    stretches,
)
REWRITES = tuple(rule.RULE for rule in _RULES)


def normalise(root: etree._Element) -> Normalised:
    """Works on a copy of `root`."""
    rewritten = copy.deepcopy(root)
    notes = tuple(note for rule in _RULES for note in rule.rewrite(rewritten))
    return Normalised(rewritten, notes)


__all__ = ["REWRITES", "Normalised", "Rewrite", "drawn_of", "is_made", "normalise"]
