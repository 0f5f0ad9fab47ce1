"""Compares the policy register with what is modelled: where each id is carried, and which stories exercise it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands.releases.family_files import FamilyFiles, read_families
from engine.model import InvalidInput
from engine.queries.kpis import FILE as KPI_FILE
from engine.queries.kpis import KpiFileError, load_kpis
from engine.rehearsal.carriers import Carrier, carriers_of, mentioned_ids, stories_of
from engine.rehearsal.register_items import RegisterItem, read_reasons, read_register_items


@dataclass(frozen=True)
class Traced:
    """One id of the register: where it is carried, which stories name it, or why it is not modelled."""

    item: RegisterItem
    carriers: tuple[Carrier, ...]
    stories: tuple[tuple[str, str], ...]  # (file, title)
    reason: Mapping[str, str] | None  # zh and en; only where the source itself gives nothing to model

    @property
    def is_covered(self) -> bool:
        return bool(self.carriers)


def trace_families(families: Sequence[FamilyFiles], processes_folder: Path) -> list[Traced]:
    """Every id of the register in `processes_folder`, in its order; indicators stand there too (kpis.toml).

    Nothing is played here: whether the stories hold is what `run_stories` says, and that each of them passes what it
    names, a test. Files that cannot be read carry nothing.
    """
    register_folder = processes_folder / "register"
    items = read_register_items(register_folder)
    ids = {item.id for item in items}
    carriers: dict[str, list[Carrier]] = {}
    for carrier in (*carriers_of(families, ids), *kpi_carriers(processes_folder)):
        carriers.setdefault(carrier.register_id, []).append(carrier)
    stories: dict[str, list[tuple[str, str]]] = {}
    for file, story in stories_of(families):
        for register_id in mentioned_ids(story) & ids:
            stories.setdefault(register_id, []).append((file, story.title))
    reasons = read_reasons(register_folder)
    return [
        Traced(
            item,
            tuple(dict.fromkeys(carriers.get(item.id, ()))),
            tuple(sorted(stories.get(item.id, ()))),
            reasons.get(item.id),
        )
        for item in items
    ]


def kpi_carriers(processes_folder: Path) -> list[Carrier]:
    """An indicator is carried by its definition, when that gives a figure."""
    try:
        book = load_kpis(processes_folder)
    except KpiFileError:
        return []
    return [Carrier(one.id, KPI_FILE, one.id) for one in book.kpis if one.figure is not None]


def trace(processes_folder: Path) -> dict[str, Any]:
    """`{"items": [{id, kind, class, title, covered, where, exercised, scenarios, reason}], "totals": {…}}`.

    `where`: {"file", "element"} of diagrams, profiles, tables and forms, never of the register itself; files are
    relative to `processes_folder`. `scenarios`: the stories that name the id, in `source` or in a step.
    """
    try:
        families = read_families([processes_folder])
    except InvalidInput:
        families = []  # no family yet
    shown = [_shown(one) for one in trace_families(families, processes_folder)]
    return {"items": shown, "totals": _totals(shown)}


def _shown(one: Traced) -> dict[str, Any]:
    return {
        "id": one.item.id,
        "kind": one.item.kind,
        "class": one.item.class_name,
        "title": one.item.title,
        "covered": one.is_covered,
        "where": [{"file": place.file, "element": place.element} for place in one.carriers],
        "exercised": bool(one.stories),
        "scenarios": [file for file, _ in one.stories],
        "reason": one.reason,
    }


def _totals(items: Collection[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts over all, by class, and by kind (each with its classes)."""

    def counts(some: Collection[Mapping[str, Any]]) -> dict[str, int]:
        return {
            "ids": len(some),
            "covered": sum(one["covered"] for one in some),
            "exercised": sum(one["exercised"] for one in some),
            "reasoned": sum(not one["covered"] and one["reason"] is not None for one in some),
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
