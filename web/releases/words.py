"""What acts, kinds of changes and verdicts are called on these pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.diagrams.diff import Change
from web.languages import gettext as _

# kind → things of a Change, in the order in which an owner reads them: promises first.
_GROUPS = {
    "limits": ("profile", "limit", "option", "role", "ladder", "setting"),
    "tables": ("table", "rule"),
    "steps": ("process", "element", "flow", "lane"),
    "forms": ("form", "field"),
    "files": ("file",),
}


@dataclass(frozen=True)
class Group:
    kind: str
    title: str
    changes: Sequence[Change]


def grouped(changes: Iterable[Change]) -> list[Group]:
    """Only kinds of which there is a change."""
    known = list(changes)
    titles = {
        "limits": _("Limits and options"),
        "tables": _("Decision tables"),
        "steps": _("Steps and ways"),
        "forms": _("Forms"),
        "files": _("Texts and other files"),
    }
    found = [
        Group(kind, titles[kind], [one for one in known if one.thing in things])
        for kind, things in _GROUPS.items()
    ]
    return [one for one in found if one.changes]


def what_word(what: str) -> str:
    return {
        "added": _("added"),
        "removed": _("removed"),
        "changed": _("changed"),
        "moved": _("moved"),
        "renumbered": _("another id"),
        "uses": _("uses what changed"),
    }[what]


def act_word(act: str) -> str:
    return {
        "drafted": _("handed in"),
        "checked": _("checked"),
        "reviewed": _("reviewed"),
        "withdrawn": _("withdrawn"),
        "deployed": _("put live at once"),
        "released": _("released"),
        "rolled_back": _("rolled back to"),
        "taken_off": _("taken off"),
    }[act]


def verdict_word(kind: str) -> str:
    return {
        "fits": _("can move"),
        "fits_with_remarks": _("can move; something will differ"),
        "needs_mapping": _("needs to be told where to go on"),
        "cannot": _("cannot move"),
    }[kind]
