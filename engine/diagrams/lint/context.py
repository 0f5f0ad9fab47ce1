"""What a linter knows of the surroundings of a diagram. What it does not know (None) it does not judge."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.diagrams.model import Diagram


@dataclass(frozen=True)
class ProfileNames:
    limits: Collection[str]
    once: Collection[str] = ()  # those of the limits that are no recurring rule: they begin no process
    options: Collection[str] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    ladders: Collection[str] = ()
    processes: Collection[str] = ()  # those that run under the profile; what they call, runs under it too


@dataclass(frozen=True)
class LintContext:
    forms: Collection[str] | None = None
    decisions: Collection[str] | None = None
    roles: Collection[str] | None = None
    topics: Collection[str] | None = None
    profiles: Mapping[str, ProfileNames] | None = None
    register_ids: Collection[str] | None = None
    # Variables that exist at the start: fields of forms. None: variables are not judged.
    variables: Collection[str] | None = None
    # Process key → the profiles that it can run under. A process that none of them reaches must fit all.
    under: Mapping[str, Collection[str]] = field(default_factory=dict)

    def profiles_of(self, process_key: str) -> Iterator[tuple[str, ProfileNames]]:
        """(id, names) of the profiles that the process can run under, called by what they name or directly."""
        known = self.profiles or {}
        for profile_id in self.under.get(process_key, known):
            yield profile_id, known[profile_id]


def runs_under(diagrams: Sequence[Diagram], profiles: Mapping[str, ProfileNames]) -> dict[str, list[str]]:
    """Process key → ids of the profiles whose processes are it or call it, at whatever depth."""
    processes = {process.id: process for diagram in diagrams for process in diagram.processes}
    found: dict[str, list[str]] = {}
    for profile_id, profile in profiles.items():
        waiting, seen = list(profile.processes), set[str]()
        while waiting:
            key = waiting.pop()
            if key in seen or key not in processes:
                continue
            seen.add(key)
            found.setdefault(key, []).append(profile_id)
            waiting += [one.called_element for one in processes[key].elements.values() if one.called_element]
    return found
