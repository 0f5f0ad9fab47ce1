"""How two versions of a family differ, and which running cases stand where it matters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from engine.diagrams import ProcessModel
from engine.diagrams.diff import Change, compare_processes
from engine.people import Actor, require
from engine.queries.releases.content import VersionContent, load_content, read_content
from engine.queries.releases.limit_impacts import LimitImpact, find_impacts
from engine.queries.releases.other_changes import (
    compare_files,
    compare_forms,
    compare_profiles,
    compare_tables,
)
from engine.queries.releases.touched_cases import Touched, find_touched
from engine.queries.source import Source


@dataclass(frozen=True)
class Comparison:
    """`touched`: one for each place of the old version that changes and where a case stands now.

    `running`: cases of the old version; `touched_cases`: how many of them stand at such a place. `impacts`: one for each
    limit of another length. `new` is None for a working copy, which has no number yet.
    """

    family: str
    old: int
    new: int | None
    changes: tuple[Change, ...]
    touched: tuple[Touched, ...]
    running: int
    touched_cases: int
    impacts: tuple[LimitImpact, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return {
            "family": self.family,
            "old": self.old,
            "new": self.new,
            "changes": [one.to_data() for one in self.changes],
            "running": self.running,
            "touched_cases": self.touched_cases,
            "touched": [one.to_data() for one in self.touched],
            "impacts": [one.to_data() for one in self.impacts],
        }


def compare_versions(source: Source, actor: Actor, family: str, old: int, new: int) -> Comparison:
    """Of the cases, those that the person may see. Raises NotFound, Forbidden."""
    require(actor, "release.read")
    with source.store.reading() as session:
        after = load_content(session, family, new)
        return _compared(source, session, actor, family, (old, new), after)


def compare_copy(
    source: Source, actor: Actor, family: str, old: int, files: Mapping[str, tuple[str, bytes]]
) -> Comparison:
    """The same for files that have no number yet: path → (kind, content). Raises NotFound, Forbidden."""
    require(actor, "release.read")
    with source.store.reading() as session:
        return _compared(source, session, actor, family, (old, None), read_content("", files))


def _compared(
    source: Source,
    session: Session,
    actor: Actor,
    family: str,
    numbers: tuple[int, int | None],
    after: VersionContent,
) -> Comparison:
    before = load_content(session, family, numbers[0])
    changes = tuple(_changes(before, after))
    places = {place for one in changes for place in one.touches}
    running, touched = find_touched(session, actor, before.release_key, places)
    impacts = find_impacts(source, session, actor, before.release_key, before.profiles, after.profiles)
    cases = {number for one in touched for number in one.cases}
    return Comparison(family, *numbers, changes, tuple(touched), running, len(cases), tuple(impacts))


def _changes(before: VersionContent, after: VersionContent) -> list[Change]:
    beside = [
        *compare_profiles(before.profiles, after.profiles),
        *compare_tables(before.decisions, after.decisions),
        *compare_forms(before.forms, after.forms),
    ]
    return [
        *compare_processes(before.processes, after.processes),
        *(replace(one, touches=_users(before.processes, one)) for one in beside),
        *compare_files(before.files, after.files),
    ]


def _users(processes: dict[str, ProcessModel], change: Change) -> tuple[tuple[str, str], ...]:
    """The elements that use a form, a table or a limit."""
    name = change.id if change.thing == "limit" else change.place
    attribute = {
        "limit": "sla", "form": "form_ref", "field": "form_ref", "table": "decision_ref", "rule": "decision_ref",
    }.get(change.thing)  # fmt: skip
    if attribute is None:
        return ()
    return tuple(
        (process.id, element.id)
        for process in processes.values()
        for element in process.elements.values()
        if name in [part.strip() for part in (getattr(element, attribute) or "").split(",")]
    )
