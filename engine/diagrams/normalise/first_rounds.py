"""A repeating timer on the way: a token waits for its first round and is gone by the second, so it is a duration."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN

RULE = "first-round"
_CYCLE = re.compile(r"R(?!0+/)\d*/(P[^/\s]+)")


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for event in root.iter(f"{BPMN}intermediateCatchEvent"):
        for cycle in list(event.iterfind(f"{BPMN}timerEventDefinition/{BPMN}timeCycle")):
            written = _CYCLE.fullmatch((cycle.text or "").strip())
            if written is None:
                continue  # Without an end known from the text, lint refuses it.
            cycle.tag, cycle.text = f"{BPMN}timeDuration", written[1]
            yield Rewrite(
                RULE, event.get("id"), cycle.sourceline,
                f"流程中途的循环定时只等第一次：{written[1]}。",
                f"A token on its way waits for the first round of a repeating timer only: {written[1]}.",
            )  # fmt: skip
