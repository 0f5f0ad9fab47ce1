"""Who acts in a recorded case: other names, the roles they hold, and the units they work in, under other names too."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from engine.people import SYSTEM_ROLES, Directory
from engine.rehearsal.pseudonyms import Pseudonyms
from engine.rehearsal.story_text import DraftUnit


@dataclass
class RecordedPeople:
    """`starter` works in the unit of the case and nowhere else, for a case begins in the first unit of who starts it."""

    directory: Directory
    case_unit: str
    starter: str
    roles: Collection[str]  # that a story may name
    names: Pseudonyms = field(default_factory=Pseudonyms)
    missing: list[str] = field(
        default_factory=list
    )  # pseudonyms of those who are not in the organisation any more
    _extra: dict[str, list[str]] = field(default_factory=dict)
    _seen: dict[str, None] = field(default_factory=dict)
    _unit_names: dict[str, str] = field(default_factory=dict)

    def of(self, username: str) -> str:
        """The other name of a person, who is from here on one of the story's."""
        name = self.names.of(username)
        if username not in self._seen:
            self._seen[username] = None
            if username not in self.directory.people:
                self.missing.append(name)
        return name

    def may_be(self, value: str) -> bool:
        return value in self.directory.people

    def unit(self, unit_key: str) -> str:
        found = self._unit_names.get(unit_key)
        if found is None:
            found = self._unit_names[unit_key] = f"unit_{len(self._unit_names) + 1}"
        return found

    def lend(self, username: str, roles: Iterable[str]) -> bool:
        """Gives somebody one of the roles that a task asks for, if none is held now. Whether that was needed."""
        wanted = [role for role in roles if role in self.roles]
        if not wanted or set(wanted) & set(self._roles(username)):
            return False
        self._extra.setdefault(username, []).append(wanted[0])
        return True

    def people(self) -> dict[str, list[str]]:
        return {self.names.of(one): self._roles(one) for one in self._seen}

    def units(self) -> dict[str, DraftUnit]:
        """Those that the people of the story work in, with all above them; none when everybody works in one."""
        places = {one: self._places(one) for one in self._seen}
        if len({unit for units in places.values() for unit in units}) < 2:
            return {}
        keys: dict[str, None] = {}
        for units in places.values():
            for key in units:
                for unit in self.directory.upwards(key):
                    keys[unit.unit_key] = None
        found: dict[str, DraftUnit] = {}
        for key in sorted(keys, key=lambda one: self.directory.units[one].path):
            unit = self.directory.units[key]
            head = unit.head if unit.head in self._seen else None
            found[self.unit(key)] = DraftUnit(
                under=self.unit(unit.parent_key) if unit.parent_key in keys else None,
                people=[self.names.of(one) for one, units in places.items() if key in units],
                head=self.names.of(head) if head else None,
            )
        return found

    def _places(self, username: str) -> list[str]:
        if username == self.starter:
            return [self.case_unit] if self.case_unit in self.directory.units else [self.directory.root_key]
        held = list(dict.fromkeys(one.unit_key for one in self.directory.held_by(username)))
        return held or [self.case_unit if self.case_unit in self.directory.units else self.directory.root_key]

    def _roles(self, username: str) -> list[str]:
        held = [one.role_key for one in self.directory.held_by(username)]
        wanted = [one for one in held if one in self.roles or one in SYSTEM_ROLES]
        return list(dict.fromkeys((*wanted, *self._extra.get(username, ())))) or ["staff"]
