"""What differs in one process, as marks on its two drawings."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.diagrams.diff import Change
from engine.queries.releases.touched_cases import Touched

DRAWN = ("process", "element", "flow", "lane")
USES = "uses"  # the element itself stays, but a limit, a table or a form of it changes


@dataclass
class Marked:
    """Element id → what. `has_old`, `has_new`: whether the version has the process. `cases`: running ones by element."""

    process_key: str
    name: str
    has_old: bool
    has_new: bool
    old: dict[str, str] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def marks_of(
    changes: Iterable[Change], touched: Iterable[Touched], names: Mapping[str, str | None]
) -> list[Marked]:
    """Of each process with a mark, in the order of the changes. `names`: process key → its name."""
    found: dict[str, Marked] = {}

    def of(process_key: str) -> Marked:
        name = names.get(process_key) or process_key
        return found.setdefault(process_key, Marked(process_key, name, has_old=True, has_new=True))

    known = list(changes)
    for change in known:
        if change.thing in DRAWN:
            marked = of(change.place)
            if change.thing == "process":
                marked.has_old = marked.has_old and change.what != "added"
                marked.has_new = marked.has_new and change.what != "removed"
                continue
            if change.what != "added":
                marked.old[change.id] = change.what
            if change.what != "removed":
                marked.new[change.new_id or change.id] = change.what
    for change in known:
        if change.thing not in DRAWN:
            for process_key, element_id in change.touches:
                marked = of(process_key)
                marked.old.setdefault(element_id, USES)
                marked.new.setdefault(element_id, USES)
    for one in touched:
        of(one.process_key).cases[one.element_id] = len(one.cases)
    return list(found.values())
