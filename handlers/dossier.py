"""Dossier and case numbers: one series a year (CMP-07) or a month (CMP-05), in the transaction of the step that gives
them, so without gaps or doubles.
"""

import re

from engine.commands.handler import HandlerContext
from engine.model import HandlerFailed
from handlers.inputs import text_of

SERIES = "dossier"
_PLACES = re.compile(r"\{(?:year|yy|month|number(?::0\d{1,2}d)?)\}")


def assign_dossier_number(context: HandlerContext) -> dict[str, object]:
    """Inputs: `pattern` such as `{year}-{number:03d}` or `{yy}{month}{number:02d}`, which begins again each month;
    `today`, a date or moment in the zone of the organisation.

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
    today = text_of(context.inputs, "today")
    year, month = today[:4], today[5:7]
    period = today[:7] if "{month}" in pattern else year if "{year}" in pattern or "{yy}" in pattern else ""
    number = context.next_number(SERIES, period)
    return {"dossier_number": pattern.format(year=year, yy=year[2:], month=month, number=number)}
