"""A replay as its page shows it: figures, what is marked on the diagrams, and the cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.rehearsal.replay import KINDS, Counted, ReplayedCase, ReplayReport

# Kinds that an owner must look at before the change goes live; the others are what a change is made for.
GRAVE = frozenset({"stuck", "stopped", "refused", "barred", "broken"})
PAGE = 20
SIGNS = {
    "stuck": "incident", "stopped": "incident", "refused": "breached", "barred": "breached", "broken": "breached",
    "kept": "met", "told": "at_risk", "not_told": "met",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """What of a report is listed: cases with this kind of difference at this element; empty for all."""

    kind: str = ""
    element: str = ""

    def fits(self, case: ReplayedCase) -> bool:
        return any(
            self.kind in ("", one.kind) and self.element in ("", one.element_id) for one in case.differences
        )


def kind_word(kind: str, locale: str) -> str:
    en, zh = KINDS[kind]
    return zh if locale == "zh" else en


def sign_of(kind: str) -> tuple[str, str]:
    """(icon, state of the colour) of a kind."""
    icon = SIGNS.get(kind, "")
    return icon, {"incident": "breached"}.get(icon, icon)


def marks(report: ReplayReport, names: Mapping[str, str | None], locale: str) -> list[dict[str, Any]]:
    """For the viewer: one entry a process, with the number of cases at each element and the words behind it."""
    found: dict[str, dict[str, list[Counted]]] = {}
    for one in report.by_element():
        if one.process_key:
            found.setdefault(one.process_key, {}).setdefault(one.element_id, []).append(one)
    return [
        {
            "process_key": process_key,
            "name": names.get(process_key) or process_key,
            "finished": [],
            "flows": [],
            "active": [],
            "overdue": [],
            "incidents": [],
            "counts": {},
            # A list, for the first of them is what a large diagram shows first.
            "badges": [
                {
                    "id": element_id,
                    "text": str(max(one.cases for one in ones)),
                    "title": "; ".join(f"{kind_word(one.kind, locale)}: {one.cases}" for one in ones),
                    "is_grave": any(one.kind in GRAVE for one in ones),
                }
                for element_id, ones in elements.items()
            ],
        }
        for process_key, elements in found.items()
    ]
