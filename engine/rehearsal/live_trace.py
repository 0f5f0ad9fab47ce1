"""From rule to diagram and back, over the releases that are live: what the process owner's page shows."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.releases.installed import InstalledRelease
from engine.model import ReleaseFile
from engine.rehearsal.trace import Traced, trace_families


@dataclass(frozen=True)
class RuledProcess:
    """A process that carries rules. `rules`: element id → ids of the register; the process's own id for all of it."""

    process_key: str
    release: InstalledRelease
    rules: Mapping[str, Sequence[str]]

    @property
    def file(self) -> str:
        return f"{self.release.family}/{self.release.models[self.process_key].file}"

    def carrying(self, register_id: str) -> list[str]:
        return [element for element, ids in self.rules.items() if register_id in ids]


@dataclass(frozen=True)
class LiveRules:
    """`words`: register id of a limit → what the profiles call it, by language; the register itself is English."""

    items: Mapping[str, Traced]
    processes: Mapping[str, RuledProcess]
    words: Mapping[str, Mapping[str, str]]

    def drawn(self, register_id: str) -> list[RuledProcess]:
        """The processes with elements that carry the id."""
        return [one for one in self.processes.values() if one.carrying(register_id)]


class LiveTrace:
    """Reads anew only when another release is live: all families' files are read for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[tuple[str, ...], LiveRules] | None = None

    def get(self, engine: Engine) -> LiveRules:
        with engine.store.reading() as session:
            releases = engine.releases.newest_of_families(session)
            keys = tuple(one.release_key for one in releases)
            with self._lock:
                if self._kept is None or self._kept[0] != keys:
                    self._kept = keys, _rules(engine, session, releases)
                return self._kept[1]


def _rules(engine: Engine, session: Session, releases: Sequence[InstalledRelease]) -> LiveRules:
    families = [FamilyFiles(one.family, _files(session, one.release_key)) for one in releases]
    traced = trace_families(families, engine.settings.processes_folder)
    return LiveRules(
        {one.item.id: one for one in traced},
        {one.process_key: one for release in releases for one in _processes(release, traced)},
        {
            limit.id: limit.text
            for release in releases
            for profile in release.profiles.values()
            for limit in profile.limits.values()
            if limit.id and limit.text
        },
    )


def _files(session: Session, release_key: str) -> dict[str, bytes]:
    rows = session.execute(
        select(ReleaseFile.path, ReleaseFile.content).where(ReleaseFile.release_key == release_key)
    )
    return {row.path: row.content for row in rows}


def _processes(release: InstalledRelease, traced: Sequence[Traced]) -> Iterator[RuledProcess]:
    by_file: dict[str, dict[str, list[str]]] = {}
    for one in traced:
        for carrier in one.carriers:
            by_file.setdefault(carrier.file, {}).setdefault(carrier.element, []).append(one.item.id)
    for key, model in sorted(release.models.items()):
        carried = by_file.get(f"{release.family}/{model.file}", {})
        rules = {
            element: tuple(dict.fromkeys(carried[element]))
            for element in (key, *model.elements)
            if element in carried
        }
        yield RuledProcess(key, release, rules)
