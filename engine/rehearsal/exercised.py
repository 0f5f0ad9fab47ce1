"""Which ids of the register a played story really passes: what it claims in `source` can be held against this."""

from collections.abc import Collection
from pathlib import PurePosixPath

from engine.commands.releases.family_files import kind_of_file
from engine.commands.releases.installed import InstalledRelease
from engine.rehearsal.carriers import Carrier
from engine.rehearsal.outcome import Outcome


def ids_passed(
    carriers: Collection[Carrier], release: InstalledRelease, profile_id: str | None, outcome: Outcome
) -> frozenset[str]:
    """Ids of what the story came to: elements, their forms and decision tables, and the profile that it ran under.

    A limit counts when a clock measured it, or an element that names it was come to. `carriers`: those of the release's family.
    """
    visited = _come_to(release, outcome)
    elements = {
        (release.models[process].file, element) for process, element in visited if process in release.models
    }
    forms, tables = _used(release, visited)
    measured = {limit for limit, _ in outcome.limits} | {limit for limit, *_ in outcome.clocks}
    found = set(measured)
    for one in carriers:
        path = one.file.split("/", 1)[1]
        name = PurePosixPath(path).stem
        match kind_of_file(path):
            case "bpmn":
                is_passed = (path, one.element) in elements
            case "form":
                is_passed = name in forms
            case "dmn":
                is_passed = one.element in tables
            case _:
                is_limit = one.element.startswith("limits.")
                is_passed = name == profile_id and (not is_limit or one.register_id in measured)
        if is_passed:
            found.add(one.register_id)
    return frozenset(found)


def _come_to(release: InstalledRelease, outcome: Outcome) -> frozenset[tuple[str, str]]:
    """(process, element): visited, left undone, or still open at the end; a process when it was entered."""
    found = {(process, element) for process, element, _ in outcome.history}
    open_tasks = {element for element, *_ in outcome.tasks}
    found |= {
        (model.id, element)
        for model in release.models.values()
        for element in open_tasks & set(model.elements)
    }
    return frozenset(found | {(process, process) for process, _ in found})


def _used(
    release: InstalledRelease, visited: Collection[tuple[str, str]]
) -> tuple[frozenset[str], frozenset[str]]:
    """Keys of the forms and of the decision tables that stand behind the visited elements."""
    forms, tables = set[str](), set[str]()
    for process, element_id in visited:
        element = release.element(process, element_id)
        if element is not None:
            forms |= {element.form_ref} if element.form_ref else set()
            tables |= {element.decision_ref} if element.decision_ref else set()
    return frozenset(forms), _with_required(release, tables)


def _with_required(release: InstalledRelease, tables: Collection[str]) -> frozenset[str]:
    """A decision asks others first; they are used too."""
    found, waiting = set[str](), list(tables)
    while waiting:
        key = waiting.pop()
        table = release.decisions.get(key)
        if key not in found and table is not None:
            found.add(key)
            waiting += [one.id for one in table.required]
    return frozenset(found)
