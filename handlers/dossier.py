"""Dossier numbers: one series a year, in the transaction that closes the case, so without gaps or doubles (CMP-07)."""

import re

from engine.commands.handler import HandlerContext
from engine.model import HandlerFailed
from handlers.inputs import text_of

SERIES = "dossier"
_PLACES = re.compile(r"\{(?:year|number(?::0\d{1,2}d)?)\}")


def assign_dossier_number(context: HandlerContext) -> dict[str, object]:
    """Inputs: `pattern` such as `{year}-{number:03d}`; `today`, a date or moment in the zone of the organisation.

    Output: `dossier_number`. A case that has one already keeps it: a reopened case stays in its dossier.
    Raises HandlerFailed (permanent) for a pattern that would not give each case its own number.
    """
    held = context.variables.get("dossier_number")
    if isinstance(held, str) and held:
        return {"dossier_number": held}
    pattern = text_of(context.inputs, "pattern")
    if "{number" not in pattern or re.search(r"[{}]", _PLACES.sub("", pattern)):
        raise HandlerFailed(
            f"Expected a pattern with {{year}} and {{number}} or {{number:03d}}, but it is {pattern!r}.",
            f"编号格式应含 {{year}} 和 {{number}}（或 {{number:03d}}），但写的是“{pattern}”。",
            permanent=True,
        )
    year = text_of(context.inputs, "today")[:4]
    number = context.next_number(SERIES, year if "{year}" in pattern else "")
    return {"dossier_number": pattern.format(year=year, number=number)}
