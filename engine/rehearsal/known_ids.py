"""What the ids of a story mean in its family: elements, clocks, messages, topics; and which are known at all."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.commands.releases.installed import InstalledRelease
from engine.diagrams import Element, ProcessModel
from engine.profiles import Profile

Place = tuple[str, str]  # (process key, element id); the process itself is (key, key)
END = "end"


@dataclass(frozen=True)
class Target:
    """What one id stands for. `limit_id` is set for a register id, whose clock is meant before its elements."""

    name: str
    places: frozenset[Place]
    limit_id: str | None = None

    def is_clock(self, limit_id: str, place: Place) -> bool:
        return limit_id == self.limit_id if self.limit_id else place in self.places


class KnownIds:
    def __init__(
        self,
        release: InstalledRelease,
        process_key: str,
        profile: Profile | None,
        register_ids: Collection[str],
    ) -> None:
        self.release, self.process_key, self.profile = release, process_key, profile
        self.register_ids = register_ids

    @cached_property
    def models(self) -> tuple[ProcessModel, ...]:
        return tuple(self.release.models.values())

    @cached_property
    def places(self) -> Mapping[str, frozenset[Place]]:
        """Element id → where it is drawn; a process key stands for the process."""
        found: dict[str, set[Place]] = {}
        for model in self.models:
            found.setdefault(model.id, set()).add((model.id, model.id))
            for element_id in model.elements:
                found.setdefault(element_id, set()).add((model.id, element_id))
        return {key: frozenset(places) for key, places in found.items()}

    @cached_property
    def order(self) -> Mapping[Place, int]:
        """Where an element stands in its diagram's file: the order in which equally old tasks are walked."""
        places = [(model.id, element_id) for model in self.models for element_id in model.elements]
        return {place: number for number, place in enumerate(places)}

    @cached_property
    def end_events(self) -> frozenset[str]:
        model = self.release.models[self.process_key]
        return frozenset(
            one.id for one in model.elements.values() if one.kind == "endEvent" and one.parent_id is None
        )

    @cached_property
    def carried(self) -> Mapping[str, frozenset[Place]]:
        """Register id → the elements that carry it, in `source` or through a limit of the profile in `sla`."""
        names = {name: limit.id for name, limit in self.profile.limits.items()} if self.profile else {}
        found: dict[str, set[Place]] = {register_id: set() for register_id in names.values() if register_id}
        for model in self.models:
            for one in (model.process, *model.elements.values()):
                for register_id in (*one.source, *_limit_ids(one, names)):
                    found.setdefault(register_id, set()).add((model.id, one.id))
        return {register_id: frozenset(places) for register_id, places in found.items()}

    @cached_property
    def limit_ids(self) -> frozenset[str]:
        return frozenset(self.profile.limit_ids()) if self.profile else frozenset()

    @cached_property
    def messages(self) -> frozenset[str]:
        return frozenset(
            one.message_name for model in self.models for one in model.elements.values() if one.message_name
        )

    @cached_property
    def topics(self) -> frozenset[str]:
        return frozenset(one.topic for model in self.models for one in model.elements.values() if one.topic)

    @cached_property
    def fields(self) -> frozenset[str]:
        return frozenset(name for form in self.release.forms.values() for name in form.field_names)

    def all_ids(self) -> frozenset[str]:
        return frozenset((*self.places, *(key for key in self.carried if "/" in key)))

    def target(self, named: str) -> Target | None:
        """None: nothing in this family carries the id."""
        if "/" in named:
            places = self.carried.get(named)
            return None if places is None else Target(named, places, named)
        places = self.places.get(named)
        return None if places is None else Target(named, places)

    def timer_limits(self, text: str) -> Iterator[str]:
        """Register ids of the limits that a timer's text names."""
        for name in re.findall(r"limit\(\s*[\"']([^\"']+)[\"']\s*\)", text):
            limit = self.profile.limits.get(name) if self.profile else None
            if limit is not None and limit.id:
                yield limit.id

    def around(self, process_key: str, element_id: str) -> frozenset[str]:
        """Ids of the sub-processes, call activities and processes that an element lies in."""
        found: set[Place] = set()
        waiting = [(process_key, element_id)]
        while waiting:
            process, element = waiting.pop()
            model = self.release.models.get(process)
            if model is None:
                continue
            outer = {(process, key) for key in model.enclosing(element)} | {(process, process)}
            for caller in self.models:
                outer |= {
                    (caller.id, one.id) for one in caller.elements.values() if one.called_element == process
                }
            waiting += [place for place in outer - found if place[0] != process]
            found |= outer
        return frozenset(key for _, key in found)


def _limit_ids(element: Element, names: Mapping[str, str]) -> Iterator[str]:
    """`sla` is a list of names or an expression that chooses among names."""
    text = element.sla or ""
    words = (
        set(re.findall(r"[\"']([^\"']+)[\"']", text))
        if "${" in text
        else {part.strip() for part in text.split(",")}
    )
    for name, register_id in names.items():
        if register_id and name in words:
            yield register_id
