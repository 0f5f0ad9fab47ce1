"""Compares the policy register with what is modelled: where each id is carried, and which stories exercise it."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.rehearsal.carriers import Carrier, carriers_of, mentions_of
from engine.rehearsal.register_items import RegisterItem, read_register_items


def trace(processes_folder: Path) -> dict[str, Any]:
    """`{"items": [{id, kind, class, title, covered, where, exercised, scenarios}], "totals": {…}}`.

    `where`: {"file", "element"} of diagrams, profiles, tables and forms, never of the register itself; files are
    relative to `processes_folder`. `scenarios`: the stories that name the id, in `source` or in a step. Nothing is
    played here: whether the stories hold is what `run_stories` says. Files that cannot be read carry nothing.
    """
    items = read_register_items(processes_folder / "register")
    ids = {item.id for item in items}
    where: dict[str, list[Carrier]] = {}
    for carrier in carriers_of(processes_folder, ids):
        where.setdefault(carrier.register_id, []).append(carrier)
    stories: dict[str, list[str]] = {}
    for file, mentioned in mentions_of(processes_folder, ids):
        for register_id in mentioned:
            stories.setdefault(register_id, []).append(file)
    shown = [_shown(item, where.get(item.id, ()), stories.get(item.id, ())) for item in items]
    return {"items": shown, "totals": _totals(shown)}


def _shown(item: RegisterItem, carriers: Iterable[Carrier], stories: Collection[str]) -> dict[str, Any]:
    places = list(dict.fromkeys((one.file, one.element) for one in carriers))
    return {
        "id": item.id,
        "kind": item.kind,
        "class": item.class_name,
        "title": item.title,
        "covered": bool(places),
        "where": [{"file": file, "element": element} for file, element in places],
        "exercised": bool(stories),
        "scenarios": sorted(stories),
    }


def _totals(items: Collection[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts over all, by class, and by kind (each with its classes)."""

    def counts(some: Collection[Mapping[str, Any]]) -> dict[str, int]:
        return {
            "ids": len(some),
            "covered": sum(one["covered"] for one in some),
            "exercised": sum(one["exercised"] for one in some),
        }

    def by_class(some: Collection[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
        classes = sorted({one["class"] for one in some})
        return {name: counts([one for one in some if one["class"] == name]) for name in classes}

    kinds = list(dict.fromkeys(one["kind"] for one in items))
    by_kind = {kind: [one for one in items if one["kind"] == kind] for kind in kinds}
    return {
        **counts(items),
        "by_class": by_class(items),
        "by_kind": {kind: {**counts(some), "by_class": by_class(some)} for kind, some in by_kind.items()},
    }
