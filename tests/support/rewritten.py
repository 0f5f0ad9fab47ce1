"""Rewrites seen from both ends: what became of a drawing, and how a case runs through it."""

from typing import Any

from bpmn_stories import HEAD, Story
from lxml import etree

from engine.diagrams import Rewrite, normalise
from engine.diagrams.normalise.rewrite import Normalised
from engine.spiff import Guards, compile_process, restore_process

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def drawing(*processes: str, extra: str = "") -> etree._Element:
    return etree.fromstring(f"{HEAD}\n{extra}\n{''.join(processes)}</definitions>".encode())


def rewritten(*processes: str, extra: str = "") -> Normalised:
    return normalise(drawing(*processes, extra=extra))


def notes(*processes: str, extra: str = "") -> list[tuple[str, str | None]]:
    return [(one.rule, one.element_id) for one in rewritten(*processes, extra=extra).rewrites]


def note(*processes: str, extra: str = "") -> Rewrite:
    (only,) = rewritten(*processes, extra=extra).rewrites
    return only


def found(root: etree._Element, element_id: str) -> etree._Element:
    return next(one for one in root.iter(f"{BPMN}*") if one.get("id") == element_id)


def shape(root: etree._Element) -> list[str]:
    """Every flow as `source>target`, in the order of the file."""
    return [f"{one.get('sourceRef')}>{one.get('targetRef')}" for one in root.iter(f"{BPMN}sequenceFlow")]


def told(
    *processes: str,
    extra: str = "",
    key: str = "p",
    restarting: bool = True,
    guards: Guards = Guards(),  # noqa: B008
    **variables: Any,
) -> Story:
    """A case of the rewritten drawing; stored and restored between all steps."""
    root = rewritten(*processes, extra=extra).root
    compiled = restore_process(key, compile_process(key, {"drawn.bpmn": root}))
    return Story(compiled, variables, restarting, guards)
